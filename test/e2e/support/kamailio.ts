import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, signallingHost } from './network.ts';
import { scratchDirectory, startProcess, until } from './processes.ts';
import type { RunningProcess } from './processes.ts';

/** The SIP domain of every test user; 1001 to 1020 exist, with the passwords pw1001 to pw1020. */
export const domain = 'lab.test';

/** What to start Kamailio with; ports left out are free ones. */
export interface KamailioOptions {
  readonly sipPort?: number;
  readonly webSocketPort?: number;
  /** Control port of the rtpengine that is to carry calls between browsers and plain phones. */
  readonly rtpengine?: number;
  /** Send in-dialog requests of a vanished WebSocket to the peer's present registration. */
  readonly fallback?: boolean;
  /** Ask by SHA-256, and for a password of the realm `guard.test`, which is guard-pw, besides the user's own. */
  readonly guard?: boolean;
  /** Publish the dialog state of every call. */
  readonly blf?: boolean;
  /** Let phones without an account call those that have one. */
  readonly guests?: boolean;
  /** Take from WebSocket phones only what is routed here by a preloaded Route. */
  readonly outboundProxy?: boolean;
}

/** A running registrar and proxy. Its ports survive `restart`. */
export interface Kamailio {
  readonly sipPort: number;
  readonly webSocketPort: number;
  /** The address a browser phone connects to. */
  readonly url: string;
  readonly process: () => RunningProcess;
  readonly restart: () => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly rpc: (method: string, params?: readonly unknown[]) => Promise<unknown>;
  /** From now on answers in a user's stead: '486', '302:1003', 'blackhole'; null ends that. */
  readonly behave: (user: string, answer: string | null) => Promise<void>;
  /** Keeps rtpengine out of the calls of a phone that talks ICE and DTLS-SRTP by itself. */
  readonly keepDirect: (user: string) => Promise<void>;
  readonly addUser: (user: string, password: string) => Promise<void>;
  /** Makes `user` reachable at a plain SIP address without a REGISTER, and nowhere else. */
  readonly bind: (user: string, contact: string) => Promise<void>;
  readonly unbind: (user: string) => Promise<void>;
  /** The contacts registered for `user`, as URIs. */
  readonly contacts: (user: string) => Promise<readonly string[]>;
  readonly webSockets: () => Promise<readonly WebSocketConnection[]>;
  readonly closeWebSocket: (id: number) => Promise<void>;
}

/** One browser's connection as Kamailio sees it. */
export interface WebSocketConnection {
  readonly id: number;
  readonly text: string;
}

interface Ports {
  readonly sipPort: number;
  readonly webSocketPort: number;
}

const configuration = fileURLToPath(new URL('kamailio.cfg', import.meta.url));
const emptyTables = '/usr/share/kamailio/dbtext/kamailio';

function launch(options: KamailioOptions, { sipPort, webSocketPort }: Ports): RunningProcess {
  const directory = scratchDirectory('kamailio');
  if (options.blf === true) {
    const tables = join(directory, 'dbtext');
    mkdirSync(tables);
    cpSync(join(emptyTables, 'pua'), join(tables, 'pua'), { recursive: true });
    writeFileSync(join(tables, 'version'), 'table_name(string) table_version(int)\npua:7\n');
  }
  const features = [
    ...(options.rtpengine === undefined ? [] : ['WITH_RTPENGINE']),
    ...(options.fallback === true ? ['WITH_FALLBACK'] : []),
    ...(options.blf === true ? ['WITH_BLF'] : []),
    ...(options.guests === true ? ['WITH_GUESTS'] : []),
    ...(options.outboundProxy === true ? ['WITH_OUTBOUND_PROXY'] : []),
    ...(options.guard === true ? ['WITH_GUARD'] : []),
  ];
  const substitutions = {
    SIP_PORT: sipPort,
    WS_PORT: webSocketPort,
    RTPENGINE_PORT: options.rtpengine ?? 0,
    RUN_DIRECTORY: directory,
  };
  return startProcess({
    name: 'kamailio',
    command: 'kamailio',
    args: [
      // No pid file: a pid left in one by an earlier run would keep Kamailio from starting.
      ...[
        '-DD',
        '-E',
        '-f',
        configuration,
        '-m',
        '32',
        '-M',
        '4',
        '-Y',
        directory,
        '-w',
        directory,
      ],
      ...Object.entries(substitutions).map(([name, to]) => `--substdef=!${name}!${to}!g`),
      ...features.flatMap((name) => ['-A', name]),
    ],
  });
}

