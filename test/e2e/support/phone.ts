import type { Page } from 'playwright-core';
import type { CallSnapshot } from '../../../src/core/index.ts';
import type * as Library from '../../../src/entry/index.ts';
import type { RecordedEvent, Tab } from './browser.ts';
import { domain } from './kamailio.ts';
import { until } from './processes.ts';

/** Plain configuration data, laid over what `makePhone` configures by itself. */
export type Settings = Readonly<Record<string, unknown>>;

/** Account of a phone; the password is `pw` and the user by default, the realm Kamailio's. */
export interface PhoneAccount {
  readonly user: string;
  /** The address of the server's WebSocket. */
  readonly socket: string;
  readonly password?: string;
  readonly realm?: string;
  readonly config?: Settings;
  /** False leaves it to the test to wait for the registration. Default true. */
  readonly isAwaited?: boolean;
}

/** How a command ended: nothing, or the error's own fields. */
export interface Outcome {
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly statusCode?: number;
  };
}

/** What an event carried; the stack's own object and what answers a REFER are left out. */
export type Payload = Readonly<Record<string, unknown>> & {
  readonly callId: string;
  readonly call: CallSnapshot;
};

/** The commands of a call that need no second argument. */
export type Command = {
  readonly [Name in keyof Library.Call]: Library.Call[Name] extends (
    ...args: never
  ) => Promise<void>
    ? Name
    : never;
}[keyof Library.Call];

/** A phone on a page, `window.phone` there, as its tests see it. An empty call id is the call in focus. */
export interface TestPhone {
  readonly user: string;
  readonly tab: Tab;
  readonly page: Page;
  /** Calls a user or an address; gives the call's id once the INVITE is on the wire. */
  readonly callTo: (target: string, headers?: readonly string[]) => Promise<string>;
  /** As `callTo`, but tells of a refusal instead of throwing. */
  readonly tryCall: (target: string) => Promise<Outcome>;
  /** Waits for a call that rings and gives its id. */
  readonly nextIncoming: () => Promise<string>;
  /** Waits for a call that rings, answers it, waits until it is up, and gives its id. */
  readonly answerNext: () => Promise<string>;
  /** Runs a command of a call and throws what it rejects with. */
  readonly run: (command: Command, callId?: string, ...args: readonly unknown[]) => Promise<void>;
  /** As `run`, but tells of a refusal instead of throwing. */
  readonly tryRun: (
    command: Command,
    callId?: string,
    ...args: readonly unknown[]
  ) => Promise<Outcome>;
  /** The call as it is now; after its end as it was last. */
  readonly snapshot: (callId?: string) => Promise<CallSnapshot>;
  /** Waits until a snapshot fits. */
  readonly waitForCall: (
    what: string,
    fits: (call: CallSnapshot) => boolean,
    callId?: string,
  ) => Promise<CallSnapshot>;
  /** The ids of all calls that have not ended. */
  readonly calls: () => Promise<readonly string[]>;
  /** The first event of this name since `clear`, waited for if need be. */
  readonly waitForEvent: (
    name: string,
    options?: { readonly callId?: string; readonly timeoutMs?: number },
  ) => Promise<Payload>;
  /** Every event since `clear` but `timeupdate`, in order. */
  readonly events: () => Promise<readonly RecordedEvent[]>;
  /** The names of the events of one call since `clear`, in order, without `call.`. */
  readonly eventsOf: (callId: string) => Promise<readonly string[]>;
  readonly clear: () => Promise<void>;
  /** The place of a call's peer connection, for `tab.stats` and `tab.hear`. */
  readonly connection: (callId?: string) => Promise<number>;
  /** The text of a part of a drawn plugin, '' when it is not there. */
  readonly textOf: (target: string, part: string) => Promise<string>;
  /** Ends every call and waits until none is left and no microphone is open. */
  readonly quiet: () => Promise<void>;
  readonly waitUntilRegistered: () => Promise<void>;
}

