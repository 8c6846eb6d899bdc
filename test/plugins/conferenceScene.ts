import { callList } from '../../plugins/callList/index.ts';
import { conference } from '../../plugins/conference/index.ts';
import type { ConferenceApi } from '../../plugins/conference/index.ts';
import en from '../../locales/en.json' with { type: 'json' };
import type { Call } from '../../src/core/index.ts';
import { FakeNode, fakeAudio, leadsTo } from '../support/fakeAudio.ts';
import type { FakeAudio } from '../support/fakeAudio.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import type { FakeMedia } from '../support/fakeMedia.ts';
import { incoming, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { connectionWithSound } from './audioContextScene.ts';

/** One call of a scene. */
export interface Talk {
  readonly call: Call;
  readonly session: FakeSession;
}

/** A phone with conferences, and whom it talks to. */
export interface Scene extends TestPhone {
  readonly audio: FakeAudio;
  readonly media: FakeMedia;
  readonly conference: ConferenceApi;
  /** Somebody calls and is answered; the call before is held for it. */
  readonly talk: (name: string) => Promise<Talk>;
  /** Whether what one says gets to another, as what is sent to that one is made now. */
  readonly hears: (listener: Talk, speaker: Talk) => boolean;
  /** Whether what is sent to a call has the user's microphone in it, switched on. */
  readonly hearsUser: (listener: Talk) => boolean;
}

/** A phone with this plugin and the list of calls. */
export function scene(options: Parameters<typeof conference>[0] = {}): Scene {
  const media = fakeMedia();
  const audio = fakeAudio();
  const test = testPhone({
    plugins: [callList(), conference(options)],
    i18n: { resources: { en } },
    storage: false,
  });
  const nodes = (): FakeNode[] => audio.contexts.flatMap((context) => [...context.nodes]);
  const sourceOf = (track: MediaStreamTrack | undefined): FakeNode | undefined => {
    const isOf = ({ options: made }: FakeNode): boolean =>
      (made['mediaStream'] as MediaStream | undefined)?.getTracks()[0] === track;
    return nodes().filter(isOf).at(-1);
  };
  const lineOf = ({ session }: Talk): FakeNode | undefined =>
    nodes().find(({ stream }) => stream?.getTracks()[0] === session.sent.audio);
  const reaches = (track: MediaStreamTrack | undefined, listener: Talk): boolean => {
    const [source, line] = [sourceOf(track), lineOf(listener)];
    const isSwitchedOn = listener.session.sent.audio?.enabled === true;
    if (!source || !line || !isSwitchedOn || track?.enabled !== true) return false;
    return leadsTo(source, line) && [...source.outputs].every((next) => !isClosed(next));
  };
  return {
    ...test,
    audio,
    media,
    conference: test.api('conference'),
    talk: async (name) => {
      const session = incoming({ remote: { user: name.toLowerCase(), name }, isObliging: true });
      const call = test.phone.calls.add(session);
      const connection = connectionWithSound();
      session.report({ type: 'connection', connection });
      await call.answer();
      session.establish();
      await settled();
      return { call, session };
    },
    hears: (listener, speaker) => reaches(speaker.call.getRemoteTrack('audio'), listener),
    hearsUser: (listener) => reaches(listener.call.getLocalTrack('audio'), listener),
  };
}

function isClosed(node: unknown): boolean {
  return node instanceof FakeNode && node.kind === 'GainNode' && node.gain.value === 0;
}
