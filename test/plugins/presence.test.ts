import { beforeEach, describe, expect, it, vi } from 'vitest';
import { presence } from '../../plugins/presence/index.ts';
import { incoming, settled } from '../support/fakeSession.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { agreed, notify, registerAgain, watching } from './subscriptionsScene.ts';
import { server } from './userAgentScene.ts';

type Options = Parameters<typeof presence>[0];

beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(1 - Number.EPSILON);
});

const seconds = (count: number): Promise<unknown> => vi.advanceTimersByTimeAsync(count * 1000);
const published = (etag: string, expires = 600): { readonly headers: readonly string[] } => ({
  headers: [`SIP-ETag: ${etag}`, `Expires: ${String(expires)}`],
});
const document = (inner: string): string =>
  '<?xml version="1.0"?>\n<presence xmlns="urn:ietf:params:xml:ns:pidf" ' +
  'xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rpid="urn:ietf:params:xml:ns:pidf:rpid" ' +
  `entity="sip:2002@example.com">${inner}</presence>`;
const tuple = (basic: string, more = ''): string =>
  `<tuple id="t"><status><basic>${basic}</basic></status>${more}</tuple>`;
const doing = (activity: string): string =>
  `<dm:person id="p"><rpid:activities>${activity}</rpid:activities></dm:person>`;

interface Watch extends TestPhone {
  readonly subscribe: WireMessage;
  readonly tell: (body: string) => Promise<void>;
  readonly buddy: () => unknown;
}

async function watchingBob(options: Options = {}): Promise<Watch> {
  const buddies = [{ id: '2002', name: 'Bob' }];
  const test = await watching([presence({ publish: false, buddies, ...options })]);
  const subscribe = await server.next('SUBSCRIBE');
  await server.reply(subscribe, 200, agreed());
  const tell = async (body: string): Promise<void> => {
    await server.say(notify(subscribe, { type: 'application/pidf+xml', body }));
    await server.nextResponse(200);
  };
  return { ...test, subscribe, tell, buddy: () => test.api('presence').getBuddy('2002') };
}

describe('a buddy', () => {
  it('is asked for as configured', async () => {
    const { subscribe } = await watchingBob({ subscribe_expires: 500 });
    expect(subscribe.header('Event')).toBe('presence');
    expect(subscribe.header('Accept')).toBe('application/pidf+xml');
    expect(subscribe.header('Expires')).toBe('500');
  });

  it.each([
    ['available', tuple('open')],
    ['offline', tuple('closed')],
    ['offline', tuple('closed') + doing('<rpid:busy/>')],
    ['available', tuple('closed') + tuple('open')],
    ['away', tuple('open') + doing('<rpid:unheard/><rpid:vacation/>')],
    ['busy', tuple('open') + doing('<rpid:meeting/>')],
    ['onThePhone', tuple('open') + doing('<rpid:on-the-phone/>')],
    ['available', tuple('open') + doing('<busy xmlns="urn:else"/><rpid:constructor/>')],
    ['unknown', ''],
  ])('is %s when told %s', async (status, inner) => {
    const { tell, buddy } = await watchingBob();
    await tell(document(inner));
    expect(buddy()).toMatchObject({ status });
  });

  it('says something, which is text and nothing else', async () => {
    const { tell, part, root, events } = await watchingBob();
    await tell(document(tuple('open', '<note>Back &lt;img src=x onerror=1&gt; soon</note>')));
    await settled();
    expect(part('presence', 'words').textContent).toBe('Back <img src=x onerror=1> soon');
    expect(root('presence').querySelector('img')).toBeNull();
    expect(part('presence', 'state').textContent).toBe('Available');
    expect(events.of('presence.buddy.updated')).toHaveLength(1);
    await tell(document(tuple('open', '<note>Back &lt;img src=x onerror=1&gt; soon</note>')));
    expect(events.of('presence.buddy.updated')).toHaveLength(1);
  });

  it('stays as it was when the server talks nonsense, and is unknown when it is gone', async () => {
    const { tell, buddy } = await watchingBob();
    await tell(document(tuple('open')));
    await tell('<presence/>');
    await tell('open');
    expect(buddy()).toMatchObject({ status: 'available' });
    await tell('');
    expect(buddy()).toMatchObject({ status: 'unknown' });
    await tell(document(tuple('open')));
    await server.drop();
    expect(buddy()).toMatchObject({ status: 'unknown' });
  });

  it('is watched once, and no more when that is wished', async () => {
    const { api, events } = await watching([presence({ publish: false })]);
    api('presence').watch('2005');
    await server.reply(await server.next('SUBSCRIBE'), 200, agreed());
    expect(api('presence').watch('2005', 'Else').name).toBe('2005');
    api('presence').unwatch('2005');
    expect((await server.next('SUBSCRIBE')).header('Expires')).toBe('0');
    expect(api('presence').getBuddies()).toEqual([]);
    expect(events.names('presence.buddy')).toEqual([
      ...['presence.buddy.added', 'presence.buddy.removed'],
    ]);
  });
});