declare global {
  // The product's script tag.
  var Cordboard: typeof Library;
  // What makePhone puts into the page.
  var phone: Library.Webphone & Library.PluginRegistry;
  // The last snapshot of every call there was.
  var seenCalls: Record<string, CallSnapshot>;
}

const targets: Readonly<Record<string, string>> = {
  userAgent: 'user-agent',
  callList: 'call-list',
  callControl: 'call-control',
  dialpad: 'dialpad',
  mediaDevices: 'media-devices',
  audioContext: 'audio-context',
  videoCanvas: 'video-canvas',
};

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function merge(base: Settings, over: Settings): Settings {
  const merged = Object.entries(over).map(([key, value]) => {
    const below = base[key];
    return [key, isSettings(below) && isSettings(value) ? merge(below, value) : value] as const;
  });
  return { ...base, ...Object.fromEntries(merged) };
}

function configuration(account: PhoneAccount): Settings {
  const { user, socket, password = `pw${user}`, realm = domain, config = {} } = account;
  const drawn = Object.entries(targets).map(([name, id]) => [name, { renderTargets: [id] }]);
  const own: Settings = {
    userAgent: {
      transport: { sockets: [socket], recovery_min_interval: 1, recovery_max_interval: 2 },
      authentication: { username: user, password, realm },
    },
  };
  return merge(merge(Object.fromEntries(drawn) as Settings, own), config);
}

/** Makes a phone on a page that has the product, drawn into all its places, and waits until it is registered. */
export async function makePhone(tab: Tab, account: PhoneAccount): Promise<TestPhone> {
  await tab.page.evaluate((settings) => {
    globalThis.seenCalls = {};
    globalThis.phone = Cordboard.createWebphone(settings) as typeof globalThis.phone;
    phone.onPattern('**', (name, payload) => {
      if (name.endsWith('.timeupdate')) return;
      const { event: _, request: __, ...rest } = payload as Readonly<Record<string, unknown>>;
      const call = rest['call'] as CallSnapshot | undefined;
      if (call?.id !== undefined) seenCalls[call.id] = call;
      rec.add(name, rest);
    });
    // The core keeps what a plugin throws from the page; a test has failed all the same.
    phone.on('phone.plugin.failed', ({ error }) => {
      setTimeout(() => {
        throw error;
      });
    });
  }, configuration(account));
  const made = testPhone(tab, account);
  if (account.isAwaited !== false) await made.waitUntilRegistered();
  return made;
}

function testPhone(tab: Tab, { user }: PhoneAccount): TestPhone {
  const { page } = tab;
  const commands = commandsOf(page);
  const looks = looksAt(page);
  const nextIncoming = (): Promise<string> =>
    until(`${user} to ring`, () =>
      page.evaluate(() => phone.calls.list().find((call) => call.isRinging())?.id),
    );
  return {
    user,
    tab,
    page,
    ...commands,
    ...looks,
    nextIncoming,
    answerNext: async () => {
      const callId = await nextIncoming();
      await commands.run('answer', callId);
      await looks.waitForCall('the call to be up', isUp, callId);
      return callId;
    },
    quiet: async () => {
      await page.evaluate(() => phone.userAgent.hangupAll());
      await until(`${user} to have no call`, async () => (await looks.calls()).length === 0);
      const free = async (): Promise<boolean> => (await tab.liveTracks()).length === 0;
      await until(`the microphone of ${user} to be free`, free);
    },
    waitUntilRegistered: async () => {
      await until(`${user} to be registered`, () =>
        page.evaluate(() => phone.userAgent.isRegistered()),
      );
    },
  };
}

/** True for a call that is established and whose last command has been answered. */
export function isUp({ status, pending }: CallSnapshot): boolean {
  return status === 'established' && pending === null;
}

type Commands = Pick<TestPhone, 'callTo' | 'tryCall' | 'run' | 'tryRun'>;

