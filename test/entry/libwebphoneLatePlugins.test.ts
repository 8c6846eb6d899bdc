import { afterEach, describe, expect, test, vi } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';
import { incoming, settled } from '../support/fakeSession.ts';

// The fork's conference and busy lamps, whose files are loaded where the configuration names them.

type Methods = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

let phone: Libwebphone;

function phoneWith(config: object): void {
  const quiet = { storage: false, log: { level: 'off' }, mediaDevices: { enabled: false } };
  phone = new Libwebphone({ ...quiet, ...config });
}

const engine = (): Engine =>
  (Reflect.get(phone.getCallList() ?? {}, 'kit') as { readonly engine: Engine }).engine;
const conference = (): Methods => phone.getConference() as unknown as Methods;

/** Two calls that are up. */
function twoCalls(): readonly string[] {
  return [1, 2].map(() => {
    const session = incoming({ isObliging: true });
    const { id } = engine().calls.add(session);
    session.establish();
    return id;
  });
}

async function loaded(): Promise<void> {
  await vi.dynamicImportSettled();
  await settled();
}

afterEach(() => {
  phone.destroy();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

describe('a plugin of the fork', () => {
  test('is not there where the configuration does not name it', () => {
    phoneWith({ conference: { enabled: false } });
    expect([phone.getConference(), phone.getBlf(), phone.getBLF()]).toEqual([
      ...[undefined, undefined, undefined],
    ]);
  });

  test('does what it is asked for before its file is there, once it is', async () => {
    phoneWith({ blf: { keys: [{ id: '1002', name: 'Bob' }] } });
    expect(phone.getBLF()).toBe(phone.getBlf());
    const early = (phone.getBLF() as unknown as Methods)['getKeys']?.();
    expect(early).toBeInstanceOf(Promise);
    await expect(early).resolves.toMatchObject([{ id: '1002', name: 'Bob' }]);
    expect((phone.getBLF() as unknown as Methods)['getKeys']?.()).toMatchObject([{ id: '1002' }]);
  });

  test('is drawn as soon as it is there', async () => {
    document.body.append(Object.assign(document.createElement('div'), { id: 'lamps' }));
    phoneWith({ blf: { renderTargets: ['lamps'], keys: [{ id: '1002', name: 'Bob' }] } });
    await vi.waitFor(() => {
      expect(document.getElementById('lamps')?.textContent).toBe('Bob');
    });
  });

  test('leaves no rejection behind when nobody waits for it', async () => {
    phoneWith({ conference: {} });
    await loaded();
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const merging = conference()['merge']?.();
    await expect(merging).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve));
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test('takes a call where the native one takes its id', async () => {
    phoneWith({ conference: {} });
    await loaded();
    const [id = ''] = twoCalls();
    const isLeg = vi.spyOn(engine().plugins.conference ?? ({} as never), 'isLeg');
    const call = phone.getCallList()?.getCall(id);
    expect(conference()['isLeg']?.(call)).toBe(false);
    expect(isLeg).toHaveBeenLastCalledWith(id);
    expect(conference()['isLeg']?.(id)).toBe(false);
    expect(isLeg).toHaveBeenLastCalledWith(id);
  });
});

test('the calls of a conference are asked which one it is, and the controls merge and split', async () => {
  phoneWith({ conference: {} });
  await loaded();
  const [id = ''] = twoCalls();
  const native = engine().plugins.conference;
  if (!native) throw new Error('no conference');
  const merge = vi.fn(() => Promise.resolve());
  const split = vi.fn(() => Promise.resolve());
  const muteCaller = vi.fn();
  const legs = { isLeg: () => true, getConferenceId: () => 'c1', merge, split, muteCaller };
  Reflect.set(engine().plugins, 'conference', { ...native, ...legs });
  const call = phone.getCallList()?.getCall(id);
  expect([call?.isInConference(), call?.getConferenceId()]).toEqual([true, 'c1']);
  const control = phone.getCallControl();
  control?.updateRenders(call);
  await control?.conference();
  await control?.split();
  control?.muteCaller();
  expect(merge).toHaveBeenCalledOnce();
  expect(split).toHaveBeenCalledExactlyOnceWith(id);
  expect(muteCaller).toHaveBeenCalledExactlyOnceWith(id);
});
