import type { PhoneError } from '../../src/core/index.ts';
import type { AccountEvent } from './choice.ts';

/**
 * Why a call that asks to be answered by itself rings all the same: another call is there, the microphone
 * may not be opened without a question, it could not be opened, or what the call asks for is not understood, or is to
 * wait for more than 60 seconds.
 */
export type AutoAnswerObstacle = 'busy' | 'permission' | 'media' | 'unclear';

declare module '../../src/core/registry.ts' {
  interface EventMap {
    /** The last target is about to be called again. */
    'userAgent.redial.started': AccountEvent & { readonly redialTarget: string };
    /** The target of the next redial is another one now. */
    'userAgent.redial.update': AccountEvent & { readonly redialTarget: string };
    /** A call has come that asks to be answered by itself; `answering` or `skipped` follows while it rings. */
    'userAgent.autoAnswer.expected': AccountEvent & { readonly callId: string };
    /** A call is about to be answered without the user: what is muted now is so from the first packet on. */
    'userAgent.autoAnswer.answering': AccountEvent & { readonly callId: string };
    /** A call was answered without the user, whose microphone is open unless the call is muted. */
    'userAgent.autoAnswer.answered': AccountEvent & { readonly callId: string };
    /** A call that asks to be answered by itself rings for the user instead. */
    'userAgent.autoAnswer.skipped': AccountEvent & {
      readonly callId: string;
      readonly reason: AutoAnswerObstacle;
    };
    /** A call could not be made. */
    'userAgent.call.failed': AccountEvent & { readonly error: PhoneError; readonly target: string };
    /** The INVITE of a call is on the wire. */
    'userAgent.call.started': AccountEvent & { readonly target: string; readonly callId: string };
  }
}
