import type { Page } from 'playwright-core';
import { until } from './processes.ts';

/** One event as `dropIn.js` keeps it: its name, and what its arguments are. */
export interface Told {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The little of libwebphone's calls that the tests ask for. */
interface PageCall {
  readonly getId: () => string;
  readonly [method: string]: (...args: readonly unknown[]) => unknown;
}

/** What the newest call of a phone sends and hears by its statistics. */
export interface Spoken {
  /** Of what is sent and of what arrives. */
  readonly codecs: readonly string[];
  /** Of the sound that arrived. */
  readonly energy: number;
  /** How long sound has arrived by now. */
  readonly seconds: number;
}

/** A class of libwebphone. */
export type Plugin = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

interface PagePhone extends Plugin {
  readonly getUserAgent: () => Plugin;
  readonly getCallList: () => Plugin & { readonly getCalls: () => readonly PageCall[] };
}

declare global {
  // What dropIn.js puts into the page.
  var dropIns: Record<string, PagePhone>;
  var dropInTold: Record<string, Told[]>;
  var makeDropIn: (name: string, config: object) => boolean;
  var sayAll: (name: string) => readonly string[];
  var chooseLast: (name: string, kind: string) => unknown;
  var spokenBy: (name: string) => Promise<Spoken>;
  var refuseDevices: () => void;
  var grantDevices: () => void;
}

/** The page of the drop-ins. */
export const html = `<!doctype html><title>Drop-in</title><link rel="icon" href="data:,">
<script src="/dist/libwebphone.js"></script><script src="/support/dropIn.js"></script>`;

/** Who has a phone there, and under which account. */
export const people = { alice: '1001', bob: '1002', carol: '1003' } as const;
/** The names of the phones. */
export type Name = keyof typeof people | 'dave' | 'eve';
/** Those who have an account. */
export const names = Object.keys(people) as (keyof typeof people)[];

/** What a test asks of the phones on a page. */
export interface DropIns {
  readonly toldBy: (name: Name) => Promise<readonly Told[]>;
  readonly heard: (name: Name, event: string) => Promise<Told>;
  /** Runs a method of the newest call of a phone, or of one of its plugins. */
  readonly run: (name: Name, path: string, ...args: readonly unknown[]) => Promise<unknown>;
  /** The events of these names, in the order in which they came. */
  readonly order: (name: Name, wanted: readonly string[]) => Promise<readonly string[]>;
  /** What an event was told with. */
  readonly argsOf: (name: Name, event: string) => Promise<readonly unknown[]>;
  /** Ends all calls, gives what was told, and forgets it. */
  readonly clear: (name: Name) => Promise<readonly Told[]>;
}

/** The phones on a page. */
export function dropInsOn(page: Page): DropIns {
  const toldBy = (name: Name): Promise<readonly Told[]> =>
    page.evaluate((key) => dropInTold[key] ?? [], name);
  const count = (name: Name): Promise<number> =>
    page.evaluate((key) => dropIns[key]?.getCallList().getCalls().length ?? 0, name);
  const heard = (name: Name, event: string): Promise<Told> =>
    until(`${name} to hear ${event}`, async () =>
      (await toldBy(name)).find((one) => one.name === event),
    );
  return {
    toldBy,
    heard,
    run: (name, path, ...args) =>
      page.evaluate(
        ([key, where, given]) => {
          const phone = dropIns[key];
          const [owner = '', method = ''] = where.split('.');
          const call = phone?.getCallList().getCalls().at(-1);
          const on = owner === 'call' ? call : (phone?.[`get${owner}`]?.() as Plugin | undefined);
          const result = on?.[method]?.(...given);
          return typeof result === 'object' ? undefined : result;
        },
        [name, path, args] as const,
      ),
    order: async (name, wanted) =>
      (await toldBy(name)).map((one) => one.name).filter((each) => wanted.includes(each)),
    argsOf: async (name, event) => (await heard(name, event)).args,
    clear: async (name) => {
      await page.evaluate((key) => dropIns[key]?.getUserAgent()['hangupAll']?.(), name);
      await until('no call', async () => (await count(name)) === 1);
      const before = await toldBy(name);
      await page.evaluate((key) => {
        dropInTold[key] = [];
      }, name);
      return before;
    },
  };
}
