import { beforeAll, expect, test } from 'vitest';
import type { CallEnd } from '../../src/core/index.ts';
import type { Party } from './support/browser.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startUac, startUas } from './support/sipp.ts';
import type { Sipp } from './support/sipp.ts';
import type { UacScenario, UasScenario } from './support/sippScenarios.ts';

// What a user and a program see of every way in which a far end can end a call.

const lab = useLab({ rtpengine: true });
const farEnd = '1009';

let alice: Party;
let phone: TestPhone;
let impatient: TestPhone;

beforeAll(async () => {
  const { party, kamailio } = lab();
  alice = await party({ name: 'alice' });
  const socket = kamailio.url;
  const denies = { userAgent: { user_agent: { redirect_policy: 'deny' } } };
  phone = await makePhone(alice, { socket, user: '1001', config: denies });
  const config = { userAgent: { user_agent: { no_answer_timeout: 1 } } };
  impatient = await makePhone(await alice.open('/'), { socket, user: '1003', config });
});

/** A call at its beginning, the phone that has it, and SIPp if that is the far end. */
interface Begun {
  readonly by: TestPhone;
  readonly id: string;
  readonly sipp?: Sipp;
}

const callsOut = (scenario: UasScenario) => async (): Promise<Begun> => {
  const sipp = await startUas(scenario, { kamailio: lab().kamailio, user: farEnd });
  return { by: phone, sipp, id: await phone.callTo(farEnd) };
};

const isCalled =
  (scenario: UacScenario, by: () => TestPhone = () => phone, target = '1001') =>
  async (): Promise<Begun> => {
    const options = { kamailio: lab().kamailio, user: '1006', target, talkMs: 500 };
    const sipp = await startUac(scenario, options);
    return { by: by(), sipp, id: await by().nextIncoming() };
  };

const proxyRefuses = async (): Promise<Begun> => {
  await lab().kamailio.behave('1008', '503');
  return { by: phone, id: await phone.callTo('1008') };
};

const cancelsItself = async (): Promise<Begun> => {
  const begun = await callsOut('ringsForEver')();
  await begun.by.waitForCall('ringing', ({ status }) => status === 'ringing', begun.id);
  await begun.by.run('cancel', begun.id);
  return begun;
};

const answersAndIsHungUpOn = async (): Promise<Begun> => {
  const begun = await isCalled('hangsUp')();
  await begun.by.run('answer', begun.id);
  return begun;
};

interface Row {
  readonly name: string;
  readonly begin: () => Promise<Begun>;
  readonly end: Partial<CallEnd>;
  readonly events: readonly string[];
  /** What a screen reader tells, and what is written where a notice stays. */
  readonly sentence: string;
  readonly notice: string;
}

const placed = ['created', 'promoted', 'local.audio.added', 'peerconnection'];
const placedOver = ['local.audio.removed', 'terminated', 'failed'];
const offered = ['created', 'ringing.started', 'promoted', 'progress'];
const over = ['terminated', 'failed'];
const refused = { by: 'remote', failed: true, section: 'response', isMissed: false } as const;
const cause = { failed: true, section: 'cause', isMissed: false } as const;

