import type { CallSnapshot } from '../../src/core/index.ts';
import type { AutoAction, DialpadOptions, DialpadState } from './types.ts';

/** The state before anything was typed. */
export function firstState({ dialed }: DialpadOptions): DialpadState {
  return {
    text: '',
    tones: '',
    isFiltering: dialed.filter.enabled,
    isConverting: dialed.convert.enabled,
    isCalling: false,
    pressed: null,
    error: null,
  };
}

/** An empty field. */
export const emptied: Partial<DialpadState> = { text: '', tones: '', error: null };

/** The field without its last character. */
export function withoutLast({ text, tones }: DialpadState): Partial<DialpadState> {
  const last = Array.from(text).at(-1) ?? '';
  const shorter = text.slice(0, text.length - last.length);
  return { text: shorter, tones: tones.slice(0, shorter.length), error: null };
}

/** The field after the call whose tones stand in it: they went with it, the rest stays. */
export function withoutTones({ text, tones }: DialpadState): Partial<DialpadState> {
  if (tones === '') return {};
  const rest = text.endsWith(tones) ? text.slice(0, text.length - tones.length) : '';
  return { text: rest, tones: '' };
}

/** Whether what is typed now is sent as tones: the call is up and no transfer waits for a target. */
export function takesTones(call: CallSnapshot | undefined): boolean {
  if (!call || call.transfer?.status === 'collecting') return false;
  return call.status === 'established' || call.status === 'reconnecting';
}

/** What there is to do with this call and this target. */
export function autoActionFor(call: CallSnapshot | undefined, target: string): AutoAction {
  if (!call || call.status === 'ended') return target === '' ? 'redial' : 'call';
  if (call.transfer?.status === 'collecting') return 'transfer';
  if (call.direction === 'incoming' && call.status === 'ringing') return 'answer';
  return 'terminate';
}
