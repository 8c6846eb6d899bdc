import type { Call, EndOptions, RenderElements } from '../../core/index.ts';
import { CallQuestions } from './callQuestions.ts';
import { isPlain, quiet } from './values.ts';
import type { Plain } from './values.ts';

type Kinds = Readonly<Partial<Record<'audio' | 'video', boolean>>>;
type Result = Promise<void> | undefined;

/** libwebphone's options of `sendDTMF`, which are JsSIP's. */
export interface ToneOptions {
  readonly duration?: number;
  readonly interToneGap?: number;
  readonly extraHeaders?: readonly string[];
  readonly transportType?: 'INFO' | 'RFC2833';
}

/** libwebphone's `lwpCall`: one call, or the placeholder that has no session. */
export class LwpCall extends CallQuestions {
  terminate(options?: EndOptions): Result {
    return this.#run((call) => call.terminate(options));
  }
  cancel(options?: EndOptions): Result {
    return this.#run((call) => call.terminate(options));
  }
  hangup(options?: EndOptions): Result {
    return this.#run((call) => call.hangup(options));
  }
  reject(options?: EndOptions): Result {
    return this.#run((call) => call.reject(options));
  }
  hold(): Result {
    return this.#run((call) => call.hold());
  }
  unhold(): Result {
    return this.#run((call) => call.unhold());
  }
  renegotiate(): Result {
    return this.#run((call) => call.renegotiate());
  }
  mute(options: Kinds = both): Result {
    this.#decide(options);
    return this.#run((call) => call.mute(options));
  }
  unmute(options: Kinds = both): Result {
    this.#decide(options);
    return this.#run((call) => call.unmute(options));
  }
  answer(options: Plain = {}): Result {
    return this.#run((call) => {
      // A page that answers while it is told that the call answers by itself has answered as always.
      const isFirst = call.isRinging() && call.snapshot.pending === null;
      if (isFirst && this.kit.engine.autoMuted.delete(call)) void this.unmute({ audio: true });
      const video = this.kit.wantsVideo();
      return call.answer({ video, receiveVideo: true, render: this._render(), ...options });
    });
  }

  /** Transfers to a target or to another call; without one it begins, or ends, the asking for one. */
  transfer(target: string | LwpCall | null = null, hold = true): Result {
    return this.#run((call) => {
      const options = { hold };
      if (target instanceof LwpCall) return call.transfer(target._native, options);
      if (target || !call.isInTransfer()) return call.transfer(target ?? undefined, options);
      const typed = this.kit.engine.plugins.dialpad?.getTarget(true) ?? '';
      return typed === '' ? call.cancelTransfer() : call.transfer(typed, options);
    });
  }
  attendedTransferStart(target?: string): Result {
    return this.#run((call) => call.attendedTransferStart(target));
  }
  attendedTransfer(): Result {
    return this.#run((call) => call.attendedTransfer());
  }
  attendedTransferCancel(): Result {
    return this.#run((call) => call.attendedTransferCancel());
  }
  transferToBlind(): Result {
    return this.#run((call) => call.transferToBlind());
  }

  sendDTMF(signal: string | number, options?: ToneOptions): Result {
    const { duration, interToneGap, extraHeaders, transportType } = options ?? {};
    const native = Object.entries({
      duration,
      gap: interToneGap,
      headers: extraHeaders,
      transport: transportType === 'RFC2833' ? 'RFC4733' : transportType,
    }).filter(([, value]) => value !== undefined);
    this._sent = { signal: String(signal), options };
    return this.#run((call) => call.sendDTMF(String(signal), Object.fromEntries(native)));
  }

  /** Sets how loud the far end is, from 0 to 1; without a volume to what its slider says. */
  changeVolume(volume: number | null = null, kind: 'audio' | 'video' | null = null): void {
    const { audioContext } = this.kit.engine.plugins;
    const own = audioContext?.getVolume('remote', { scale: false, relativeToMaster: true }) ?? 1;
    const loud = Math.min(1, Math.max(0, volume ?? own));
    if (kind !== 'video') this.getRemoteAudio().volume = loud;
    if (kind !== 'audio') this.getRemoteVideo().volume = loud;
  }
  replaceSenderTrack(track: MediaStreamTrack): Result {
    return this.#run((call) => call.replaceSenderTrack(track));
  }
  removeSenderTrack(kind: 'audio' | 'video'): Result {
    return this.#run((call) => call.removeSenderTrack(kind));
  }

  _setPrimary(): Result {
    return quiet(this.kit.engine.calls.focus(this._native?.id ?? null));
  }
  _clearPrimary(): Result {
    return this.isPrimary() ? quiet(this.kit.engine.calls.focus(null)) : undefined;
  }

  /** The elements that the call is to be played and shown in. */
  _render(): RenderElements {
    return {
      remote: this.getRemoteVideo(),
      sound: this.getRemoteAudio(),
      local: this.getLocalVideo(),
    };
  }

  // What the page asks of the microphone goes before what it has configured.
  #decide({ audio }: Kinds): void {
    if (audio && this._native) this.kit.engine.autoMuted.delete(this._native);
  }
  #run(command: (call: Call) => Promise<void>): Result {
    return this._native && quiet(command(this._native));
  }
}

const both: Kinds = { audio: true, video: true };

/** Whether something is a call of the drop-in or describes itself as one. */
export function callIdOf(given: unknown): string | undefined {
  if (given instanceof LwpCall) return given.getId();
  return typeof given === 'string' ? given : isPlain(given) ? String(given['callId']) : undefined;
}
