import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kamailio } from './kamailio.ts';
import { freePort, mediaHost, signallingHost } from './network.ts';
import { scratchDirectory, startProcess } from './processes.ts';
import type { RunningProcess } from './processes.ts';
import { encodeMuLaw } from './rtp.ts';
import type { ReferUacScenario, ReferUasScenario } from './sippRefers.ts';
import { uacScenario, uasScenario } from './sippScenarios.ts';
import type { UacScenario, UasScenario } from './sippScenarios.ts';
import { sine } from './tone.ts';

/** How a scenario ended, and every SIP message it received. */
export interface SippResult {
  readonly passed: boolean;
  readonly received: readonly string[];
  /** What SIPp says went wrong; empty when it passed. */
  readonly errors: string;
}

/** A SIP message that came in, and when: milliseconds since 1970. */
export interface SippMessage {
  readonly at: number;
  readonly text: string;
}

/** A scenario at work. */
export interface Sipp {
  readonly process: RunningProcess;
  readonly contact: string;
  readonly received: () => readonly string[];
  /** The same with the time of each. */
  readonly timed: () => readonly SippMessage[];
  /** Waits for the end of the scenario. */
  readonly result: () => Promise<SippResult>;
}

interface ScenarioOptions {
  readonly kamailio: Kamailio;
  /** Seconds until the scenario is given up (30). */
  readonly timeoutSeconds?: number;
}

/** A far end that answers one call of `user` by its scenario. */
export interface UasOptions extends ScenarioOptions {
  readonly user: string;
}

/** A caller with an account. */
export interface UacOptions extends ScenarioOptions {
  readonly user: string;
  readonly target: string;
  /** Milliseconds the call lasts in `hangsUp` (3000). */
  readonly talkMs?: number;
}

/** The tone of every scenario with media, in Hz. */
export const sippHz = 1800;

function toneFile(directory: string): string {
  const file = join(directory, 'tone.ul');
  writeFileSync(
    file,
    Uint8Array.from(sine({ hz: sippHz, rate: 8000, count: 16_000 }), encodeMuLaw),
  );
  return file;
}

/** The messages of a SIPp trace that came in: each is under a line of dashes, time and headline. */
function receivedIn(traceFile: string): readonly SippMessage[] {
  if (!existsSync(traceFile)) return [];
  return readFileSync(traceFile, 'utf8')
    .split(/^-{20,} */m)
    .filter((part) => /^\S+ message received/m.test(part))
    .map((part) => ({
      at: Date.parse(part.slice(0, part.indexOf('\n')).trim().replace(' ', 'T').slice(0, 23)),
      text: part.slice(part.indexOf('\n\n') + 2).trimStart(),
    }));
}

/** What SIPp says went wrong; that the machine is slow at the moment is nothing wrong. */
function errorsIn(errorFile: string): string {
  if (!existsSync(errorFile)) return '';
  const text = readFileSync(errorFile, 'utf8')
    .replace(/\d{4}-\d\d-\d\d[^\n]*?Overload warning: [^\n]*? trips remaining\./g, '')
    .trim();
  return text === 'The following events occurred:' ? '' : text;
}

interface Launch {
  readonly name: string;
  readonly xml: (tone: string) => string;
  readonly args: (directory: string) => readonly string[];
  readonly options: ScenarioOptions;
}

async function launch({ name, xml, args, options }: Launch): Promise<Sipp> {
  const directory = scratchDirectory(`sipp-${name}`);
  const file = (suffix: string): string => join(directory, `${name}.${suffix}`);
  writeFileSync(file('xml'), xml(toneFile(directory)));
  const port = await freePort();
  const media = await freePort(mediaHost(), 4);
  const running = startProcess({
    name: `sipp-${name}`,
    command: 'sipp',
    cwd: directory,
    args: [
      ...['-sf', file('xml'), '-i', signallingHost, '-p', `${port}`],
      ...['-mi', mediaHost(), '-mp', `${media}`, '-m', '1', '-nostdin'],
      ...['-trace_msg', '-message_file', file('messages'), '-message_overwrite', 'true'],
      ...['-trace_err', '-error_file', file('errors'), '-timeout_error'],
      ...['-timeout', `${options.timeoutSeconds ?? 30}s`],
      ...args(directory),
      `${signallingHost}:${options.kamailio.sipPort}`,
    ],
  });
  const timed = (): readonly SippMessage[] => receivedIn(file('messages'));
  const received = (): readonly string[] => timed().map(({ text }) => text);
  return {
    process: running,
    contact: `sip:sipp@${signallingHost}:${port}`,
    received,
    timed,
    result: async () => {
      const { code } = await running.exited;
      return { passed: code === 0, received: received(), errors: errorsIn(file('errors')) };
    },
  };
}

/** Starts a far end and makes it the only contact of its user until another is bound. */
export async function startUas(
  name: UasScenario | ReferUasScenario,
  options: UasOptions,
): Promise<Sipp> {
  const xml = (tone: string): string => uasScenario(name, tone);
  const sipp = await launch({ name, options, xml, args: () => [] });
  await options.kamailio.bind(options.user, sipp.contact);
  return sipp;
}

/** Lets `user` call `target` by a scenario. */
export function startUac(name: UacScenario | ReferUacScenario, options: UacOptions): Promise<Sipp> {
  const { user, target, talkMs = 3000 } = options;
  const args = (directory: string): readonly string[] => {
    const accounts = join(directory, 'accounts.csv');
    const credentials = `[authentication username=${user} password=pw${user}]`;
    writeFileSync(accounts, `SEQUENTIAL\n${user};${credentials}\n`);
    return ['-inf', accounts, '-s', target, '-r', '1', '-d', `${talkMs}`];
  };
  return launch({ name, options, args, xml: (tone) => uacScenario(name, tone) });
}
