import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type SipServer,
  type SipServerOptions,
  startSipServer,
} from '../../examples/sandbox/server/sipServer.js';
import { RawPhone, type Received, branchOf, read } from './rawPhone.ts';

const bobAddress = 'sip:bob@sandbox.invalid';

let server: SipServer;
let alice: RawPhone;

async function start(timers: NonNullable<SipServerOptions['timers']>): Promise<void> {
  const users = { alice: 'alice-secret', bob: 'bob-secret' };
  server = await startSipServer({ users, timers });
  alice = await RawPhone.registered(server.url, 'alice');
}

beforeEach(async () => {
  await start({ linger: 100 });
});

afterEach(async () => {
  await server.close();
});

const bobPhone = (instance?: string): Promise<RawPhone> =>
  RawPhone.registered(server.url, 'bob', instance);

interface Dialog {
  readonly alice: (method: string, headers?: readonly string[]) => string;
  readonly bob: (from: RawPhone, method: string, headers?: readonly string[]) => string;
}

/** Answers Bob's ringing phone and gives the means to speak in the dialog. */
async function establish(bob: RawPhone): Promise<Dialog> {
  await alice.call(bobAddress);
  const invite = await bob.next('INVITE');
  bob.respond(invite, '180 Ringing');
  await alice.next('180');
  bob.respond(invite, '200 OK');
  const ok = await alice.next('200');
  const callId = invite.header('Call-ID');
  const route = (message: Received): string => `Route: ${message.header('Record-Route')}`;
  const [from, to] = [ok.header('From'), ok.header('To')];
  let cseq = 10;
  const dialog: Dialog = {
    alice: (method, headers = []) =>
      alice.request(method, {
        uri: bob.contact,
        callId,
        from,
        to,
        cseq: cseq++,
        headers: [route(ok), ...headers],
      }),
    bob: (phone, method, headers = []) =>
      phone.request(method, {
        uri: alice.contact,
        callId,
        from: to,
        to: from,
        cseq: cseq++,
        headers: [route(invite), ...headers],
      }),
  };
  dialog.alice('ACK');
  await bob.next('ACK');
  return dialog;
}

