import type { Bus } from '../bus.ts';
import type { Keyboard } from '../keyboard.ts';
import type { Off } from '../scope.ts';
import type { Call, CallOptions } from './call.ts';
import type { Calls } from './calls.ts';

/** What the space bar is heard and told with. */
export interface PushToTalkServices {
  readonly keyboard: Keyboard;
  readonly bus: Bus;
  readonly options: CallOptions;
}

/**
 * The space bar, held down, turns the microphone of the call in focus the other way round (libwebphone's
 * `call.keys.spacebar`). It never touches the camera, and gives back what it found as soon as the
 * key comes up, the page loses the keyboard, or the call loses the focus.
 */
export function followSpacebar(calls: Calls, services: PushToTalkServices): Off {
  const { keyboard, bus, options } = services;
  const { enabled = true, action } = options.keys?.spacebar ?? {};
  if (!enabled || options.globalKeyShortcuts === false) return () => undefined;
  const hold = createHold();
  const press =
    action ??
    ((event, call) => {
      if (event.type === 'keydown') hold.start(call);
    });
  const offs = [
    keyboard.listen((event, place) => {
      if (event.key !== ' ') return;
      const call = calls.primary();
      if (place !== 'page' || isShortcut(event) || !call?.isEstablished()) return;
      // Also while it is held down: the page must not scroll away meanwhile.
      event.preventDefault();
      if (!event.repeat) press(event, call);
    }),
    bus.on('call.demoted', hold.endFor),
    bus.on('call.terminated', hold.endFor),
  ];
  return () => {
    hold.end();
    for (const off of offs) off();
  };
}

interface Hold {
  readonly start: (call: Call) => void;
  readonly end: Off;
  readonly endFor: (event: { readonly callId: string }) => void;
}

function createHold(): Hold {
  let held: { readonly call: Call; readonly wasMuted: boolean } | undefined;
  const onKeyUp = (event: KeyboardEvent): void => {
    if (event.key === ' ') end();
  };
  const end = (): void => {
    const { call, wasMuted } = held ?? {};
    held = undefined;
    if (!call) return;
    window.removeEventListener('blur', end);
    window.removeEventListener('keyup', onKeyUp, true);
    // Whoever pressed the button meanwhile has said what he wants.
    if (call.isEnded() || call.snapshot.muted.audio === wasMuted) return;
    void (wasMuted ? call.mute({ audio: true }) : call.unmute({ audio: true }));
  };
  return {
    end,
    endFor: ({ callId }) => {
      if (held?.call.id === callId) end();
    },
    start: (call) => {
      if (held) return;
      const wasMuted = call.snapshot.muted.audio;
      held = { call, wasMuted };
      // The key may come up anywhere: in a field, in another phone, or where nobody here hears of it.
      window.addEventListener('keyup', onKeyUp, true);
      window.addEventListener('blur', end);
      void (wasMuted ? call.unmute({ audio: true }) : call.mute({ audio: true }));
    },
  };
}

function isShortcut(event: KeyboardEvent): boolean {
  const hasModifier = event.ctrlKey || event.metaKey || event.altKey;
  return hasModifier || event.isComposing || event.defaultPrevented;
}