function commandsOf(page: Page): Commands {
  const tryRun: TestPhone['tryRun'] = (command, callId = '', ...args) =>
    page.evaluate(
      async ([name, id, given]) => {
        const call = id === '' ? phone.calls.primary() : phone.calls.get(id);
        if (call === undefined) throw new Error(`there is no call ${id}`);
        const method = call[name] as (...values: readonly unknown[]) => Promise<void>;
        const { error } = await rec.settle(method(...given));
        return error === undefined ? {} : { error: error as NonNullable<Outcome['error']> };
      },
      [command, callId, args] as const,
    );
  return {
    tryRun,
    run: async (command, callId = '', ...args) => {
      const { error } = await tryRun(command, callId, ...args);
      if (error !== undefined) throw new Error(`${command}: ${error.code}: ${error.message}`);
    },
    callTo: (target, headers = []) =>
      page.evaluate(async ([to, lines]) => (await phone.userAgent.call(to, lines)).id, [
        target,
        headers,
      ] as const),
    tryCall: (target) =>
      page.evaluate(async (to) => {
        const { error } = await rec.settle(phone.userAgent.call(to));
        return error === undefined ? {} : { error: error as NonNullable<Outcome['error']> };
      }, target),
  };
}

type Looks = Omit<
  TestPhone,
  | keyof Commands
  | 'user'
  | 'tab'
  | 'page'
  | 'nextIncoming'
  | 'answerNext'
  | 'quiet'
  | 'waitUntilRegistered'
>;

function looksAt(page: Page): Looks {
  const snapshot: TestPhone['snapshot'] = (callId = '') =>
    page.evaluate((id) => {
      const call = id === '' ? phone.calls.primary() : phone.calls.get(id);
      const found = call?.snapshot ?? seenCalls[id];
      if (found === undefined) throw new Error(`there has been no call ${id}`);
      return found;
    }, callId);
  return {
    snapshot,
    waitForCall: (what, fits, callId = '') =>
      until(what, async () => {
        const call = await snapshot(callId);
        return fits(call) ? call : null;
      }),
    calls: () => page.evaluate(() => phone.calls.list().map(({ id }) => id)),
    connection: async (callId = '') => {
      const place = await page.evaluate((id) => {
        const call = id === '' ? phone.calls.primary() : phone.calls.get(id);
        return harness.connections.indexOf(call?.getPeerConnection());
      }, callId);
      if (place < 0) throw new Error(`the call ${callId} has no peer connection`);
      return place;
    },
    textOf: (target, part) =>
      page.evaluate(
        ([id, name]) => {
          const found = document.querySelector(`#${id} [part~="${name}"]`);
          return found?.textContent.replace(/\s+/g, ' ').trim() ?? '';
        },
        [target, part] as const,
      ),
    ...recordsOf(page),
  };
}

type Records = Pick<TestPhone, 'waitForEvent' | 'events' | 'eventsOf' | 'clear'>;

function recordsOf(page: Page): Records {
  const events: TestPhone['events'] = () => page.evaluate(() => rec.events);
  const isOf = ({ payload }: RecordedEvent, callId: string): boolean =>
    (payload as Payload | undefined)?.callId === callId;
  return {
    events,
    clear: () =>
      page.evaluate(() => {
        rec.clear();
      }),
    eventsOf: async (callId) => {
      const all = (await events()).filter((event) => isOf(event, callId));
      return all
        .map(({ name }) => name)
        .filter((name) => name.startsWith('call.') && !name.startsWith('call.primary.'))
        .map((name) => name.slice('call.'.length));
    },
    waitForEvent: (name, { callId, timeoutMs = 10_000 } = {}) =>
      until(
        name,
        async () => {
          const named = await page.evaluate((wanted) => rec.named(wanted), name);
          const found = named.find((event) => callId === undefined || isOf(event, callId));
          return found?.payload as Payload | undefined;
        },
        { timeoutMs },
      ),
  };
}