describe('a call', () => {
  test('is tried at once and answered, without our credentials in what the phone gets', async () => {
    const bob = await bobPhone();
    const sent = await alice.call(bobAddress);
    expect((await alice.next('SIP/2.0')).start).toBe('SIP/2.0 100 Trying');
    const invite = await bob.next('INVITE');
    expect(invite.start).toBe(`INVITE ${bob.contact} SIP/2.0`);
    expect(invite.header('Max-Forwards')).toBe('69');
    expect(invite.text).not.toContain('Authorization');
    bob.respond(invite, '200 OK');
    const ok = await alice.next('200');
    expect(ok.headers('Via')).toEqual(read(sent).headers('Via'));
  });

  test.each(['alice', 'bob'])('is ended by %s', async (who) => {
    const bob = await bobPhone();
    const dialog = await establish(bob);
    if (who === 'alice') dialog.alice('BYE');
    else dialog.bob(bob, 'BYE');
    const [caller, callee] = who === 'alice' ? [alice, bob] : [bob, alice];
    const bye = await callee.next('BYE');
    expect(bye.header('Route')).toBe('');
    callee.respond(bye, '200 OK');
    expect((await caller.next('200')).header('CSeq')).toContain('BYE');
  });

  test('to a user without a phone is 480, to nobody 404', async () => {
    await alice.call(bobAddress);
    expect((await alice.next(' 4')).start).toBe('SIP/2.0 480 Temporarily Unavailable');
    await alice.call('sip:nobody@sandbox.invalid');
    expect((await alice.next(' 4')).start).toBe('SIP/2.0 404 Not Found');
  });

  test('that is cancelled ends with 487 for the caller, and the phone is told why', async () => {
    const bob = await bobPhone();
    const invite = read(await alice.call(bobAddress));
    const ringing = await bob.next('INVITE');
    bob.respond(ringing, '180 Ringing');
    await alice.next('180');
    alice.request('CANCEL', {
      uri: bobAddress,
      branch: branchOf(invite),
      callId: invite.header('Call-ID'),
      cseq: 2,
      headers: ['Reason: SIP;cause=600;text="Changed my mind"'],
    });
    expect((await alice.next('200')).header('CSeq')).toBe('2 CANCEL');
    const cancel = await bob.next('CANCEL');
    expect(cancel.header('Reason')).toContain('Changed my mind');
    expect(branchOf(cancel)).toBe(branchOf(ringing));
    bob.respond(cancel, '200 OK');
    bob.respond(ringing, '487 Request Terminated');
    expect((await bob.next('ACK')).header('CSeq')).toBe('2 ACK');
    alice.acknowledge(invite.text, await alice.next('487'));
    await vi.waitFor(() => {
      expect(server.transactions()).toBe(0);
    });
  });

  test('that nobody answers is cancelled when it has rung long enough', async () => {
    await server.close();
    await start({ ring: 1000 });
    const bob = await bobPhone();
    await alice.call(bobAddress);
    const ringing = await bob.next('INVITE');
    bob.respond(ringing, '180 Ringing');
    bob.respond(await bob.next('CANCEL'), '200 OK');
    bob.respond(ringing, '487 Request Terminated');
    await alice.next('487');
  });

  test('to a phone that says nothing at all is 408', async () => {
    await server.close();
    await start({ ring: 100 });
    await bobPhone();
    await alice.call(bobAddress);
    expect((await alice.next(' 4')).start).toBe('SIP/2.0 408 Request Timeout');
  });

  test('stops ringing when the caller closes the page', async () => {
    const bob = await bobPhone();
    await alice.call(bobAddress);
    bob.respond(await bob.next('INVITE'), '180 Ringing');
    await alice.next('180');
    alice.socket.terminate();
    // The Reason of a call that rang too long would be there.
    expect((await bob.next('CANCEL')).header('Reason')).toBe('');
  });
});

describe('two phones of one user', () => {
  test('both ring; the one that is slower learns that the call was answered elsewhere', async () => {
    const [first, second] = [await bobPhone(), await bobPhone()];
    await alice.call(bobAddress);
    const [one, two] = [await first.next('INVITE'), await second.next('INVITE')];
    first.respond(one, '180 Ringing');
    second.respond(two, '180 Ringing');
    second.respond(two, '200 OK');
    expect((await alice.next('200')).header('To')).toContain(second.tag);
    const cancel = await first.next('CANCEL');
    expect(cancel.header('Reason')).toBe('SIP;cause=200;text="Call completed elsewhere"');
    first.respond(one, '487 Request Terminated');
    await first.next('ACK');
    expect(alice.pending().filter((start) => start.includes('487'))).toEqual([]);
  });

  test('a phone that has not even said 100 is cancelled only when it does', async () => {
    const [first, second] = [await bobPhone(), await bobPhone()];
    await alice.call(bobAddress);
    const [one, two] = [await first.next('INVITE'), await second.next('INVITE')];
    second.respond(two, '200 OK');
    await alice.next('200');
    await first.register();
    expect(first.pending()).toEqual([]);
    first.respond(one, '180 Ringing');
    await first.next('CANCEL');
  });

  test('486 from both is 486; 603 from one ends it at once', async () => {
    const [first, second] = [await bobPhone(), await bobPhone()];
    await alice.call(bobAddress);
    first.respond(await first.next('INVITE'), '486 Busy Here');
    second.respond(await second.next('INVITE'), '486 Busy Here');
    await alice.next('486');
    await alice.call(bobAddress);
    const [one, two] = [await first.next('INVITE'), await second.next('INVITE')];
    second.respond(two, '180 Ringing');
    first.respond(one, '603 Decline');
    await second.next('CANCEL');
    second.respond(two, '487 Request Terminated');
    await alice.next('603');
  });

  test('a phone that is busy does not stop the other from answering', async () => {
    const [first, second] = [await bobPhone(), await bobPhone()];
    await alice.call(bobAddress);
    first.respond(await first.next('INVITE'), '486 Busy Here');
    second.respond(await second.next('INVITE'), '200 OK');
    await alice.next('200');
  });
});

