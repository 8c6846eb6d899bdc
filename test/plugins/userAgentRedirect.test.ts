import { describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import { challenge, connected, connections, ok, server } from './userAgentScene.ts';
import type { Options } from './userAgentScene.ts';

// RFC 3261 section 8.1.3.4 and RFC 4028 section 7.3; the far end is the script.

type Policy = 'domain' | 'follow' | 'deny';

/** A phone that is calling 2002, who has said nothing yet. */
async function calling(
  redirect_policy: Policy = 'follow',
  options: Options = {},
): Promise<TestPhone & { readonly invite: WireMessage }> {
  const user_agent = { redirect_policy, ...options.user_agent };
  const test = await connected({ ...options, user_agent });
  test
    .api('userAgent')
    .call('2002')
    .catch(() => undefined);
  const invite = await server.next('INVITE');
  await settled();
  return { ...test, invite };
}

async function answerWith(
  invite: WireMessage,
  status: number,
  headers: readonly string[],
): Promise<void> {
  await server.reply(invite, status, { headers });
  await vi.dynamicImportSettled();
  await settled();
}

const moved = (invite: WireMessage, ...contacts: readonly string[]): Promise<void> =>
  answerWith(
    invite,
    302,
    contacts.map((contact) => `Contact: ${contact}`),
  );
const targets = (): readonly string[] =>
  server.requests('INVITE').map(({ start }) => start.split(' ')[1] ?? '');

describe('a call that is redirected', () => {
  it('goes to the new address, as the same call with the same offer', async () => {
    const { invite, phone, events } = await calling('domain');
    const [call] = phone.calls.list();
    await moved(invite, '"Carol" <sip:2003@example.com>');
    const second = await server.next('INVITE');
    expect(second.start).toBe('INVITE sip:2003@example.com SIP/2.0');
    for (const name of ['Call-ID', 'From', 'To', 'Contact']) {
      expect(second.header(name)).toBe(invite.header(name));
    }
    expect([second.cseq, second.body]).toEqual([invite.cseq + 1, invite.body]);
    expect(call?.snapshot.remote).toMatchObject({ name: 'Carol', user: '2003' });
    expect(events.last('call.redirected')).toMatchObject({
      callId: call?.id,
      statusCode: 302,
      target: { user: '2003' },
    });
    expect(events.last('call.identity.changed').previous.user).toBe('2002');
    await server.reply(second, 180, ok);
    await server.reply(second, 200, ok);
    const acks = server.requests('ACK');
    expect(acks.map(({ cseq }) => cseq)).toEqual([invite.cseq, second.cseq]);
    expect([call?.isEstablished(), connections.length]).toEqual([true, 1]);
    expect(phone.calls.list()).toEqual([call]);
  });

  it('fails when the policy is to deny it', async () => {
    const { invite, events } = await calling('deny');
    await moved(invite, '<sip:2003@example.com>');
    expect(targets()).toHaveLength(1);
    expect(events.last('call.failed').end).toMatchObject({ statusCode: 302 });
  });

  it('stays within the domain of the account by default', async () => {
    const { invite, events } = await calling('domain');
    await moved(invite, '<sip:2003@evil.example>', '<sip:2004@EXAMPLE.com>;q=0.1');
    expect(targets()[1]).toBe('sip:2004@example.com');
    const second = server.requests('INVITE')[1] ?? invite;
    await moved(second, '<sip:+900123@premium.example>');
    expect(targets()).toHaveLength(2);
    expect(events.last('call.failed').end).toMatchObject({ statusCode: 302 });
  });

  it('tries one address after the other, the best first, and the last word is that of the last', async () => {
    const { invite, events } = await calling();
    await moved(
      invite,
      '<sip:low@example.com>;q=0.1, <sip:best@example.com>;q=0.9',
      '<sip:mid@example.com>;q=0.5',
    );
    await answerWith(await next(), 486, []);
    await answerWith(await next(), 404, []);
    await answerWith(await next(), 480, []);
    expect(targets().slice(1)).toEqual(
      ['best', 'mid', 'low'].map((user) => `sip:${user}@example.com`),
    );
    expect(events.of('call.redirected').map(({ statusCode }) => statusCode)).toEqual([
      302, 486, 404,
    ]);
    expect(events.last('call.failed').end).toMatchObject({ statusCode: 480 });
  });

  it('asks nobody else when somebody has declined for all', async () => {
    const { invite, events } = await calling();
    await moved(invite, '<sip:a@example.com>', '<sip:b@example.com>');
    await answerWith(await next(), 603, []);
    expect(targets()).toHaveLength(2);
    expect(events.last('call.failed').end).toMatchObject({ statusCode: 603 });
  });

  it.each([
    ['<tel:+1-555-1234;phone-context=x>;q=0.2', 'sip:+15551234@example.com'],
    ['<tel:112;phone-context=+49>;q=0.2', 'sip:+49112@example.com'],
    ['<tel:200;phone-context=example.com>;q=0.2', 'sip:200@example.com'],
    ['tel:1*5#;q=0.2', 'sip:1*5%23@example.com'],
    ['"Bob, <at> home" <tel:2003>, <mailto:bob@example.com>', 'sip:2003@example.com'],
  ])('goes to a telephone number, as %s, in its own domain', async (contact, target) => {
    const { invite } = await calling('domain');
    await moved(invite, contact);
    expect((await next()).start).toBe(`INVITE ${target} SIP/2.0`);
  });

  it.each([
    '<mailto:bob@example.com>',
    '<tel:200;phone-context=other.example>',
    '<tel:nobody>',
    '<<<',
    '',
  ])('ends when there is nobody to call in %s', async (contact) => {
    const { invite, events } = await calling();
    await moved(invite, contact);
    expect(targets()).toHaveLength(1);
    expect(events.last('call.failed').end).toMatchObject({ statusCode: 302 });
  });

  it('is not led in a circle', async () => {
    const { invite, events } = await calling();
    await moved(invite, '<sip:a@example.com>');
    await moved(await next(), '<sip:2002@example.com>, <sip:a@EXAMPLE.com:5060>');
    expect(targets()).toHaveLength(2);
    expect(events.last('call.failed').end).toMatchObject({ statusCode: 302 });
  });

  it('is led on five times at most', async () => {
    const { invite } = await calling();
    let last = invite;
    for (let turn = 0; turn < 5; turn += 1) {
      await moved(last, `<sip:hop${String(turn)}@example.com>`);
      last = await next();
    }
    await moved(last, '<sip:far@example.com>');
    expect(targets()).toHaveLength(6);
  });

  it('takes nothing but the address from the one who redirects it', async () => {
    const { invite } = await calling();
    await moved(invite, '<sip:a@example.com;method=BYE?Replaces=x&Route=%3Csip%3Aevil.example%3E>');
    const second = await next();
    expect(targets()).toEqual(['sip:2002@example.com', 'sip:a@example.com']);
    expect([second.header('Replaces'), second.header('Route')]).toEqual(['', '']);
  });

  it('without an address fails', async () => {
    const { invite, events } = await calling();
    await answerWith(invite, 301, []);
    expect(events.last('call.failed').end).toMatchObject({ statusCode: 301 });
  });

  it('can be given up, before and after the new address rings', async () => {
    const { invite, phone } = await calling();
    await moved(invite, '<sip:a@example.com>');
    const second = await next();
    await phone.calls.list()[0]?.hangup();
    // Before any response there is nothing to cancel (RFC 3261 section 9.1).
    expect(server.requests('CANCEL')).toHaveLength(0);
    await server.reply(second, 180, ok);
    expect((await server.next('CANCEL')).cseq).toBe(second.cseq);
  });

  it('that is given up while the phone learns what to do goes nowhere', async () => {
    const { invite, phone } = await calling();
    void server.reply(invite, 302, { headers: ['Contact: <sip:a@example.com>'] });
    await phone.calls.list()[0]?.hangup();
    await vi.dynamicImportSettled();
    await settled();
    expect(targets()).toHaveLength(1);
    expect(phone.calls.list()).toEqual([]);
  });

  const next = (): Promise<WireMessage> => server.next('INVITE');
});

describe('the credentials of the account', () => {
  const proxyAsks = (realm: string): string =>
    `Proxy-Authenticate: Digest realm="${realm}", nonce="n0nce", qop="auth"`;

  it('are made anew for an address of the same domain', async () => {
    const { invite } = await calling();
    await server.reply(invite, 401, { headers: [challenge] });
    const second = await server.next('INVITE');
    expect(second.header('Authorization')).toContain('uri="sip:2002@example.com"');
    await moved(second, '<sip:2003@example.com>');
    const third = await server.next('INVITE');
    // What the domain has asked for once goes with the call (RFC 3261 section 22.3).
    expect(third.header('Authorization')).toContain('uri="sip:2003@example.com"');
    await server.reply(third, 401, { headers: [challenge.replace('n0nce', 'another')] });
    const fourth = await server.next('INVITE');
    expect(fourth.header('Authorization')).toContain('nonce="another"');
    expect(fourth.header('Authorization')).toContain('uri="sip:2003@example.com"');
    expect(fourth.cseq).toBe(third.cseq + 1);
  });

  it('do not go to another domain, which asks for them', async () => {
    const { invite, events } = await calling();
    await server.reply(invite, 401, { headers: [challenge] });
    await moved(await server.next('INVITE'), '<sip:2003@evil.example>');
    const third = await server.next('INVITE');
    await server.reply(third, 401, { headers: [challenge] });
    await settled();
    await server.reply(server.requests('INVITE').at(-1) ?? third, 401, { headers: [challenge] });
    const sent = server.requests('INVITE').filter(({ start }) => start.includes('evil'));
    expect(sent.flatMap(({ text }) => /^(?:proxy-)?authorization/im.exec(text) ?? [])).toEqual([]);
    expect(events.last('call.failed').end).toMatchObject({ statusCode: 401 });
  });

  it.each([
    ['our own proxy', 'example.com', true],
    ['a proxy of the other domain', 'evil.example', false],
  ])('are given to %s on the way there: %s', async (_, realm, isGiven) => {
    const { invite } = await calling();
    await moved(invite, '<sip:2003@evil.example>');
    const second = await server.next('INVITE');
    await server.reply(second, 407, { headers: [proxyAsks(realm)] });
    await settled();
    const last = server.requests('INVITE').at(-1);
    expect(last?.header('Proxy-Authorization').includes('response=')).toBe(isGiven);
  });

  it('that are a token do not go to another domain', async () => {
    const { invite } = await calling('follow', {
      authentication: { username: '1001', password: '', realm: 'example.com', jwt: 'eyJ.tok' },
    });
    expect(invite.header('Authorization')).toBe('Bearer eyJ.tok');
    await moved(invite, '<sip:2003@evil.example>');
    const second = await server.next('INVITE');
    expect(second.text).not.toContain('eyJ.tok');
  });

  const evil = { ...ok, headers: ['Contact: <sip:2003@evil.example>'] };
  const secrets = /^(?:proxy-)?authorization.*/gim;
  /** What the requests to the other domain carried. */
  const given = (): readonly string[] =>
    server.sent
      .filter(({ start, status }) => status === null && start.includes('evil.example'))
      .flatMap(({ text }) => text.match(secrets) ?? []);

  /** Goes through a call that a far end of the other domain answers, who asks at every step. */
  async function callThere(
    invite: WireMessage,
    phone: TestPhone['phone'],
    asks: (request: WireMessage) => Promise<void>,
  ): Promise<void> {
    await server.reply(invite, 200, evil);
    await server.next('ACK');
    const [call] = phone.calls.list();
    expect(call?.isEstablished()).toBe(true);
    void call?.hold().catch(() => undefined);
    await settled();
    await asks(await server.next('INVITE'));
    void call?.hangup();
    await asks(await server.next('BYE'));
  }

  it('do not go there with what follows the INVITE, whatever realm asks for them', async () => {
    const { invite, phone } = await calling();
    await server.reply(invite, 401, { headers: [challenge] });
    await moved(await server.next('INVITE'), '<sip:2003@evil.example>');
    const asks = async (request: WireMessage): Promise<void> => {
      const theirs = challenge.replace('example.com', 'evil.example');
      await answerWith(request, 401, [challenge, theirs]);
    };
    await callThere(await server.next('INVITE'), phone, asks);
    const methods = server.sent
      .filter(({ start, status }) => status === null && start.includes('evil.example'))
      .map(({ method }) => method);
    // The INVITE, its ACK, the hold with the ACK of its refusal, and the BYE: none of them twice.
    expect(methods).toEqual(['INVITE', 'ACK', 'INVITE', 'ACK', 'BYE']);
    expect(given()).toEqual([]);
  });

  it('go on to our own proxy alone with what follows the INVITE', async () => {
    const { invite, phone } = await calling();
    await server.reply(invite, 407, { headers: [proxyAsks('our proxy')] });
    await moved(await server.next('INVITE'), '<sip:2003@evil.example>');
    const asks = (request: WireMessage): Promise<void> =>
      answerWith(request, 407, [proxyAsks('evil.example')]);
    await callThere(await server.next('INVITE'), phone, asks);
    const realms = given().map((line) => /^([\w-]+):.*realm="([^"]+)"/.exec(line)?.slice(1));
    expect(realms.length).toBeGreaterThan(3);
    expect(new Set(realms.flat())).toEqual(new Set(['Proxy-Authorization', 'our proxy']));
  });

  it.each([
    ['a fixed one', 'eyJ.tok'],
    ['one that is renewed', () => Promise.resolve('eyJ.tok')],
  ])('that are a token, %s, do not go there with what follows the INVITE', async (_, jwt) => {
    const { invite, phone } = await calling('follow', {
      authentication: { username: '1001', password: '', realm: 'example.com', jwt },
    });
    expect(invite.header('Authorization')).toBe('Bearer eyJ.tok');
    await moved(invite, '<sip:2003@evil.example>');
    await callThere(await server.next('INVITE'), phone, (request) => answerWith(request, 401, []));
    expect(given()).toEqual([]);
    // Another call has them as before.
    void phone.plugins.userAgent?.call('2004').catch(() => undefined);
    await settled();
    expect((await server.next('INVITE')).header('Authorization')).toBe('Bearer eyJ.tok');
  });
});

