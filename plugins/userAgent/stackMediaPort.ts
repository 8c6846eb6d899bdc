import type { UA } from 'jssip';
import type { RawSession, RawSessionClass } from './stackTypes.ts';
import type { MediaPortOptions } from './types.ts';

// By agent, since all agents of a page share one class of calls.
const ports = new WeakMap<object, MediaPortOptions>();
const patched = new WeakSet<RawSessionClass>();

/** Gives the calls of an agent connections of the application's making, and its changes of descriptions. */
export function installMediaPort(ua: UA, Session: RawSessionClass, port: MediaPortOptions): void {
  ports.set(ua, port);
  if (patched.has(Session)) return;
  patched.add(Session);
  const { prototype } = Session;
  const { _createRTCConnection: usual, _createLocalDescription: describe } = prototype;
  prototype._createRTCConnection = function create(this: RawSession, config, constraints) {
    const own = ports.get(this._ua);
    if (!own) {
      usual.call(this, config, constraints);
      return;
    }
    const connection = own.peerConnection?.(config) ?? new RTCPeerConnection(config);
    modify(connection, own.modifiers ?? []);
    // As the usual method has it: a call that nobody can hear any more must not keep the microphone.
    connection.addEventListener('iceconnectionstatechange', () => {
      if (connection.iceConnectionState !== 'failed' || this.isEnded()) return;
      this.terminate({ cause: 'RTP Timeout', status_code: 408, reason_phrase: 'RTP Timeout' });
    });
    this._connection = connection;
    this.emit('peerconnection', { peerconnection: connection });
  };
  // What the browser took it wrote anew, and the candidates have come since.
  prototype._createLocalDescription = async function create(this: RawSession, type, constraints) {
    const sdp = await describe.call(this, type, constraints);
    const { modifiers = [] } = ports.get(this._ua) ?? {};
    return (await changed({ type, sdp }, 'local', modifiers)).sdp ?? sdp;
  };
}

type Modifiers = NonNullable<MediaPortOptions['modifiers']>;

async function changed(
  { type, sdp = '' }: RTCSessionDescriptionInit,
  originator: 'local' | 'remote',
  modifiers: Modifiers,
): Promise<RTCSessionDescriptionInit> {
  let description: RTCSessionDescriptionInit = { type, sdp };
  for (const change of modifiers) description = await change(description, { originator });
  return description;
}

function modify(connection: RTCPeerConnection, modifiers: Modifiers): void {
  if (modifiers.length === 0) return;
  const { createOffer, createAnswer, setRemoteDescription } = connection as Described;
  Object.assign(connection, {
    createOffer: async (options?: object) =>
      changed(await createOffer.call(connection, options), 'local', modifiers),
    createAnswer: async (options?: object) =>
      changed(await createAnswer.call(connection, options), 'local', modifiers),
    setRemoteDescription: async (description: RTCSessionDescriptionInit) =>
      setRemoteDescription.call(connection, await changed(description, 'remote', modifiers)),
  });
}

// Without the forms that take callbacks.
interface Described {
  readonly createOffer: (options?: object) => Promise<RTCSessionDescriptionInit>;
  readonly createAnswer: (options?: object) => Promise<RTCSessionDescriptionInit>;
  readonly setRemoteDescription: (description: RTCSessionDescriptionInit) => Promise<void>;
}
