import { describe, expect, it, vi } from 'vitest';
import { blf } from '../../plugins/blf/index.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { agreed, notify, watching } from './subscriptionsScene.ts';
import { server } from './userAgentScene.ts';

type Options = Parameters<typeof blf>[0];

const namespace = 'urn:ietf:params:xml:ns:dialog-info';
let version = 0;

interface Doc {
  readonly version?: number;
  readonly state?: 'full' | 'partial';
}

/** A document with these dialogs; the versions count on by themselves. */
function document(dialogs: string, { state = 'full', ...more }: Doc = {}): string {
  version = more.version ?? version + 1;
  const head = `xmlns="${namespace}" version="${String(version)}" state="${state}"`;
  return `<?xml version="1.0"?>\n<dialog-info ${head} entity="sip:2002@example.com">${dialogs}</dialog-info>`;
}

const caller =
  '<remote><identity display="Carol &lt;b&gt;">sip:3003@example.com</identity>' +
  '<target uri="sip:carol@192.0.2.33:5060"/></remote>';
const dialog = (state: string, more = '', id = 'd1'): string =>
  `<dialog id="${id}" call-id="c4ll@x" local-tag="bobtag" remote-tag="caroltag" direction="recipient">` +
  `<state>${state}</state>${more}${caller}</dialog>`;
const held =
  '<local><identity>sip:2002@example.com</identity><target uri="sip:2002@x">' +
  '<param pname="+sip.rendering" pval="no"/></target></local>';

interface Scene extends TestPhone {
  readonly subscribe: WireMessage;
  readonly tell: (body: string) => Promise<void>;
  readonly status: () => string | undefined;
}

/** A phone that watches 2002. */
async function scene(options: Options = {}): Promise<Scene> {
  const test = await watching([blf({ keys: [{ id: '2002', name: 'Bob' }], ...options })]);
  const subscribe = await server.next('SUBSCRIBE');
  await server.reply(subscribe, 200, agreed());
  const tell = async (body: string): Promise<void> => {
    await server.say(notify(subscribe, { type: 'application/dialog-info+xml', body }));
    await server.nextResponse(200);
  };
  return { ...test, subscribe, tell, status: () => test.api('blf').getKey('2002')?.status };
}

describe('a watched line', () => {
  it('is asked for as configured', async () => {
    const { subscribe } = await scene({ subscribe_expires: 777 });
    expect(subscribe.header('Event')).toBe('dialog');
    expect(subscribe.header('Accept')).toBe('application/dialog-info+xml');
    expect(subscribe.header('Expires')).toBe('777');
  });

  it('is free, rings, talks, is held and is free again', async () => {
    const { tell, status, events, api } = await scene();
    expect(status()).toBe('unknown');
    await tell(document(''));
    expect(status()).toBe('idle');
    await tell(document(dialog('early')));
    expect(status()).toBe('ringing');
    expect(api('blf').getKey('2002')?.callInfo).toMatchObject({
      direction: 'recipient',
      remote: { display: 'Carol <b>', identity: 'sip:3003@example.com' },
    });
    await tell(document(dialog('confirmed')));
    expect(status()).toBe('busy');
    await tell(document(dialog('confirmed', held)));
    expect(status()).toBe('held');
    await tell(document(dialog('terminated')));
    expect(status()).toBe('idle');
    expect(events.names('blf.key.status').filter((name) => !name.endsWith('updated'))).toEqual(
      ['idle', 'ringing', 'busy', 'incall', 'held', 'incall', 'idle'].map(
        (word) => `blf.key.status.${word}`,
      ),
    );
    expect(events.of('blf.key.status.updated')).toHaveLength(5);
  });

  it('of which an active subscription says nothing is free', async () => {
    const { tell, status } = await scene();
    await tell(document(dialog('early')));
    await tell('');
    expect(status()).toBe('idle');
  });

  it('that calls somebody is busy and does not ring', async () => {
    const { tell, status } = await scene();
    await tell(document(dialog('early').replace('recipient', 'initiator')));
    expect(status()).toBe('busy');
  });

  it('with several calls tells the one that rings first', async () => {
    const { tell, status, api } = await scene();
    await tell(document(dialog('confirmed', held, 'a') + dialog('confirmed', '', 'b')));
    expect(status()).toBe('busy');
    await tell(document(dialog('early', '', 'c'), { state: 'partial' }));
    expect(status()).toBe('ringing');
    expect(api('blf').getKey('2002')?.callInfo?.id).toBe('c');
    await tell(document(dialog('terminated', '', 'c'), { state: 'partial' }));
    await tell(document(dialog('terminated', '', 'b'), { state: 'partial' }));
    expect(status()).toBe('held');
  });

  it('asks for the whole state when a part of it was missed, and only once', async () => {
    const { tell, status } = await scene();
    await tell(document(''));
    await tell(document(dialog('early'), { state: 'partial', version: version + 2 }));
    const refresh = await server.next('SUBSCRIBE');
    expect(refresh.header('To')).toContain('tag=');
    expect(status()).toBe('idle');
    await tell(document(dialog('early'), { state: 'partial', version: version + 2 }));
    expect(server.requests('SUBSCRIBE')).toHaveLength(2);
    await tell(document(dialog('early')));
    expect(status()).toBe('ringing');
  });

  it('does not go back to an older state', async () => {
    const { tell, status } = await scene();
    await tell(document(dialog('early')));
    await tell(document('', { version: version - 1 }));
    expect(status()).toBe('ringing');
  });

  it('is unknown while nobody tells, and counts anew in a new subscription', async () => {
    const { tell, status, events } = await scene();
    await tell(document(dialog('early'), { version: 40 }));
    await server.drop();
    expect(status()).toBe('unknown');
    expect(events.of('blf.key.unsubscribed')).toHaveLength(1);
  });

  it.each([
    ['no XML', 'ringing'],
    ['a document type', `<!DOCTYPE a>${document(dialog('early'))}`],
    ['another namespace', document(dialog('early')).replace(namespace, 'urn:x')],
    ['no version', document(dialog('early')).replace(/version="\d+"/, 'version="many"')],
    ['an unknown state', document(dialog('dancing'))],
    [
      'dialogs of another namespace',
      document(dialog('early').replace('<dialog', '<dialog xmlns="u"')),
    ],
  ])('that is told with %s does not ring', async (_, body) => {
    const { tell, status } = await scene();
    await tell(body);
    expect(['unknown', 'idle']).toContain(status());
  });

  it('of the presence package is free or not', async () => {
    const { tell, subscribe, status } = await scene({
      keys: [{ id: '2002', eventType: 'presence' }],
    });
    expect(subscribe.header('Accept')).toBe('application/pidf+xml');
    const told = (basic: string): string =>
      `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="x"><tuple id="t"><status><basic>${basic}</basic></status></tuple></presence>`;
    await tell(told('open'));
    expect(status()).toBe('idle');
    await tell(told('closed'));
    expect(status()).toBe('busy');
  });
});