describe('a call whose session is too short for the far end', () => {
  const timed = { user_agent: { session_timers: true } };

  it('is asked for once more, for as long as it wants', async () => {
    const { invite, phone } = await calling('deny', timed);
    expect(invite.header('Session-Expires')).toBe('90');
    await answerWith(invite, 422, ['Min-SE: 300']);
    const second = await server.next('INVITE');
    expect([second.header('Session-Expires'), second.header('Min-SE')]).toEqual(['300', '300']);
    expect(second.all('Session-Expires')).toHaveLength(1);
    expect([second.header('Call-ID'), second.cseq]).toEqual([
      invite.header('Call-ID'),
      invite.cseq + 1,
    ]);
    await server.reply(second, 200, ok);
    expect(phone.calls.list()[0]?.isEstablished()).toBe(true);
  });

  it('fails when it is still too short then', async () => {
    const { invite, events } = await calling('deny', timed);
    await answerWith(invite, 422, ['Min-SE: 300']);
    await answerWith(await server.next('INVITE'), 422, ['Min-SE: 600']);
    expect(server.requests('INVITE')).toHaveLength(2);
    expect(events.last('call.failed').end).toMatchObject({ statusCode: 422 });
  });

  it.each([[[]], [['Min-SE: 20']], [['Min-SE: nonsense']]])(
    'fails when it is not told how long it may be (%j)',
    async (headers) => {
      const { invite, events } = await calling('deny', timed);
      await answerWith(invite, 422, headers);
      expect(server.requests('INVITE')).toHaveLength(1);
      expect(events.last('call.failed').end).toMatchObject({ statusCode: 422 });
    },
  );
});
