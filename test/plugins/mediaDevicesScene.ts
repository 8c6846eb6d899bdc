import { beforeEach, vi } from 'vitest';
import { mediaDevices } from '../../plugins/mediaDevices/index.ts';
import type {
  DeviceKind,
  MediaDevicesApi,
  MediaDevicesOptions,
} from '../../plugins/mediaDevices/index.ts';
import type { Call, DeepPartial } from '../../src/core/index.ts';
import { fakeAgent } from '../support/fakeAgent.ts';
import type { FakeAgent } from '../support/fakeAgent.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import type { FakeMedia, FakeMediaOptions } from '../support/fakeMedia.ts';
import { settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

/** The devices of the running test. */
export let machine: FakeMedia;
/** The phone of the running test. */
export let test: TestPhone;
/** Its user agent. */
let agent: FakeAgent;

beforeEach(() => {
  localStorage.clear();
});

/** A machine, and a phone with this plugin on it. */
export async function start(
  options: DeepPartial<MediaDevicesOptions> = {},
  machineOptions: FakeMediaOptions = {},
): Promise<void> {
  machine = fakeMedia(machineOptions);
  await load(options);
}

/** A phone on the machine that is there: the page was loaded again. */
export async function load(options: DeepPartial<MediaDevicesOptions> = {}): Promise<void> {
  agent = fakeAgent();
  test = testPhone({ plugins: [agent.plugin, mediaDevices(options)] });
  await settled();
}

/** The API of the plugin. */
export const media = (): MediaDevicesApi => test.api('mediaDevices');
/** The control that chooses a device of a kind. */
export const select = (kind: DeviceKind = 'audioinput'): HTMLSelectElement =>
  test.part('mediaDevices', kind) as HTMLSelectElement;
/** What there is to choose. */
export const names = (kind: DeviceKind = 'audioinput'): string[] =>
  [...select(kind).querySelectorAll('option')].map(({ textContent }) => textContent);
/** The text of a part, '' when it is not there. */
export const textOf = (part: string): string =>
  test.root('mediaDevices').querySelector(`[part~="${part}"]`)?.textContent.trim() ?? '';
/** The error that is told. */
export const alert = (): string => textOf('alert');
/** The devices that are captured from, clones counted. */
export const ids = (): string[] => machine.liveTracks().map(({ deviceId }) => deviceId);
/** The device of a track. */
export const idOf = (track: MediaStreamTrack | null): string | undefined =>
  (track as { readonly deviceId?: string } | null)?.deviceId;

/** A call that is up. */
export async function callOut(
  target = '1002',
): Promise<{ readonly call: Call; readonly session: FakeSession }> {
  const call = await test.api('userAgent').call(target);
  const session = agent.sessions.at(-1);
  if (!session) throw new Error('No call was made.');
  session.establish();
  await settled();
  return { call, session };
}

/** Does something that changes the picture, and lets the far end agree to it. */
export async function agreed(
  session: FakeSession,
  work: () => Promise<unknown> | undefined,
): Promise<void> {
  let isOver = false;
  const done = Promise.resolve(work()).finally(() => {
    isOver = true;
  });
  await settled();
  // The first share loads a file.
  await vi.waitUntil(() => isOver || session.waiting('renegotiate') > 0);
  if (session.waiting('renegotiate') > 0) await session.settle('renegotiate');
  await done;
  await settled();
}

/** Without a call list the first call would end when the second one begins. */
export function letCallsBe(): void {
  const nothing = (): Promise<void> => Promise.resolve();
  test.phone.calls.usePolicy({ leaving: nothing, entering: nothing });
}

/** The user chooses a device. */
export async function choose(deviceId: string, kind: DeviceKind = 'audioinput'): Promise<void> {
  select(kind).value = deviceId;
  select(kind).dispatchEvent(new Event('change', { bubbles: true }));
  await settled();
}

/** The user presses a button. */
export async function press(part: string): Promise<void> {
  test.part('mediaDevices', part).click();
  await settled();
}
