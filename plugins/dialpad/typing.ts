import { asPhoneError } from '../../src/core/index.ts';
import type { Call, Off, PluginContext, Store } from '../../src/core/index.ts';
import { keyOf } from './keys.ts';
import { takesTones } from './state.ts';
import { insertedText, targetOf, tonesOf } from './target.ts';
import type { DialpadOptions, DialpadState } from './types.ts';

/** What the parts of the plugin share. */
export interface DialpadCore {
  readonly ctx: PluginContext<'dialpad', DialpadOptions, never, 'userAgent'>;
  readonly store: Store<DialpadState>;
  /** The target as it would be called. */
  readonly target: () => string;
  /** Shows a refusal under the field and emits it. */
  readonly fail: (error: unknown) => void;
}

/** Puts characters where they belong: into the target, or on the way to the far end. */
export interface Typing {
  readonly dial: (characters: string, tones: boolean | readonly number[]) => Promise<void>;
  /** The field was edited by hand and holds `text` now. */
  readonly edited: (text: string) => Promise<void>;
}

const pressMilliseconds = 150;

/** What the parts share, around one store. */
export function createCore(ctx: DialpadCore['ctx'], store: DialpadCore['store']): DialpadCore {
  return {
    ctx,
    store,
    target: () => targetOf(store.get().text, store.get()),
    fail: (thrown) => {
      const error = asPhoneError(thrown, 'call.failed');
      store.set({ error });
      ctx.emit('dialpad.failed', { error });
    },
  };
}

/** Typing by keys, by the keyboard and by hand. */
export function createTyping(core: DialpadCore): Typing {
  const { ctx, store, target } = core;
  const send = createSender(core);
  let goOut: Off = () => undefined;

  const callForTones = (): Call | undefined => {
    const call = ctx.calls.primary();
    return takesTones(call?.snapshot) ? call : undefined;
  };
  const play = (char: string, tones: boolean | readonly number[]): void => {
    const key = keyOf(char);
    const own = tones === true && key ? ctx.options.tones[key] : undefined;
    const frequencies = typeof tones === 'boolean' ? own : tones;
    if (frequencies) ctx.emit('dialpad.tones.play', { tones: frequencies });
  };
  const press = (char: string): void => {
    goOut();
    store.set({ pressed: char });
    goOut = ctx.clock.after(pressMilliseconds, () => {
      store.set({ pressed: null });
    });
  };
  const put = (char: string): Promise<void> => {
    const call = callForTones();
    const { text, tones } = store.get();
    const signal = call ? tonesOf(char) : '';
    press(char);
    // A key that is no tone has no place in a call: there is nobody to send it to.
    if (call && signal === '') return Promise.resolve();
    store.set({ text: text + char, tones: tones + signal, error: null });
    ctx.emit('dialpad.target.updated', { target: target(), char });
    return call ? send(call, signal) : Promise.resolve();
  };
  return {
    dial: async (characters, tones) => {
      const sent = Array.from(characters, (char) => {
        play(char, tones);
        return put(char);
      });
      await Promise.all(sent);
    },
    edited: async (after) => {
      const before = store.get();
      if (after === before.text) return;
      const inserted = insertedText(before.text, after);
      const call = callForTones();
      const signal = call ? tonesOf(inserted) : '';
      store.set({ text: after, tones: after === '' ? '' : before.tones + signal, error: null });
      const heard = call ? signal : inserted.length === 1 ? inserted : '';
      for (const char of heard) play(char, true);
      ctx.emit('dialpad.target.updated', {
        target: target(),
        char: inserted.length === 1 ? inserted : null,
      });
      if (call) await Promise.all(Array.from(signal, (char) => send(call, char)));
    },
  };
}

// One digit after the other: a second one that overtook the first would be another number.
function createSender({ fail }: DialpadCore): (call: Call, signal: string) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (call, signal) => {
    last = last
      .then(() => call.sendDTMF(signal))
      .catch((error: unknown) => {
        if (!call.isEnded()) fail(error);
      });
    return last;
  };
}
