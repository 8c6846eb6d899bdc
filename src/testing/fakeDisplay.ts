import { FakeStream, createTrack, endTrack } from './fakeTracks.ts';
import type { FakeTrack } from './fakeTracks.ts';

/** The picker of a screen. */
export interface FakeDisplay {
  readonly requests: readonly unknown[];
  readonly getDisplayMedia: (options?: unknown) => Promise<MediaStream>;
  readonly refuse: (name: string, message?: string) => void;
  readonly hold: () => () => void;
  readonly end: () => void;
}

/** A picker whose tracks are kept in `tracks`. */
export function fakeDisplay(tracks: Set<FakeTrack>, hasSound: boolean): FakeDisplay {
  const requests: unknown[] = [];
  let shown: readonly FakeTrack[] = [];
  let refusal: DOMException | undefined;
  let open: Promise<void> | undefined;
  return {
    requests,
    getDisplayMedia: (options) => {
      requests.push(options);
      const error = refusal;
      refusal = undefined;
      if (error) return Promise.reject(error);
      const screen = { deviceId: 'screen', kind: 'videoinput', label: 'Screen' } as const;
      const sound = { deviceId: 'screen', kind: 'audioinput', label: 'Sound' } as const;
      const pick = (): MediaStream => {
        shown = [screen, ...(hasSound ? [sound] : [])].map((each) => createTrack(each, tracks));
        return new FakeStream(shown) as unknown as MediaStream;
      };
      const waiting = open;
      open = undefined;
      return waiting ? waiting.then(pick) : Promise.resolve(pick());
    },
    hold: () => {
      let pickNow = (): void => undefined;
      open = new Promise((resolve) => {
        pickNow = resolve;
      });
      return () => {
        pickNow();
      };
    },
    refuse: (name, message = name) => {
      refusal = new DOMException(message, name);
    },
    end: () => {
      for (const track of shown) endTrack(track);
    },
  };
}
