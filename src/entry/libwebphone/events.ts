import { utils } from './utils.ts';
import type { Plain } from './values.ts';

/** What a native event of a plugin is told as: names, and additional parameters. */
export interface Told {
  readonly names: readonly string[];
  readonly more: readonly unknown[];
}

const event = ['event'];

/** The fields of the payloads that libwebphone tells one after the other; a name not listed has none. */
const fields: Readonly<Record<string, readonly string[]>> = {
  'userAgent.connecting': event,
  'userAgent.connected': event,
  'userAgent.disconnected': event,
  'userAgent.registration.registered': event,
  'userAgent.registration.unregistered': event,
  'userAgent.registration.failed': event,
  'userAgent.received.message': event,
  'userAgent.received.notify': event,
  'userAgent.configuration.error': ['error'],
  'userAgent.redial.started': ['redialTarget'],
  'userAgent.redial.update': ['redialTarget'],
  'userAgent.call.started': ['target'],
  'userAgent.call.failed': ['error'],
  'dialpad.tones.play': ['tones'],
  'dialpad.target.updated': ['target', 'char'],
  'dialpad.target.backspace': ['target'],
  'dialpad.target.clear': ['target'],
  'dialpad.call': ['target'],
  'dialpad.failed': ['error'],
  'mediaDevices.streams.started': ['stream'],
  'mediaDevices.screenCapture.started': ['stream'],
  'mediaDevices.screenCapture.error': ['error'],
  'mediaDevices.devices.loaded': ['availableDevices'],
  'mediaDevices.devices.refreshed': ['availableDevices'],
  'mediaDevices.getUserMedia.error': ['error'],
  'mediaDevices.audio.output.changed': ['device'],
  'mediaDevices.ring.output.changed': ['device'],
  'mediaDevices.audio.output.error': ['error'],
  'mediaDevices.ring.output.error': ['error'],
};

/** Other names, misspelt or from other versions, under which the same is told. */
const aliases: Readonly<Record<string, string>> = {
  'userAgent.received.message': 'userAgent.recieved.message',
  'userAgent.received.notify': 'userAgent.recieved.notify',
  'mediaDevices.devices.loaded': 'mediaDevices.loaded',
  'mediaDevices.devices.refreshed': 'mediaDevices.refreshed',
  'mediaDevices.streams.stopped': 'mediaDevices.streams.stop',
};

const silent = /^(phone|language|call)\.|\.created$/;

/** Translates a native event of a plugin; undefined for what the drop-in tells by itself. */
export function toldPlugin(name: string, payload: Plain): Told | undefined {
  if (silent.test(name)) return undefined;
  const alias = aliases[name];
  return { names: alias ? [name, alias] : [name], more: parameters(name, payload) };
}

function parameters(name: string, payload: Plain): readonly unknown[] {
  if (/^mediaDevices\.\w+\.input\./.test(name)) return inputParameters(payload);
  if (name.startsWith('audioContext.channel.')) return [payload['volume']];
  if (name.startsWith('conference.')) return conferenceParameters(payload);
  if (name.startsWith('blf.')) return [payload['key']];
  return (fields[name] ?? []).map((field) => payload[field]);
}

function conferenceParameters({ callId, call: _, ...rest }: Plain): readonly unknown[] {
  return callId === undefined ? Object.values(rest) : [callId];
}

// The camera that is none has no parameters.
function inputParameters({ parameters: now, previous }: Plain): readonly unknown[] {
  const facts = (given: unknown): unknown => {
    const { device, ...rest } = Object(given) as Plain;
    const { id } = Object(device) as { readonly id?: string };
    const track = rest['track'] as MediaStreamTrack | undefined;
    const told = track && utils.trackParameters(new MediaStream([track]), track);
    return id === 'none' ? null : { ...(device as object), ...rest, ...told };
  };
  return previous === undefined ? [facts(now)] : [facts(now), facts(previous)];
}
