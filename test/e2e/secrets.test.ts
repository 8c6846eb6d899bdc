import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Party, Tab } from './support/browser.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { Settings, TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startUac } from './support/sipp.ts';
import { traceSip } from './support/sipTrace.ts';
import type { SipTrace } from './support/sipTrace.ts';

// With every trace switched on, nothing that a page shows, logs, emits or keeps holds a credential.

const lab = useLab();
const user = '2001';
const right = 'R1ght-pass/word';
const wrong = 'Wr0ng-pass/word';
const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIyMDAxIn0.c2lnbmF0dXJlLW9mLXRoaXM';
const urlToken = 'Tok3n-of-the-socket';
const ha1 = (password: string): string =>
  createHash('md5').update(`${user}:${domain}:${password}`).digest('hex');

let alice: Party;

interface Sighting {
  readonly path: string;
  readonly text: string;
}

declare global {
  // Every text that the console, the events or the storage of the page have shown, and where.
  var sightings: Map<string, string>;
}

beforeAll(async () => {
  alice = await lab().party({ name: 'alice' });
  await lab().kamailio.addUser(user, right);
});

/** From now on every text below whatever is logged or emitted is collected. */
async function watch(tab: Tab): Promise<void> {
  await tab.page.evaluate(() => {
    globalThis.sightings = new Map();
    const see = (value: unknown, path: string, seen: WeakSet<object>): void => {
      if (typeof value === 'string') sightings.set(value, path);
      if (value === null || typeof value !== 'object' || seen.has(value)) return;
      seen.add(value);
      if (value instanceof Error) {
        for (const key of ['message', 'stack', 'cause'] as const) see(value[key], path, seen);
      }
      if (value instanceof Map || value instanceof Set) see([...value], path, seen);
      for (const [key, inner] of Object.entries(value)) see(inner, `${path}.${key}`, seen);
    };
    for (const level of ['debug', 'log', 'info', 'warn', 'error', 'trace', 'dir'] as const) {
      // eslint-disable-next-line no-console -- what the console is given is what is looked at
      const original = console[level].bind(console);
      // eslint-disable-next-line no-console -- as above
      console[level] = (...args: unknown[]) => {
        see(args, `console.${level}`, new WeakSet());
        original(...args);
      };
    }
    const make = Cordboard.createWebphone;
    // The global's members are read-only getters; a page may put its own global in their place.
    globalThis.Cordboard = {
      ...Cordboard,
      createWebphone: (config) => {
        const made = make(config);
        made.onPattern('**', (name, payload) => {
          see(payload, name, new WeakSet());
        });
        return made;
      },
    };
  });
}

interface Watched {
  readonly tab: Tab;
  readonly phone: TestPhone;
  readonly trace: SipTrace;
}

const probe = [
  ...['password', 'jwt', 'authentication.password', 'authentication.jwt', 'options', 'data'],
  ...['options.authentication.password', 'transport.sockets', 'sockets', 'url'],
]
  .map((key) => `{{${key}}}`)
  .join('|');

async function startWatched(authentication: Settings, autostart = true): Promise<Watched> {
  const tab = await alice.open('/');
  const trace = traceSip(tab.page);
  await watch(tab);
  await tab.page.evaluate(() => {
    document.body.insertAdjacentHTML('beforeend', '<div id="probe"></div>');
  });
  const renderTargets = ['user-agent', { root: 'probe', template: `<p>${probe}</p>` }];
  const phone = await makePhone(tab, {
    user,
    socket: `${lab().kamailio.url}?token=${urlToken}`,
    isAwaited: false,
    config: {
      log: { level: 'debug' },
      userAgent: { debug: true, autostart, renderTargets, authentication },
    },
  });
  return { tab, phone, trace };
}

/** Every digest response that went out. */
const responses = ({ messages }: SipTrace): readonly string[] =>
  messages()
    .filter(({ way }) => way === 'sent')
    .flatMap(({ text }) => [...text.matchAll(/response="([0-9a-f]{32})"/g)])
    .flatMap(([, response]) => response ?? []);

