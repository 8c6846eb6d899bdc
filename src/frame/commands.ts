import { PhoneError } from '../core/errors.ts';
import type { Call } from '../core/index.ts';
import type { Webphone } from '../entry/create.ts';
import type { FrameCommand } from './protocol.ts';

type Run = (phone: Webphone, given: readonly unknown[]) => unknown;

const callOf = (phone: Webphone, id: unknown): Call => {
  const call = typeof id === 'string' ? phone.calls.get(id) : phone.calls.primary();
  if (call === undefined) throw new PhoneError('call.ended');
  return call;
};

/** A command without a value of its own: the call, if one is named, is the first thing given. */
const onCall =
  (run: (call: Call) => Promise<void>): Run =>
  (phone, [id]) =>
    run(callOf(phone, id));

const commands: Readonly<Record<FrameCommand, Run>> = {
  call: async (phone, [target]) => (await phone.userAgent.call(String(target))).id,
  answer: onCall((call) => call.answer()),
  reject: onCall((call) => call.reject()),
  hangup: onCall((call) => call.hangup()),
  hold: onCall((call) => call.hold()),
  unhold: onCall((call) => call.unhold()),
  mute: onCall((call) => call.mute()),
  unmute: onCall((call) => call.unmute()),
  dtmf: (phone, [tones, id]) => callOf(phone, id).sendDTMF(String(tones)),
  transfer: (phone, [target, id]) => callOf(phone, id).transfer(String(target)),
  register: (phone) => phone.userAgent.register(),
  unregister: (phone) => phone.userAgent.unregister(),
  calls: (phone) => phone.calls.list().map(({ snapshot }) => snapshot),
};

/** Runs a command that a page gave; one that is not in the list is refused. */
export function runCommand(phone: Webphone, name: string, given: readonly unknown[]): unknown {
  if (!Object.hasOwn(commands, name)) {
    throw new PhoneError('call.stateInvalid', { message: `There is no command "${name}".` });
  }
  return commands[name as FrameCommand](phone, given);
}

/** The plain data in a payload, errors by code and sentence; tracks, elements and the stack's own objects stay here. */
export function plain(value: unknown): unknown {
  // Errors of the DOM have numbers in the place of codes.
  if (value instanceof Error) {
    const { code, message }: { readonly code?: unknown; readonly message: string } = value;
    return { code: typeof code === 'string' ? code : undefined, message };
  }
  if (typeof value === 'function') return undefined;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