describe('keys', () => {
  it('are added once and removed, and the server is told', async () => {
    const { api, events } = await watching([blf()]);
    const { addKey, getKeys, removeKey } = api('blf');
    addKey('2005', 'Dora');
    const subscribe = await server.next('SUBSCRIBE');
    expect(subscribe.start).toContain('2005@');
    expect(addKey('2005', 'Else').name).toBe('Dora');
    expect(getKeys()).toHaveLength(1);
    await server.reply(subscribe, 200, agreed());
    removeKey('2005');
    expect((await server.next('SUBSCRIBE')).header('Expires')).toBe('0');
    expect(getKeys()).toEqual([]);
    expect(events.names('blf.key')).toEqual([
      ...['blf.key.added', 'blf.key.subscribed', 'blf.key.removed'],
    ]);
  });

  it('are all unsubscribed and subscribed again, and stay where they are', async () => {
    const { api, events } = await watching([blf({ keys: [{ id: '2002' }, { id: '2003' }] })]);
    const watched = (): readonly string[] =>
      api('blf')
        .getKeys()
        .map(({ status }) => status);
    /** The far end answers what was asked for both lines, in whichever order. */
    const answer = async (expires: number): Promise<readonly WireMessage[]> => {
      const asked = [await server.next('SUBSCRIBE'), await server.next('SUBSCRIBE')];
      for (const subscribe of asked) await server.reply(subscribe, 200, agreed(expires));
      return asked;
    };
    const tell = async (asked: readonly WireMessage[]): Promise<void> => {
      for (const subscribe of asked) {
        const body = document(dialog('early'));
        await server.say(notify(subscribe, { type: 'application/dialog-info+xml', body }));
        await server.nextResponse(200);
      }
    };
    await tell(await answer(600));
    expect(watched()).toEqual(['ringing', 'ringing']);

    api('blf').unsubscribeAll();
    const ended = await answer(0);
    expect(ended.map(({ header }) => header('Expires'))).toEqual(['0', '0']);
    for (const subscribe of ended) {
      await server.say(notify(subscribe, { state: 'terminated;reason=timeout' }));
      await server.nextResponse(200);
    }
    expect(watched()).toEqual(['unknown', 'unknown']);
    const names = (name: 'blf.key.subscribed' | 'blf.key.unsubscribed'): readonly string[] =>
      events.of(name).map(({ key }) => key.id);
    expect(names('blf.key.unsubscribed')).toEqual(['2002', '2003']);

    api('blf').subscribeAll();
    const asked = await answer(600);
    expect(asked.map(({ start }) => /sip:(\d+)@/.exec(start)?.[1])).toEqual(['2002', '2003']);
    await tell(asked);
    expect(watched()).toEqual(['ringing', 'ringing']);
    expect(names('blf.key.subscribed')).toEqual(['2002', '2003', '2002', '2003']);
    // Who is watched already is not asked for again.
    api('blf').subscribeAll();
    await vi.advanceTimersByTimeAsync(10);
    expect(server.requests('SUBSCRIBE')).toHaveLength(6);
  });

  it('live on when the end of what was before comes late', async () => {
    const { subscribe, tell, api, events } = await scene();
    await tell(document(''));
    const { subscribe: again, unsubscribe } = api('blf');
    unsubscribe('2002');
    const bye = await server.next('SUBSCRIBE');
    again('2002');
    const second = await server.next('SUBSCRIBE');
    expect(second.header('Call-ID')).not.toBe(subscribe.header('Call-ID'));
    await server.reply(second, 200, agreed());
    const body = document(dialog('early'));
    await server.say(notify(second, { type: 'application/dialog-info+xml', body }));
    await server.nextResponse(200);
    await server.reply(bye, 200, agreed(0));
    await server.say(notify(subscribe, { state: 'terminated;reason=timeout' }));
    await server.nextResponse(200);
    expect(api('blf').getKey('2002')?.status).toBe('ringing');
    expect(events.names('blf.key.unsubscribed')).toHaveLength(1);
  });

  it('that are removed say nothing any more', async () => {
    const { subscribe, tell, api, events } = await scene();
    await tell(document(''));
    events.clear();
    api('blf').removeKey('2002');
    await server.reply(await server.next('SUBSCRIBE'), 200, agreed(0));
    await server.say(notify(subscribe, { state: 'terminated;reason=timeout' }));
    await server.nextResponse(200);
    expect(events.names('blf.key')).toEqual(['blf.key.removed']);
  });

  it('show state and name as text, and tell a screen reader what a press does', async () => {
    const { tell, part, root } = await scene();
    await tell(document(dialog('early')));
    await Promise.resolve();
    expect(part('blf', 'key').dataset['status']).toBe('ringing');
    expect(part('blf', 'state').textContent).toBe('Ringing');
    expect(part('blf', 'other').textContent).toBe('Carol <b>');
    expect(root('blf').querySelector('b')).toBeNull();
    expect(part('blf', 'select').getAttribute('title')).toContain('Take the call');
  });
});

