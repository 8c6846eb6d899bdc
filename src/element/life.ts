import type { Webphone } from '../entry/create.ts';
import type { LoadedConfig, Renew } from '../entry/more.ts';
import { attempt } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { createTree } from './tree.ts';

/** From being put into a page until being taken out of it, as often as that happens. */
export interface Life {
  readonly phone: () => Webphone | undefined;
  readonly ready: () => Promise<Webphone>;
  /** The element has come into the page or has left it; at the end of the turn it is seen which. */
  readonly check: () => void;
  /** The configuration is another one. */
  readonly renew: () => void;
  readonly setTheme: (theme: string | null) => void;
  readonly speak: (language: string | null) => void;
}

/** The life of one element's phones. */
export function createLife(host: HTMLElement, source: () => LoadedConfig | string | null): Life {
  const tree = createTree(host);
  let present: Attempt | undefined;
  // Takes the place of the present one once it is made.
  let later: Attempt | undefined;
  let isStale = false;
  let isScheduled = false;
  let next = promised();

  const renew: Renew = async (config, whenIdle) => {
    const onMade = (): void => {
      const old = present;
      present = made;
      later = undefined;
      next = promised();
      made.ready.then(next.resolve, next.reject);
      // Last: in its `phone.destroyed` the page may set a configuration and await the phone of that one.
      old?.stop();
      tree.clear();
    };
    // Of two that wait the last one wins.
    later?.stop();
    const made = attempt({ host, tree, source: config, renew, instead: { whenIdle, onMade } });
    later = made;
    await made.ready;
    return undefined;
  };
  const settle = (): void => {
    isScheduled = false;
    if (present !== undefined && (isStale || !host.isConnected)) {
      later?.stop();
      present.stop();
      tree.clear();
      present = later = undefined;
      if (!isStale) next = promised();
    }
    isStale = false;
    if (present !== undefined || !host.isConnected) return;
    present = attempt({ host, tree, source: source(), renew });
    present.ready.then(next.resolve, next.reject);
  };
  // Whoever moves an element takes it out and puts it in again in one turn: its calls go on.
  const check = (): void => {
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(settle);
  };
  return {
    phone: () => present?.phone(),
    ready: () => next.promise,
    check,
    renew: () => {
      // Whoever sets a configuration and awaits `ready` means the phone of that one.
      if (present !== undefined && !isStale) next = promised();
      isStale = true;
      check();
    },
    setTheme: tree.setTheme,
    speak: (language) => present?.speak(language),
  };
}

interface Promised {
  readonly promise: Promise<Webphone>;
  readonly resolve: (phone: Webphone) => void;
  readonly reject: (reason: unknown) => void;
}

function promised(): Promised {
  let resolve!: Promised['resolve'];
  let reject!: Promised['reject'];
  const promise = new Promise<Webphone>((...settlers) => {
    [resolve, reject] = settlers;
  });
  // Whoever awaits it is told; the words in the element and the event tell everyone else.
  promise.catch(() => undefined);
  return { promise, resolve, reject };
}
