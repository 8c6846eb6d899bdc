import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Attempt, AttemptSetup } from '../../src/element/attempt.ts';
import { attempt } from '../../src/element/attempt.ts';
import { createLife } from '../../src/element/life.ts';
import { createTree } from '../../src/element/tree.ts';
import { boot } from '../../src/entry/boot.ts';
import type { Webphone } from '../../src/entry/index.ts';

// What waits for the end of a call, step by step: `whenIdle` is the test's.

vi.mock(import('../../src/element/attempt.ts'), async (load) => {
  const { attempt: real } = await load();
  return { attempt: vi.fn(real) };
});

const config = { storage: false };
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

let isIdle: () => void;
let isUnwanted: (error: Error) => void;
let whenIdle: ReturnType<typeof vi.fn<() => Promise<void>>>;
let host: HTMLElement;

beforeEach(() => {
  whenIdle = vi.fn(
    () =>
      new Promise<void>((resolve, reject) => {
        [isIdle, isUnwanted] = [resolve, reject];
      }),
  );
  host = document.body.appendChild(document.createElement('div'));
});
afterEach(() => {
  document.body.replaceChildren();
  vi.mocked(attempt).mockClear();
});

describe('a phone of the element that takes the place of another one', () => {
  const onMade = vi.fn();
  let one: Attempt;

  beforeEach(async () => {
    onMade.mockClear();
    const renew = (): Promise<undefined> => Promise.resolve(undefined);
    const instead = { whenIdle, onMade };
    one = attempt({ host, tree: createTree(host), source: config, renew, instead });
    await vi.waitFor(() => {
      expect(whenIdle).toHaveBeenCalledTimes(1);
    });
  });
  afterEach(() => {
    one.stop();
  });

  it('is made when no call is up, and not before', async () => {
    await turn();
    expect([one.phone(), onMade.mock.calls.length]).toEqual([undefined, 0]);
    isIdle();
    expect(await one.ready).toBe(one.phone());
    expect(onMade).toHaveBeenCalledTimes(1);
  });

  it('is not made when it is not wanted any more, and says nothing in the element', async () => {
    const failed = vi.fn();
    host.addEventListener('phone.configuration.failed', failed);
    isUnwanted(new Error('not wanted'));
    await expect(one.ready).rejects.toBeInstanceOf(Error);
    expect([one.phone(), onMade.mock.calls.length]).toEqual([undefined, 0]);
    expect(failed).not.toHaveBeenCalled();
    expect(host.shadowRoot?.querySelector('[part="failure"]')).toBeNull();
  });

  it('is not made when it is stopped while it waits', async () => {
    one.stop();
    isIdle();
    await expect(one.ready).rejects.toMatchObject({ code: 'phone.destroyed' });
    expect([one.phone(), onMade.mock.calls.length]).toEqual([undefined, 0]);
  });
});

describe('a phone of the script tag that takes the place of another one', () => {
  const stopOld = vi.fn();
  let made: Promise<Webphone | undefined>;

  beforeEach(async () => {
    stopOld.mockClear();
    host.id = 'phone';
    made = boot({ config, target: 'phone' }, whenIdle, stopOld);
    await vi.waitFor(() => {
      expect(whenIdle).toHaveBeenCalledTimes(1);
    });
  });

  it('is made when no call is up, and not before', async () => {
    await turn();
    expect([host.childElementCount, stopOld.mock.calls.length]).toEqual([0, 0]);
    isIdle();
    const phone = await made;
    expect(host.childElementCount).toBeGreaterThan(0);
    expect(stopOld).toHaveBeenCalledTimes(1);
    phone?.destroy();
  });

  it('is not made when it is not wanted any more', async () => {
    isUnwanted(new Error('not wanted'));
    await expect(made).rejects.toThrow('not wanted');
    expect([host.childElementCount, stopOld.mock.calls.length]).toEqual([0, 0]);
  });
});

describe('the life of an element', () => {
  const stops: ReturnType<typeof vi.fn>[] = [];
  const setups: AttemptSetup[] = [];
  const phones = [{}, {}, {}] as Webphone[];
  let life: ReturnType<typeof createLife>;

  beforeEach(async () => {
    stops.length = setups.length = 0;
    vi.mocked(attempt).mockImplementation((setup) => {
      const phone = phones[setups.push(setup) - 1];
      const stop = vi.fn();
      stops.push(stop);
      // One that takes the place of another is not ready before the test says so.
      const ready = setup.instead
        ? setup.instead.whenIdle().then(() => setup.instead?.onMade())
        : Promise.resolve();
      return {
        phone: () => phone,
        ready: ready.then(() => phone ?? ({} as Webphone)),
        speak: vi.fn(),
        stop,
      };
    });
    life = createLife(host, () => config);
    life.check();
    await turn();
  });
  afterEach(async () => {
    host.remove();
    life.check();
    await turn();
    vi.mocked(attempt).mockReset();
  });
  const renew = (): void => {
    void setups[0]?.renew({ provisioning: {} }, whenIdle);
  };
  const stopped = (): readonly number[] => stops.map(({ mock }) => mock.calls.length);

  it('has the phone that takes the place of another one, which is stopped', async () => {
    renew();
    expect(life.phone()).toBe(phones[0]);
    isIdle();
    expect(await life.ready()).toBe(phones[0]);
    await turn();
    expect(life.phone()).toBe(phones[1]);
    expect(await life.ready()).toBe(phones[1]);
    expect(stopped()).toEqual([1, 0]);
  });

  it('gives up the one that waits for another that waits, and keeps the present one', () => {
    renew();
    renew();
    expect(stopped()).toEqual([0, 1, 0]);
    expect(life.phone()).toBe(phones[0]);
  });

  it('gives up the one that waits when the element leaves the page', async () => {
    renew();
    host.remove();
    life.check();
    await turn();
    expect(stopped()).toEqual([1, 1]);
    expect(life.phone()).toBeUndefined();
  });

  it('gives up the one that waits for a configuration that the page sets', async () => {
    renew();
    life.renew();
    await turn();
    expect(stopped()).toEqual([1, 1, 0]);
    expect(life.phone()).toBe(phones[2]);
  });
});
