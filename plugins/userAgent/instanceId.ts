import { newId } from '../../src/core/index.ts';
import type { Off } from '../../src/core/index.ts';

/** An instance id (RFC 5626 section 4.1) that is ours for as long as we hold it. */
export interface ClaimedId {
  readonly id: string;
  readonly release: Off;
}

/** The instance id of one agent. */
export interface Instance {
  /** The id for an account, claimed until it is released; an earlier claim is given up. */
  readonly claim: (account: string) => Promise<string>;
  readonly release: Off;
}

/** An instance that has claimed nothing yet. */
export function createInstance(): Instance {
  let own: ClaimedId | undefined;
  let turn = 0;
  const release = (): void => {
    turn += 1;
    own?.release();
    own = undefined;
  };
  return {
    release,
    claim: async (account) => {
      release();
      const mine = turn;
      const claimed = await claimInstanceId(account);
      // Released while the lock was asked for: nobody is left who would give it back.
      if (turn === mine) own = claimed;
      else claimed.release();
      return claimed.id;
    },
  };
}

// Ids of other phones in this very page: theirs are taken, but not by a copy of this tab.
const held = new Set<string>();
const slots = 8;

/**
 * One id per account and tab, the same after a reload. The tab's session storage keeps it; a Web
 * Lock claims it, because a duplicated tab starts with a copy of that storage and must not push the
 * first tab's registration out.
 */
export async function claimInstanceId(account: string): Promise<ClaimedId> {
  for (let slot = 0; slot < slots; slot += 1) {
    const key = `cordboard.instance.${account}.${String(slot)}`;
    const stored = read(key);
    if (stored !== null && held.has(stored)) continue;
    const id = stored ?? newId();
    const release = await claim(id);
    if (release) return keep(key, id, release);
    const fresh = newId();
    return keep(key, fresh, (await claim(fresh)) ?? (() => undefined));
  }
  return { id: newId(), release: () => undefined };
}

function keep(key: string, id: string, release: Off): ClaimedId {
  held.add(id);
  write(key, id);
  return {
    id,
    release: () => {
      held.delete(id);
      release();
    },
  };
}

/** Takes the lock of an id, or gives up when another tab has it. */
function claim(id: string): Promise<Off | undefined> {
  // Missing on insecure pages, whatever its type says: there an id cannot be shared safely.
  const locks = navigator.locks as LockManager | undefined;
  if (!locks) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    // After a reload the page before may hold the lock for a moment longer.
    const signal = AbortSignal.timeout(250);
    locks
      .request(`cordboard.instance.${id}`, { signal }, () => {
        return new Promise<void>((release) => {
          resolve(release);
        });
      })
      .catch(() => {
        resolve(undefined);
      });
  });
}

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, id: string): void {
  try {
    sessionStorage.setItem(key, id);
  } catch {
    // Without storage the id lasts until the next load; nothing else depends on it.
  }
}