const table: readonly Row[] = [
  {
    name: '486',
    begin: callsOut('busy486'),
    end: { ...refused, key: 'busyHere', statusCode: 486, retry: 'later' },
    events: [...placed, ...placedOver],
    sentence: 'The line is busy.',
    notice: 'Call to 1009',
  },
  {
    name: '603',
    begin: callsOut('decline603'),
    end: { ...refused, key: 'decline', statusCode: 603 },
    events: [...placed, ...placedOver],
    sentence: 'This person declined the call.',
    notice: 'Call to 1009',
  },
  {
    name: '404',
    begin: callsOut('notFound404'),
    end: { ...refused, key: 'notFound', statusCode: 404, retry: 'changed' },
    events: [...placed, ...placedOver],
    sentence: 'This number was not found.',
    notice: 'Call to 1009',
  },
  {
    name: '302',
    begin: callsOut('moved302'),
    end: { ...refused, key: 'movedTemporarily', statusCode: 302, retry: 'changed' },
    events: [...placed, ...placedOver],
    sentence: 'This person can be reached at another number for now.',
    notice: 'Call to 1009',
  },
  {
    name: '480 after ringing',
    begin: callsOut('unavailable480AfterRinging'),
    end: { ...refused, key: 'temporarilyUnavailable', statusCode: 480, retry: 'later' },
    events: [...placed, 'progress', ...placedOver],
    sentence: 'This person cannot be reached right now.',
    notice: 'Call to 1009',
  },
  {
    name: '503 of the proxy',
    begin: proxyRefuses,
    end: { ...refused, key: 'serviceUnavailable', statusCode: 503, retry: 'later' },
    events: [...placed, ...placedOver],
    sentence: 'The phone service is not available right now.',
    notice: 'Call to 1008',
  },
  {
    name: 'ringing that we give up',
    begin: cancelsItself,
    end: { ...cause, by: 'local', key: 'canceled', retry: 'later' },
    events: [...placed, 'progress', ...placedOver],
    sentence: 'The call was canceled before it was answered.',
    notice: '',
  },
  {
    name: 'a CANCEL of the caller',
    begin: isCalled('cancels'),
    end: { ...cause, by: 'remote', key: 'canceled', isMissed: true },
    events: [...offered, 'ringing.stopped', ...over],
    sentence: 'The call was canceled before it was answered.',
    notice: 'Missed call from SIPp',
  },
  {
    name: 'a CANCEL because it was answered elsewhere',
    begin: isCalled('cancelsAnsweredElsewhere'),
    end: { ...cause, by: 'remote', key: 'answeredElsewhere', retry: 'never' },
    events: [...offered, 'ringing.stopped', ...over],
    sentence: 'The call was answered on another phone.',
    notice: 'Call from SIPp',
  },
  {
    name: 'nobody answers here',
    begin: isCalled('waitsFor408', () => impatient, '1003'),
    end: { ...cause, by: 'network', key: 'noAnswer', isMissed: true, retry: 'later' },
    events: [...offered, 'ringing.stopped', ...over],
    sentence: 'Nobody answered.',
    notice: 'Missed call from SIPp',
  },
  {
    name: 'a BYE of the caller',
    begin: answersAndIsHungUpOn,
    end: {
      by: 'remote',
      failed: false,
      section: 'cause',
      key: 'normal',
      isMissed: false,
      statusCode: null,
    },
    events: [
      ...offered,
      ...['local.audio.added', 'peerconnection', 'peerconnection.add.track'],
      ...['remote.audio.element', 'remote.audio.added'],
      ...['answered', 'ringing.stopped', 'established'],
      ...['local.audio.removed', 'terminated', 'ended'],
    ],
    sentence: 'The call has ended.',
    notice: '',
  },
];

const plain = (text: string): string => text.replace(/[\u2066-\u2069]/g, '');

test.each(table)('$name', async ({ begin, end, events, sentence, notice }) => {
  const { by, id, sipp } = await begin();
  const call = await by.waitForCall('the end', ({ status }) => status === 'ended', id);
  expect(call.end).toMatchObject(end);
  expect((await by.eventsOf(id)).filter((name) => name !== 'changed')).toEqual(events);

  const told = await until('the sentence', async () => {
    const text = plain((await by.page.locator('[aria-live="polite"]').textContent()) ?? '');
    return text.endsWith(sentence) && text;
  });
  expect(told).toContain(call.remote.name || call.remote.user);
  const kept = plain(await by.textOf('call-list', 'message'));
  expect(kept).toBe(notice === '' ? '' : `${notice} ${sentence}`);
  expect(await by.textOf('call-list', 'empty')).toBe('No calls');
  if (sipp) expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
});

test('nothing is left of all these calls', async () => {
  expect(await alice.liveTracks()).toEqual([]);
});
