import { describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import { inDialog, server, talking } from './userAgentScene.ts';
import type { Talk } from './userAgentScene.ts';

// Whom a REFER within a call may name, and what becomes of what it may not.

const contact = 'Contact: <sip:2002@192.0.2.9>';

async function asks(...headers: readonly string[]): Promise<Talk> {
  const talk = await talking({ user_agent: { refer_policy: 'follow' } });
  await server.say(inDialog(talk.invite, 'REFER', [...headers, contact]));
  await vi.dynamicImportSettled();
  await settled();
  return talk;
}
const invited = (): string | undefined => server.requests('INVITE')[1]?.start.split(' ')[1];

describe('Refer-To', () => {
  it.each([
    ['<sip:3003@example.com>', 'sip:3003@example.com'],
    ['sip:3003@example.com;x=y', 'sip:3003@example.com'],
    ['"Carol" <sip:carol@example.com;transport=tcp>;x=y', 'sip:carol@example.com;transport=tcp'],
    ['<sip:conference.example.com>', 'sip:conference.example.com'],
    ['<sip:3003@example.com;method=INVITE>', 'sip:3003@example.com'],
    ['<sip:3003@example.com?Subject=sale&Accept-Contact=x>', 'sip:3003@example.com'],
    // RFC 3966: a number is called in our own domain.
    ['<tel:+1-(201)-555-0123>', 'sip:+12015550123@example.com'],
    ['tel:7042;phone-context=example.com', 'sip:7042@example.com'],
    ['<tel:*21#>', 'sip:*21%23@example.com'],
  ])('%s has %s called', async (value, address) => {
    await asks(`Refer-To: ${value}`);
    await server.nextResponse(202);
    expect(invited()).toBe(address);
    // Nothing but Replaces comes from the address into our request.
    expect(server.requests('INVITE')[1]?.text).not.toMatch(/^(?:Subject|Accept-Contact):/m);
  });

  it('may be written short', async () => {
    await asks('r: <sip:3003@example.com>');
    expect(invited()).toBe('sip:3003@example.com');
  });

  it.each([
    [400, 'nobody', ['Refer-To: garbage']],
    [400, 'nothing', ['Refer-To:']],
    [400, 'an address that is none', ['Refer-To: <sip:@@>']],
    [400, 'two', ['Refer-To: <sip:3003@example.com>', 'r: <sip:4004@example.com>']],
    [400, 'a number that is none', ['Refer-To: <tel:carol>']],
    [400, 'another header by a line break', ['Refer-To: <sip:a@b.c?Replaces=x%0D%0AX-Evil:%20y>']],
    [400, 'broken escapes', ['Refer-To: <sip:a@b.c?Replaces=%zz>']],
    [416, 'a page', ['Refer-To: <http://example.com/>']],
    [416, 'a mailbox', ['Refer-To: <mailto:carol@example.com>']],
    [603, 'the end of a call', ['Refer-To: <sip:3003@example.com;method=BYE>']],
  ])('gets %i when it names %s', async (status, _, headers) => {
    const { call, events } = await asks(...headers);
    expect((await server.nextResponse(status)).method).toBe('REFER');
    expect([server.requests('NOTIFY'), invited()]).toEqual([[], undefined]);
    expect(events.names('call.refer')).toEqual([]);
    expect(call.isEstablished()).toBe(true);
  });

  it('with Referred-By over two lines comes to the target as one', async () => {
    await asks('Refer-To: <sip:3003@example.com>', 'Referred-By: <sip:2002@example.com>\r\n ;x=y');
    expect(server.requests('INVITE')[1]?.header('Referred-By')).toBe('<sip:2002@example.com> ;x=y');
  });
});