it('stays watched when the end of what was before comes late', async () => {
  const { subscribe, api, tell, buddy } = await watchingBob();
  await tell(document(tuple('open')));
  const { watch, unwatch } = api('presence');
  unwatch('2002');
  const bye = await server.next('SUBSCRIBE');
  watch('2002');
  const second = await server.next('SUBSCRIBE');
  await server.reply(second, 200, agreed());
  const body = document(tuple('open'));
  await server.say(notify(second, { type: 'application/pidf+xml', body }));
  await server.nextResponse(200);
  await server.reply(bye, 200, agreed(0));
  await server.say(notify(subscribe, { state: 'terminated;reason=timeout' }));
  await server.nextResponse(200);
  expect(buddy()).toMatchObject({ status: 'available' });
});

describe('the own state', () => {
  it('is told when the phone is registered, kept, changed and taken back', async () => {
    const { api, phone } = await watching([presence({ publish_expires: 600 })]);
    const first = await server.next('PUBLISH');
    expect(first.start).toBe('PUBLISH sip:1001@example.com SIP/2.0');
    expect(first.header('Event')).toBe('presence');
    expect(first.header('Content-Type')).toBe('application/pidf+xml');
    expect(first.header('SIP-If-Match')).toBe('');
    expect(first.body).toContain('<basic>open</basic>');
    expect(api('presence').getOwn().isPublished).toBe(false);
    await server.reply(first, 200, published('e1'));
    expect(api('presence').getOwn().isPublished).toBe(true);

    await seconds(511);
    const refresh = await server.next('PUBLISH');
    expect([refresh.header('SIP-If-Match'), refresh.body]).toEqual(['e1', '']);
    await server.reply(refresh, 200, published('e2'));

    api('presence').setStatus('busy', 'In <court> & "out"');
    const news = await server.next('PUBLISH');
    expect(news.header('SIP-If-Match')).toBe('e2');
    expect(news.body).toContain('<rpid:busy/>');
    expect(news.body).toContain('<note>In &lt;court&gt; &amp; &quot;out&quot;</note>');
    await server.reply(news, 200, published('e3'));

    phone.destroy();
    const last = await server.next('PUBLISH');
    expect([last.header('SIP-If-Match'), last.header('Expires'), last.body]).toEqual([
      ...['e3', '0', ''],
    ]);
    await seconds(40);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is told from the start again when the server has forgotten it', async () => {
    await watching([presence()]);
    await server.reply(await server.next('PUBLISH'), 200, published('e1', 600));
    await seconds(511);
    await server.reply(await server.next('PUBLISH'), 412);
    const again = await server.next('PUBLISH');
    expect(again.header('SIP-If-Match')).toBe('');
    expect(again.body).toContain('<basic>open</basic>');
  });

  it('asks for longer when that was too brief, and waits when it is told to', async () => {
    const { events } = await watching([presence({ publish_expires: 60 })]);
    await server.reply(await server.next('PUBLISH'), 423, { headers: ['Min-Expires: 700'] });
    const longer = await server.next('PUBLISH');
    expect(longer.header('Expires')).toBe('700');
    await server.reply(longer, 503, { headers: ['Retry-After: 40'] });
    expect(events.of('presence.own.failed')).toMatchObject([{ retryIn: 40_000 }]);
    await seconds(39);
    expect(server.requests('PUBLISH')).toHaveLength(2);
    await seconds(2);
    await server.reply(await server.next('PUBLISH'), 489);
    await seconds(250);
    expect(server.requests('PUBLISH')).toHaveLength(3);
    expect(events.last('presence.own.failed')).toMatchObject({ retryIn: null });
  });

  it('is not told all the time to a server that asks for no pause', async () => {
    const { events } = await watching([presence()]);
    const headers = ['Retry-After: 0'];
    await server.reply(await server.next('PUBLISH'), 503, { headers });
    expect(events.of('presence.own.failed')).toMatchObject([{ retryIn: 5000 }]);
    await seconds(4);
    expect(server.requests('PUBLISH')).toHaveLength(1);
  });

  it('is not that of who was logged in before', async () => {
    const { api } = await watching([presence()]);
    await server.reply(await server.next('PUBLISH'), 200, published('e1'));
    api('presence').setStatus('busy', 'In court');
    await server.reply(await server.next('PUBLISH'), 200, published('e2'));
    const { stop, start } = api('userAgent');
    await stop();
    await start('1003', 'other', null);
    expect(api('presence').getOwn()).toMatchObject({ status: 'available', note: '' });
  });

  it('that changes while the last one is on its way is told after it', async () => {
    const { api, events } = await watching([presence()]);
    const first = await server.next('PUBLISH');
    api('presence').setStatus('away');
    api('presence').setStatus('offline');
    expect(server.requests('PUBLISH')).toHaveLength(1);
    await server.reply(first, 200, published('e1'));
    const next = await server.next('PUBLISH');
    expect(next.header('SIP-If-Match')).toBe('e1');
    expect(next.body).toContain('<basic>closed</basic>');
    await server.reply(next, 200, published('e2'));
    expect(events.of('presence.own.published')).toHaveLength(1);
  });

  it('is told again after the connection was lost', async () => {
    await watching([presence()]);
    await server.reply(await server.next('PUBLISH'), 200, published('e1'));
    await server.drop();
    await seconds(5);
    await registerAgain();
    const again = await server.next('PUBLISH');
    expect(again.header('SIP-If-Match')).toBe('e1');
    expect(again.body).toContain('<basic>open</basic>');
  });

  it('is on the phone for others while a call is up, and as before after it', async () => {
    const { phone, api } = await watching([presence({ status: 'busy' })]);
    await server.reply(await server.next('PUBLISH'), 200, published('e1'));
    const session = incoming();
    phone.calls.add(session);
    session.establish();
    const talking = await server.next('PUBLISH');
    expect(talking.body).toContain('<rpid:on-the-phone/>');
    expect(api('presence').getOwn().status).toBe('busy');
    await server.reply(talking, 200, published('e2'));
    session.end({ by: 'remote', statusCode: null });
    expect((await server.next('PUBLISH')).body).toContain('<rpid:busy/>');
  });

  it('is chosen in the panel', async () => {
    const { part } = await watching([presence()]);
    await server.reply(await server.next('PUBLISH'), 200, published('e1'));
    await settled();
    const status = part('presence', 'status') as HTMLSelectElement;
    expect([...status.options].map(({ text }) => text)).toEqual([
      ...['Available', 'Away', 'Busy', 'On the phone', 'Offline'],
    ]);
    status.value = 'away';
    status.dispatchEvent(new Event('change', { bubbles: true }));
    expect((await server.next('PUBLISH')).body).toContain('<rpid:away/>');
  });
});
