import type { BindElement } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { AudioContextApi } from './types.ts';
import type { Unlock } from './unlock.ts';
import type { Volumes } from './volumes.ts';

/** What follows the calls. */
export interface Followers {
  readonly unlock: Unlock;
  readonly ringing: {
    readonly startRinging: (requestId: string) => void;
    readonly stopRinging: (requestId: string) => void;
    readonly update: () => void;
    readonly moved: () => void;
  };
  /** Another loudspeaker is used. */
  readonly moved: () => void;
  readonly loudness: Volumes['loudness'];
}

/** How loud the far end is heard, in every call there is. */
export function setRemoteVolumes({ ctx }: AudioCore, volume: number): void {
  for (const call of ctx.calls.list()) {
    const element = call.getRemoteAudio();
    if (element) element.volume = volume;
  }
}

/** Hears of calls and devices what changes sound. */
export function followCalls({ ctx }: AudioCore, followers: Followers): void {
  const { unlock, ringing, loudness } = followers;
  ctx.on('call.ringing.started', ({ callId }) => {
    ringing.startRinging(callId);
  });
  ctx.on('call.ringing.stopped', ({ callId }) => {
    ringing.stopRinging(callId);
  });
  ctx.on('call.created', ringing.update);
  ctx.on('call.changed', ringing.update);
  ctx.on('call.terminated', () => {
    ringing.update();
    unlock.sweep();
  });
  ctx.on('call.remote.audio.element', ({ element }) => {
    element.volume = loudness('remote');
  });
  ctx.on('call.remote.audio.blocked', ({ element }) => {
    unlock.refused(element);
  });
  ctx.on('mediaDevices.audio.output.changed', () => {
    followers.moved();
    // Whether the ring needs a way of its own depends on where everything else goes.
    ringing.moved();
  });
  ctx.on('mediaDevices.ring.output.changed', ringing.moved);
}

/**
 * The arrow keys, while nothing on the page has the focus. Without a function of the application's
 * they are the page's until the slider that they move is drawn; what is returned is told of it.
 */
export function followKeys(
  { ctx }: AudioCore,
  api: AudioContextApi,
  step: Volumes['step'],
): BindElement {
  const { globalKeyShortcuts, keys } = ctx.options;
  const sliders = new Set<Element>();
  if (globalKeyShortcuts) {
    ctx.keyboard.listen((event, place) => {
      const name = event.key === 'ArrowUp' ? 'arrowup' : 'arrowdown';
      if (!isArrow(event) || place !== 'page' || !keys[name].enabled) return;
      const { action } = keys[name];
      const isUsed = action ?? (sliders.size > 0 && step(name === 'arrowup' ? 0.05 : -0.05));
      if (isUsed) event.preventDefault();
      action?.(event, api);
    });
  }
  return (element) => {
    sliders.add(element);
    return () => sliders.delete(element);
  };
}

// Held down it goes on; with another key it is something else.
function isArrow(event: KeyboardEvent): boolean {
  if (event.type !== 'keydown' || event.defaultPrevented) return false;
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  return event.key === 'ArrowUp' || event.key === 'ArrowDown';
}
