import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clearStage, enter, hearEachOther, isSilentFor, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { firefoxHz, launchFirefox } from './support/firefox.ts';
import { useLab } from './support/lab.ts';
import { isUp, makePhone } from './support/phone.ts';
import { startPlainRtpPeer } from './support/plainRtpPeer.ts';
import { until } from './support/processes.ts';
import { startPulse } from './support/pulse.ts';

const lab = useLab({ rtpengine: true });

let bob: Member;
let fox: Member;

async function enterFox(): Promise<Member> {
  const { kamailio, party } = lab();
  const pulse = await startPulse();
  await pulse.addSpeaker({ name: 'Speaker' });
  const tab = await party({ name: 'fox', launch: () => launchFirefox(pulse) });
  const phone = await makePhone(tab, { user: '1001', socket: kamailio.url });
  return { ...phone, tab, hz: firefoxHz };
}

beforeAll(async () => {
  const { kamailio, party } = lab();
  [fox, bob] = await Promise.all([enterFox(), enter('bob', { party, socket: kamailio.url })]);
});

afterEach(() => clearStage(fox, bob));

describe('Firefox', () => {
  test('draws the whole phone and says that it is registered', async () => {
    expect(await fox.textOf('user-agent', 'status')).toContain('Ready');
    expect(await fox.page.locator('[data-cordboard]').count()).toBe(7);
    expect(await fox.page.evaluate(() => navigator.userAgent)).toContain('Firefox/');
  });

  test('calls Chromium: sound both ways, hold, resume, and the end of it for both', async () => {
    await talk(fox, bob);
    await hearEachOther(fox, bob);
    await fox.run('hold');
    await bob.waitForEvent('call.hold');
    await isSilentFor(bob);
    await fox.run('unhold');
    await hearEachOther(fox, bob);
    await fox.run('mute');
    await isSilentFor(bob);
    await fox.run('hangup');
    const { call } = await bob.waitForEvent('call.ended');
    expect(call.end).toMatchObject({ by: 'remote', failed: false });
  });

  test('is called by Chromium: sound both ways, and the end of it for both', async () => {
    await talk(bob, fox);
    await hearEachOther(bob, fox);
    await bob.run('hangup');
    const { call } = await fox.waitForEvent('call.ended');
    expect(call.end).toMatchObject({ by: 'remote', failed: false });
  });

  const codecs = ['PCMU', 'opus'] as const;
  test.each(codecs)('sends digits that last to plain RTP, beside %s', async (codec) => {
    const { kamailio } = lab();
    const peer = await startPlainRtpPeer({ kamailio, user: '1010', codec, eventClock: 8000 });
    await fox.waitForCall('the call to be up', isUp, await fox.callTo('1010'));
    await until('sound to arrive', () => peer.packets() > 10);
    await fox.run('sendDTMF', '', '15#');
    await until('all digits', () => peer.dtmf().filter(({ hasEnd }) => hasEnd).length === 3);
    expect(peer.dtmf().map(({ digit }) => digit)).toEqual(['1', '5', '#']);
    // Between the first and the last packet of each.
    for (const { durationMs } of peer.dtmf()) expect(durationMs).toBeGreaterThanOrEqual(100);
    peer.bye();
    await fox.waitForEvent('call.ended');
    peer.close();
  });
});