/** Everything that a page shows, has logged, emitted or keeps, and what of it holds a secret. */
async function leaks({ tab, trace }: Watched): Promise<readonly Sighting[]> {
  const secrets = [right, wrong, ha1(right), ha1(wrong), jwt, urlToken, ...responses(trace)];
  const inPage = await tab.page.evaluate((): Sighting[] => {
    const fields = [...document.querySelectorAll<HTMLInputElement>('input:not([type=password])')];
    const stored = [localStorage, sessionStorage].map((storage) =>
      JSON.stringify(Object.entries(storage)),
    );
    return [
      ...[...sightings].map(([text, path]) => ({ path, text })),
      { path: 'document', text: document.documentElement.outerHTML },
      { path: 'fields', text: fields.map(({ value }) => value).join('\n') },
      { path: 'storage', text: stored.join('\n') },
      { path: 'address', text: location.href + document.cookie + document.title },
    ];
  });
  const lines = tab.console.map((text) => ({ path: 'console', text }));
  return [...inPage, ...lines]
    .filter(({ text }) => secrets.some((secret) => text.includes(secret)))
    .map(({ path, text }) => ({ path, text: text.slice(0, 200) }));
}

function showsTrace({ tab }: Watched, line: RegExp): void {
  const text = tab.console.join('\n');
  expect(text).toMatch(/SIP sent\s+REGISTER sip:/);
  expect(text).toMatch(/SIP received\s+SIP\/2\.0 401/);
  expect(text).toMatch(line);
}

const redacted = /^Authorization: \[redacted\]$/m;

test('a password that is right, typed into the form, and calls either way', async () => {
  const { kamailio } = lab();
  const watched = await startWatched({ username: '', password: '', realm: '' }, false);
  const { tab, phone, trace } = watched;
  await tab.page.fill('[name=username]', user);
  await tab.page.fill('[name=password]', right);
  await tab.page.fill('[name=realm]', domain);
  expect(await leaks(watched)).toEqual([]);
  await tab.page.click('[part=agentstart]');
  await phone.waitUntilRegistered();

  await kamailio.behave('1008', '486');
  const refused = await phone.callTo('1008');
  await phone.waitForCall('the refusal', ({ status }) => status === 'ended', refused);
  const other = await makePhone(await alice.open('/'), { socket: kamailio.url, user: '1002' });
  const talk = await phone.callTo('1002');
  await other.answerNext();
  // While a call is up, the stack holds the requests that made it.
  await startUac('cancels', { kamailio, user: '1006', target: user });
  const missed = await phone.nextIncoming();
  await phone.waitForCall('the cancel', ({ status }) => status === 'ended', missed);
  await other.quiet();
  await phone.waitForCall('the goodbye', ({ status }) => status === 'ended', talk);

  expect(responses(trace).length).toBeGreaterThan(1);
  const paths = await tab.page.evaluate(() => [...sightings.values()]);
  // The stack's own objects were looked into, and deeply.
  expect(paths.filter((path) => path.includes('.event.message.headers.')).length).toBeGreaterThan(
    10,
  );
  expect(await leaks(watched)).toEqual([]);
  showsTrace(watched, redacted);
  showsTrace(watched, /^Proxy-Authorization: \[redacted\]$/m);
  await tab.page.close();
  await other.page.close();
});

test('a password that is wrong', async () => {
  const watched = await startWatched({ password: wrong });
  const failed = await watched.phone.waitForEvent('userAgent.registration.failed');
  expect(failed).toMatchObject({ statusCode: 401 });
  await until('the words', async () => (await watched.phone.textOf('user-agent', 'error')) !== '');
  expect(responses(watched.trace).length).toBeGreaterThan(0);
  expect(await leaks(watched)).toEqual([]);
  showsTrace(watched, redacted);
  await watched.tab.page.close();
});

test('a JSON Web Token', async () => {
  const watched = await startWatched({ password: '', jwt });
  await watched.phone.waitForEvent('userAgent.registration.failed');
  const sent = watched.trace.sent('REGISTER').map(({ text }) => text);
  expect(sent.join('\n')).toContain(jwt);
  expect(await leaks(watched)).toEqual([]);
  showsTrace(watched, redacted);
  await watched.tab.page.close();
});
