import process from 'node:process';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { consoleTails, party, takePageErrors } from './browser.ts';
import type { Party, PartyOptions } from './browser.ts';
import { startKamailio } from './kamailio.ts';
import type { Kamailio, KamailioOptions } from './kamailio.ts';
import { logTails, stopEverything } from './processes.ts';
import { startRtpengine } from './rtpengine.ts';
import { startPageServer } from './server.ts';
import type { PageServer } from './server.ts';

/** What most end-to-end tests stand on. */
export interface Lab {
  readonly server: PageServer;
  readonly kamailio: Kamailio;
  /** Starts a browser on this lab's pages. */
  readonly party: (options?: Omit<PartyOptions, 'url'>) => Promise<Party>;
}

/** Kamailio's options, with rtpengine as a yes or no. */
export interface LabOptions extends Omit<KamailioOptions, 'rtpengine'> {
  readonly rtpengine?: boolean;
}

/**
 * The part every end-to-end file needs: an error that no page caught fails the test, a failed test
 * prints the logs, and everything started is stopped after the file.
 */
export function useHarness(): void {
  afterEach(({ task }) => {
    const errors = takePageErrors();
    if (task.result?.state === 'fail' || errors.length > 0) printLogs();
    expect(errors, 'errors no page caught').toEqual([]);
  });
  afterAll(stopEverything);
}

function printLogs(): void {
  process.stderr.write(`\n${logTails()}\n${consoleTails()}\n`);
}

async function start({ rtpengine, ...options }: LabOptions): Promise<Lab> {
  const server = await startPageServer();
  const relay = rtpengine === true ? { rtpengine: (await startRtpengine()).port } : {};
  const kamailio = await startKamailio({ ...options, ...relay });
  return {
    server,
    kamailio,
    party: (partyOptions = {}) => party({ url: server.url, ...partyOptions }),
  };
}

/** `useHarness`, and before the tests a page server, Kamailio and, if asked for, rtpengine. */
export function useLab(options: LabOptions = {}): () => Lab {
  let lab: Lab | undefined;
  useHarness();
  beforeAll(async () => {
    lab = await start(options).catch((error: unknown) => {
      printLogs();
      throw error;
    });
  });
  return () => {
    if (lab === undefined) throw new Error('the lab is there only within tests');
    return lab;
  };
}