describe('a press', () => {
  const press = async ({ part }: TestPhone): Promise<void> => {
    await Promise.resolve();
    part('blf', 'select').click();
  };

  it('on a free line calls it', async () => {
    const test = await scene();
    await test.tell(document(''));
    await press(test);
    expect((await server.next('INVITE')).start).toContain('sip:2002@example.com');
  });

  it('and the second of a double click are one call', async () => {
    const test = await scene();
    await test.tell(document(''));
    await press(test);
    await press(test);
    await server.next('INVITE');
    await press(test);
    await vi.advanceTimersByTimeAsync(10);
    expect(server.requests('INVITE')).toHaveLength(1);
  });

  it('on a ringing line takes the call, by asking the caller to replace it', async () => {
    const test = await scene();
    await test.tell(document(dialog('early')));
    await press(test);
    const invite = await server.next('INVITE');
    expect(invite.start).toBe('INVITE sip:carol@192.0.2.33:5060 SIP/2.0');
    expect(invite.header('Replaces')).toBe('c4ll@x;to-tag=caroltag;from-tag=bobtag;early-only');
    expect(invite.all('Require')).toContain('replaces');
  });

  it('asks a caller whose browser cannot be reached directly at the address', async () => {
    const test = await scene();
    const browser = 'sip:k3@o5mmj4oq29b9.invalid;transport=ws';
    await test.tell(document(dialog('early').replace('sip:carol@192.0.2.33:5060', browser)));
    await press(test);
    expect((await server.next('INVITE')).start).toBe('INVITE sip:3003@example.com SIP/2.0');
  });

  it('on a ringing line dials a feature code where there is one', async () => {
    const test = await scene({ pickup: '**' });
    await test.tell(document(dialog('early')));
    await press(test);
    expect((await server.next('INVITE')).start).toContain('sip:**2002@example.com');
  });

  it('that cannot take the call says so, and sends nothing that the server made up', async () => {
    const test = await scene();
    const forged = dialog('early').replace('caroltag', 'a;x=&quot;&#13;&#10;Evil: yes');
    await test.tell(document(forged));
    await press(test);
    await vi.advanceTimersByTimeAsync(10);
    expect(test.part('blf', 'error').textContent).not.toBe('');
    expect(server.requests('INVITE')).toHaveLength(0);
    await expect(test.api('blf').dial('9')).rejects.toMatchObject({ code: 'call.stateInvalid' });
  });
});