describe('within a dialog', () => {
  test('REFER goes one way and NOTIFY comes back, as do INFO, UPDATE, PRACK and the unknown', async () => {
    const bob = await bobPhone();
    const dialog = await establish(bob);
    dialog.alice('REFER', ['Refer-To: <sip:carol@sandbox.invalid?Replaces=a%3Bto-tag%3Db>']);
    const refer = await bob.next('REFER');
    expect(refer.header('Refer-To')).toBe('<sip:carol@sandbox.invalid?Replaces=a%3Bto-tag%3Db>');
    bob.respond(refer, '202 Accepted');
    await alice.next('202');
    dialog.bob(bob, 'NOTIFY', ['Event: refer', 'Subscription-State: active']);
    const notify = await alice.next('NOTIFY');
    expect(notify.header('Event')).toBe('refer');
    alice.respond(notify, '200 OK');
    await bob.next('200');
    for (const method of ['INFO', 'UPDATE', 'PRACK', 'MESSAGE', 'FROBNICATE']) {
      dialog.alice(method);
      bob.respond(await bob.next(method), '501 Not Implemented');
      await alice.next('501');
    }
  });

  test('a phone that registers again on a new connection still gets what is meant for it', async () => {
    const bob = await bobPhone('bob-tab');
    const dialog = await establish(bob);
    bob.socket.terminate();
    await vi.waitFor(() => {
      expect(server.registrations()).toHaveLength(1);
    });
    dialog.alice('INFO');
    await alice.next('430');
    const back = await bobPhone('bob-tab');
    dialog.alice('INVITE', [`Contact: <${alice.contact}>`]);
    back.respond(await back.next('INVITE'), '200 OK');
    await alice.next('200');
    dialog.alice('ACK');
    await back.next('ACK');
  });

  test('a phone that speaks in its dialog on a new connection is found there, unregistered', async () => {
    const bob = await bobPhone();
    const dialog = await establish(bob);
    bob.socket.terminate();
    const back = await RawPhone.open(server.url, 'bob');
    dialog.bob(back, 'INVITE', [`Contact: <${back.contact}>`]);
    alice.respond(await alice.next('INVITE'), '200 OK');
    await back.next('200');
    dialog.alice('BYE');
    await back.next('BYE');
  });

  test('a forged route is 481', async () => {
    const bob = await bobPhone();
    const dialog = await establish(bob);
    const route = /Route: (.*)/.exec(dialog.alice('INFO'))?.[1] ?? '';
    alice.request('BYE', {
      uri: bob.contact,
      to: `<${bobAddress}>;tag=someone-else`,
      from: '<sip:alice@sandbox.invalid>;tag=other',
      headers: [`Route: ${route}`],
    });
    await alice.next('481');
  });
});

test('SUBSCRIBE and the NOTIFY it asks for find their ways', async () => {
  const bob = await bobPhone();
  const headers = ['Event: presence', `Contact: <${alice.contact}>`];
  await alice.authenticated('SUBSCRIBE', { uri: bobAddress, headers });
  const subscribe = await bob.next('SUBSCRIBE');
  bob.respond(subscribe, '200 OK');
  const ok = await alice.next('200');
  bob.request('NOTIFY', {
    uri: alice.contact,
    from: ok.header('To'),
    to: ok.header('From'),
    headers: [`Route: ${subscribe.header('Record-Route')}`],
  });
  await alice.next('NOTIFY');
});

test('after the last word of a call nothing of it is remembered', async () => {
  const bob = await bobPhone();
  const dialog = await establish(bob);
  dialog.alice('BYE');
  bob.respond(await bob.next('BYE'), '200 OK');
  await vi.waitFor(() => {
    expect(server.transactions()).toBe(0);
  });
});
