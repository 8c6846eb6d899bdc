import { afterEach, expect, test } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';

let phone: Libwebphone | undefined;

function phoneWith(config: object): Libwebphone {
  phone = new Libwebphone({ storage: false, log: { level: 'off' }, ...config });
  return phone;
}

/** Every string that can be reached from a value, whatever stands in between. */
function reachable(value: unknown, seen = new Set<unknown>()): readonly unknown[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return Reflect.ownKeys(value).flatMap((key) => reachable(Reflect.get(value, key), seen));
}

afterEach(() => {
  phone?.destroy();
  phone = undefined;
});

test('what the classes and the calls hold of the configuration has no secret in it', () => {
  const authentication = { username: 'anna', password: 'secret', jwt: 'secret', ha1: 'secret' };
  const made = phoneWith({ userAgent: { authentication }, conference: {}, blf: {} });
  const holders = [
    ...[made.getUserAgent(), made.getCallList(), made.getCallControl(), made.getDialpad()],
    ...[made.getMediaDevices(), made.getAudioContext(), made.getVideoCanvas()],
    ...[made.getConference(), made.getBlf(), made.getCallList()?.getCalls()[0]],
  ];
  for (const holder of holders) {
    const { config } = Reflect.get(holder ?? {}, 'kit') as { readonly config: object };
    expect(reachable(config)).toContain('anna');
    expect(reachable(config)).not.toContain('secret');
  }
});