async function whenReady(running: RunningProcess, port: number): Promise<void> {
  await until(
    'Kamailio to answer HTTP',
    () =>
      fetch(`http://${signallingHost}:${port}/`).then(
        (response) => response.ok,
        () => false,
      ),
    { alive: running },
  );
}

interface RpcReply {
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

async function callRpc(port: number, method: string, params: readonly unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 });
  const response = await fetch(`http://${signallingHost}:${port}/RPC`, { method: 'POST', body });
  const reply = (await response.json()) as RpcReply;
  if (reply.error !== undefined) throw new Error(`Kamailio ${method}: ${reply.error.message}`);
  return reply.result;
}

/** Every string found below `value` under the key `key`, however deep. */
function valuesOf(value: unknown, key: string): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === key && typeof inner === 'string' ? [inner] : valuesOf(inner, key),
  );
}

/** Starts Kamailio and waits until it answers; it ends with the test file. */
export async function startKamailio(options: KamailioOptions = {}): Promise<Kamailio> {
  const ports: Ports = {
    sipPort: options.sipPort ?? (await freePort()),
    webSocketPort: options.webSocketPort ?? (await freePort()),
  };
  let running = launch(options, ports);
  await whenReady(running, ports.webSocketPort);
  const rpc: Kamailio['rpc'] = (method, params = []) =>
    callRpc(ports.webSocketPort, method, params);
  const stop = async (): Promise<void> => {
    await running.stop();
  };
  return {
    ...ports,
    url: `ws://${signallingHost}:${ports.webSocketPort}/`,
    process: () => running,
    rpc,
    stop,
    restart: async () => {
      await stop();
      running = launch(options, ports);
      await whenReady(running, ports.webSocketPort);
    },
    ...commands(rpc),
  };
}

type Commands = Pick<
  Kamailio,
  | 'behave'
  | 'keepDirect'
  | 'addUser'
  | 'bind'
  | 'unbind'
  | 'contacts'
  | 'webSockets'
  | 'closeWebSocket'
>;

function commands(rpc: Kamailio['rpc']): Commands {
  const unbind = async (user: string): Promise<void> => {
    // An error means that the user had no contact, which is what was asked for.
    await rpc('ul.rm', ['location', user]).catch(() => undefined);
  };
  return {
    unbind,
    behave: async (user, answer) => {
      if (answer === null) await rpc('htable.delete', ['behave', user]);
      else await rpc('htable.sets', ['behave', user, answer]);
    },
    keepDirect: async (user) => {
      await rpc('htable.sets', ['direct', user, '1']);
    },
    addUser: async (user, password) => {
      await rpc('htable.sets', ['users', user, password]);
    },
    bind: async (user, contact) => {
      await unbind(user);
      const everyMethod = 0xffff;
      const entry = ['location', user, contact, 600, 1.0, '', 0, 0, everyMethod];
      await rpc('ul.add', entry);
    },
    contacts: async (user) => {
      const found = await rpc('ul.lookup', ['location', user]).catch(() => undefined);
      return valuesOf(found, 'Address');
    },
    webSockets: async () => {
      const dump = JSON.stringify(await rpc('ws.dump'));
      const lines = dump.match(/"\d+: [^"]*"/g) ?? [];
      return lines.map((line) => ({ id: Number.parseInt(line.slice(1), 10), text: line }));
    },
    closeWebSocket: async (id) => {
      await rpc('ws.close', [id]);
    },
  };
}
