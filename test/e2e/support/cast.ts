import { expect } from 'vitest';
import type { Party } from './browser.ts';
import { getsNothing, hears, hearsNothing } from './measure.ts';
import { isUp, makePhone } from './phone.ts';
import type { Settings, TestPhone } from './phone.ts';

/** One of the three people of most tests, with a browser and a tone of their own. */
export interface Member extends TestPhone {
  readonly tab: Party;
  readonly hz: number;
}

const people = {
  alice: { user: '1001', hz: 440 },
  bob: { user: '1002', hz: 1000 },
  carol: { user: '1003', hz: 700 },
} as const;

/** Where the phones of a cast belong; `realm` is Kamailio's by default. */
export interface Stage {
  readonly party: (options: { readonly name: string; readonly hz: number }) => Promise<Party>;
  readonly socket: string;
  readonly realm?: string;
  readonly config?: Settings;
}

/** Starts a browser and a registered phone for a person. */
export async function enter(name: keyof typeof people, stage: Stage): Promise<Member> {
  const { party, ...account } = stage;
  const { user, hz } = people[name];
  const tab = await party({ name, hz });
  return { ...(await makePhone(tab, { user, ...account })), tab, hz };
}

/** All three; who is in `configs` has that configuration. */
export async function enterAll(
  stage: Stage,
  configs: Partial<Record<keyof typeof people, Settings>> = {},
): Promise<readonly [Member, Member, Member]> {
  const one = (name: keyof typeof people): Promise<Member> =>
    enter(name, { ...stage, ...(configs[name] && { config: configs[name] }) });
  return Promise.all([one('alice'), one('bob'), one('carol')]);
}

/** A call from one to another that is answered and up: its id at either end. */
export async function talk(from: Member, to: Member): Promise<readonly [string, string]> {
  const atCaller = await from.callTo(to.user);
  const atCallee = await to.answerNext();
  await from.waitForCall('the call to be up', isUp, atCaller);
  return [atCaller, atCallee];
}

/** Checks that one hears another and not itself, in the call given or else the newest. */
export async function hearsOf(listener: Member, speaker: Member, callId?: string): Promise<void> {
  const connection = callId === undefined ? -1 : await listener.connection(callId);
  await hears(listener.tab, { hz: speaker.hz, not: listener.hz, connection });
}

/** Checks that two hear each other, each in its newest call. */
export async function hearEachOther(one: Member, other: Member): Promise<void> {
  await Promise.all([hearsOf(one, other), hearsOf(other, one)]);
}

/** Checks that nothing is heard in a call, whatever packets arrive. */
export async function isSilentFor(listener: Member, callId?: string): Promise<void> {
  const connection = callId === undefined ? -1 : await listener.connection(callId);
  await hearsNothing(listener.tab, { connection });
}

/** Checks that not even packets arrive in a call. */
export async function isCutOffFrom(listener: Member, callId?: string): Promise<void> {
  const connection = callId === undefined ? -1 : await listener.connection(callId);
  await getsNothing(listener.tab, { connection });
}

/**
 * Ends all calls, checks that every microphone is free and that no part of the product has failed
 * within, and forgets what was recorded.
 */
export async function clearStage(...members: readonly TestPhone[]): Promise<void> {
  await Promise.all(members.map((member) => member.quiet()));
  const events = await Promise.all(members.map((member) => member.events()));
  expect(events.flat().filter(({ name }) => name === 'phone.plugin.failed')).toEqual([]);
  await Promise.all(members.map((member) => member.clear()));
}
