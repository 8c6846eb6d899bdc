import { FakeStream } from './fakeTracks.ts';

/** What is put into the page. */
export interface Installed {
  readonly mediaDevices: unknown;
  readonly permissions: unknown;
  readonly broken: ReadonlySet<string>;
}

/** Puts the fakes where a page looks for them; the result puts back what was there. */
export function installMedia({ mediaDevices, permissions, broken }: Installed): () => void {
  const media = typeof HTMLMediaElement === 'undefined' ? {} : HTMLMediaElement.prototype;
  // Node has none before its version 21.
  const page = typeof navigator === 'undefined' ? {} : navigator;
  const sources = new WeakMap<object, unknown>();
  const sinks = new WeakMap<object, string>();
  const puts: readonly (readonly [object, string, PropertyDescriptor])[] = [
    // The environment's own element takes none but its own streams, and plays nothing anyway.
    [
      media,
      'srcObject',
      {
        get(this: object) {
          return sources.get(this) ?? null;
        },
        set(this: object, value: unknown) {
          sources.set(this, value);
        },
      },
    ],
    [media, 'play', { value: () => Promise.resolve() }],
    [
      media,
      'sinkId',
      {
        get(this: object) {
          return sinks.get(this) ?? '';
        },
      },
    ],
    [
      media,
      'setSinkId',
      {
        value(this: object, id: string): Promise<void> {
          if (broken.has(id)) return Promise.reject(new DOMException('No', 'AbortError'));
          sinks.set(this, id);
          return Promise.resolve();
        },
      },
    ],
    [globalThis, 'navigator', { value: page, writable: true }],
    [page, 'mediaDevices', { value: mediaDevices }],
    [page, 'permissions', { value: permissions }],
    [globalThis, 'MediaStream', { value: FakeStream, writable: true }],
  ];
  const before = puts.map(
    ([target, key]) => [target, key, Object.getOwnPropertyDescriptor(target, key)] as const,
  );
  for (const [target, key, how] of puts) put(target, key, { ...how, configurable: true });
  return () => {
    for (const [target, key, how] of before) put(target, key, how);
  };
}

function put(target: object, key: string, descriptor: PropertyDescriptor | undefined): void {
  if (descriptor) Object.defineProperty(target, key, descriptor);
  else Reflect.deleteProperty(target, key);
}
