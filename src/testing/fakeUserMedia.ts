import { pick } from './fakeDevices.ts';
import { FakeStream, createTrack, flags } from './fakeTracks.ts';
import type { FakeDevice, FakeTrack } from './fakeTracks.ts';
import { settled } from './settled.ts';

/** The camera and the microphones of a fake machine, and its permission question. */
export interface FakeUserMedia {
  readonly requests: readonly MediaStreamConstraints[];
  readonly getUserMedia: (constraints: MediaStreamConstraints) => Promise<MediaStream>;
  /** Whether the page has ever been allowed to use anything. */
  readonly isGranted: () => boolean;
  readonly pending: () => number;
  readonly allow: () => Promise<void>;
  readonly deny: (name?: string, message?: string) => Promise<void>;
  readonly failNext: (name: string, message?: string) => void;
  readonly failAlways: (name: string, message?: string) => void;
  readonly recover: () => void;
}

/** What the machine has, and whether it asks before it gives. */
export interface FakeUserMediaOptions {
  readonly devices: () => readonly FakeDevice[];
  readonly asks: boolean;
  readonly tracks: Set<FakeTrack>;
}

interface Question {
  readonly constraints: MediaStreamConstraints;
  readonly resolve: (stream: MediaStream) => void;
  readonly reject: (error: DOMException) => void;
}

/** A fake `getUserMedia`; its tracks are kept in `tracks`. */
export function fakeUserMedia({ devices, asks, tracks }: FakeUserMediaOptions): FakeUserMedia {
  let isGranted = false;
  let failure: DOMException | undefined;
  let nextFailure: DOMException | undefined;
  const requests: MediaStreamConstraints[] = [];
  const questions: Question[] = [];
  // Async, so that what `pick` throws rejects the promise, as in a browser.
  const grant = (constraints: MediaStreamConstraints): Promise<MediaStream> =>
    new Promise((resolve) => {
      const stream = open(devices(), constraints, tracks);
      isGranted = true;
      resolve(stream);
    });
  const next = (): Question => {
    const question = questions.shift();
    if (!question) throw new Error('No permission question is open.');
    return question;
  };
  return {
    requests,
    getUserMedia: (constraints) => {
      // A copy: whoever changes the constraints afterwards must not change what was asked.
      requests.push(structuredClone(constraints));
      const error = nextFailure ?? failure;
      nextFailure = undefined;
      if (error) return Promise.reject(error);
      if (!asks) return grant(constraints);
      return new Promise((resolve, reject) => {
        questions.push({ constraints, resolve, reject });
      });
    },
    isGranted: () => isGranted,
    pending: () => questions.length,
    allow: async () => {
      const { constraints, resolve, reject } = next();
      grant(constraints).then(resolve, reject);
      await settled();
    },
    deny: async (name = 'NotAllowedError', message = 'Permission denied') => {
      next().reject(new DOMException(message, name));
      await settled();
    },
    failNext: (name, message = name) => {
      nextFailure = new DOMException(message, name);
    },
    failAlways: (name, message = name) => {
      failure = new DOMException(message, name);
    },
    recover: () => {
      failure = undefined;
    },
  };
}

function open(
  devices: readonly FakeDevice[],
  constraints: MediaStreamConstraints,
  tracks: Set<FakeTrack>,
): MediaStream {
  const chosen = (['audio', 'video'] as const)
    .filter((kind) => constraints[kind] !== undefined && constraints[kind] !== false)
    .map((kind) => pick(devices, kind, constraints[kind]));
  const opened = chosen.map((device) =>
    createTrack(device, tracks, device.kind === 'audioinput' ? flags(constraints.audio) : {}),
  );
  return new FakeStream(opened) as unknown as MediaStream;
}
