import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import ar from '../../locales/ar.json' with { type: 'json' };
import de from '../../locales/de.json' with { type: 'json' };
import fa from '../../locales/fa.json' with { type: 'json' };
import hi from '../../locales/hi.json' with { type: 'json' };
import ja from '../../locales/ja.json' with { type: 'json' };
import { callList } from '../../plugins/callList/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { outgoing } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

let test: TestPhone;

beforeEach(async () => {
  vi.useFakeTimers();
  fakeMedia();
  test = testPhone({ plugins: [callList()], i18n: { resources: { ar, de, fa, hi, ja } } });
  const session = outgoing({ remote: { user: '2002', name: 'Bob' } });
  test.phone.calls.add(session);
  session.establish();
  await vi.advanceTimersByTimeAsync(192_000);
  test.api('callList').updateRenders();
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  vi.useRealTimers();
});

const seen = (): string => test.part('callList', 'duration').textContent;
const heard = (): string => test.part('callList', 'spokenDuration').textContent;

describe('how long a call is up', () => {
  it('is shown as a clock and heard as a duration', async () => {
    expect([seen(), heard()]).toEqual(['3:12', '3 minutes, 12 seconds']);
    await vi.advanceTimersByTimeAsync(3_603_000);
    expect([seen(), heard()]).toEqual(['1:03:15', '1 hour, 3 minutes, 15 seconds']);
  });

  it('is shown each second, and heard as it was within the last five', async () => {
    const told = [];
    for (let second = 0; second < 4; second += 1) {
      await vi.advanceTimersByTimeAsync(1000);
      told.push([seen(), heard()]);
    }
    expect(told).toEqual([
      ['3:13', '3 minutes, 12 seconds'],
      ['3:14', '3 minutes, 12 seconds'],
      ['3:15', '3 minutes, 15 seconds'],
      ['3:16', '3 minutes, 15 seconds'],
    ]);
  });

  it.each([
    ['ar', '3:12', '3 دقائق و12 ثانية'],
    ['ar-EG', '٣:١٢', '٣ دقائق و١٢ ثانية'],
    ['fa', '۳:۱۲', '۳ دقیقه و ۱۲ ثانیه'],
    ['hi', '3:12', '3 मिनट और 12 सेकंड'],
    ['de', '3:12', '3 Minuten, 12 Sekunden'],
    ['ja', '3:12', '3 分 12 秒'],
  ])(
    'is drawn again in %s when the language changes, and goes on in it',
    async (lng, clock, words) => {
      await test.phone.i18n.changeLanguage(lng);
      await vi.advanceTimersByTimeAsync(0);
      expect([seen(), heard()]).toEqual([clock, words]);
      await vi.advanceTimersByTimeAsync(1000);
      expect(seen()).toBe(
        clock.replace(/[2٢۲]$/u, (two) => String.fromCodePoint((two.codePointAt(0) ?? 0) + 1)),
      );
      await vi.advanceTimersByTimeAsync(2000);
      expect(heard()).not.toBe(words);
      await test.phone.i18n.changeLanguage('en');
      await vi.advanceTimersByTimeAsync(0);
      expect([seen(), heard()]).toEqual(['3:15', '3 minutes, 15 seconds']);
    },
  );

  it('is told in Latin digits by events, whatever is shown', async () => {
    await test.phone.i18n.changeLanguage('fa');
    await vi.advanceTimersByTimeAsync(1000);
    expect(test.events.last('call.timeupdate').prettyDuration).toBe('3:13');
  });

  it('does not change the name of a button each second, and nothing says it by itself', async () => {
    const place = test.part('callList', 'spokenDuration');
    expect(place.closest('button, [aria-live], [role="status"], [data-say]')).toBeNull();
    // A timer is a live region that is off (WAI-ARIA).
    expect(place.getAttribute('role')).toBe('timer');
    const nameOf = (): string => {
      const button = test.part('callList', 'select').cloneNode(true) as Element;
      for (const hidden of button.querySelectorAll('[aria-hidden="true"]')) hidden.remove();
      return button.textContent.replace(/\s+/g, ' ').trim();
    };
    const before = nameOf();
    expect(before).toContain('Bob');
    await vi.advanceTimersByTimeAsync(1000);
    expect(nameOf()).toBe(before);
  });

  it('reads from left to right whatever is around it', () => {
    expect(test.part('callList', 'duration').dir).toBe('ltr');
  });
});
