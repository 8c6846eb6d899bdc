import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { scratchDirectory, startProcess, until } from './processes.ts';
import type { RunningProcess } from './processes.ts';
import type { Heard } from './tone.ts';
import { heardInWav } from './wav.ts';

/** A device that a browser takes for real; `name` is its label in the browser. */
interface Plugged {
  readonly name: string;
  /** Takes it away; the browsers know when the promise resolves. */
  readonly unplug: () => Promise<void>;
}

/** A microphone with a tone of its own. */
export interface Microphone extends Plugged {
  /** Mutes it as the switch of a headset does: its tracks fire `mute` within about a second. */
  readonly setMuted: (isMuted: boolean) => Promise<void>;
  /** Makes it the one that the device `default` stands for; open streams may be moved to it. */
  readonly makeDefault: () => Promise<void>;
}

/** A speaker that can be listened to. */
export interface Speaker extends Plugged {
  /** What is played on it in the next `ms` (500): the loudest tone, and the level from 0 to 1. */
  readonly record: (ms?: number) => Promise<Heard>;
  /** Makes it the one that the device `default` stands for; open streams may be moved to it. */
  readonly makeDefault: () => Promise<void>;
}

/** A PulseAudio server of its own, with no device until one is added. */
export interface Pulse {
  /** What a browser needs in its environment to use this server. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * How to make each browser look at its devices again. Without udev Chromium notices a change only
   * when some page asks for the list; then all pages get `devicechange` and lost tracks end.
   */
  readonly onChange: Set<() => Promise<void>>;
  readonly addMicrophone: (options: {
    readonly name: string;
    readonly hz: number;
  }) => Promise<Microphone>;
  readonly addSpeaker: (options: { readonly name: string }) => Promise<Speaker>;
  readonly stop: () => Promise<void>;
}

const feeder = fileURLToPath(new URL('toneFeeder.mjs', import.meta.url));
const run = promisify(execFile);

interface Server {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onChange: Set<() => Promise<void>>;
  readonly control: (...args: readonly string[]) => Promise<string>;
  /** The next name that no source and no sink has yet. */
  readonly nextId: (kind: string) => string;
}

/** Loads a module that is a device, tells the browsers, and gives what takes it away again. */
async function plug(server: Server, module: readonly string[]): Promise<() => Promise<void>> {
  const { control, onChange } = server;
  const tell = async (): Promise<void> => {
    await Promise.all([...onChange].map((look) => look()));
  };
  const index = await control('load-module', ...module);
  await tell();
  return async () => {
    await control('unload-module', index);
    await tell();
  };
}

/** Two layers of quotes: one for the module's arguments, one for the list of properties. */
const labelled = (key: string, name: string): string => `${key}="device.description='${name}'"`;

async function addMicrophone(server: Server, name: string, hz: number): Promise<Microphone> {
  const id = server.nextId('microphone');
  const pipe = join(server.directory, id);
  // module-sine-source would be simpler, but it gives two seconds at once and then pauses.
  const source = [`source_name=${id}`, `file=${pipe}`, 'format=s16le', 'rate=48000', 'channels=1'];
  const unplug = await plug(server, [
    'module-pipe-source',
    ...source,
    labelled('source_properties', name),
  ]);
  const args = [feeder, pipe, String(hz)];
  const tone = startProcess({ name: id, command: process.execPath, args });
  return {
    name,
    setMuted: async (isMuted) => {
      await server.control('set-source-mute', id, isMuted ? '1' : '0');
    },
    makeDefault: async () => {
      await server.control('set-default-source', id);
    },
    unplug: async () => {
      await unplug();
      await tone.stop();
    },
  };
}

async function record({ directory, env }: Server, id: string, ms: number): Promise<Heard> {
  const file = join(scratchDirectory('recording'), `${id}.wav`);
  // Without a latency of its own a recorder is given two seconds at once.
  const args = ['-d', `${id}.monitor`, '--latency-msec=20', '--format=s16le', '--rate=48000'];
  const recorder = startProcess({
    name: `recorder-of-${id}`,
    command: 'parec',
    args: [...args, '--channels=1', '--file-format=wav', file],
    env,
    cwd: directory,
  });
  const hasBegun = (): boolean => existsSync(file) && statSync(file).size > 44;
  await until('a recording to begin', hasBegun, { alive: recorder });
  // The last 100 ms of a recording are not looked at.
  await pause(ms + 100);
  await recorder.stop();
  return heardInWav(file);
}

async function addSpeaker(server: Server, name: string): Promise<Speaker> {
  const id = server.nextId('speaker');
  // With rewinds this sink takes two seconds at once, and an AudioContext stands still meanwhile.
  const sink = ['module-null-sink', `sink_name=${id}`, 'rate=48000', 'norewinds=1'];
  const unplug = await plug(server, [...sink, labelled('sink_properties', name)]);
  return {
    name,
    unplug,
    record: (ms = 500) => record(server, id, ms),
    makeDefault: async () => {
      await server.control('set-default-sink', id);
    },
  };
}

function start(directory: string, socket: string): RunningProcess {
  const options = ['-n', '--daemonize=no', '--exit-idle-time=-1', '--disallow-exit'];
  const module = `module-native-protocol-unix auth-anonymous=1 socket=${socket}`;
  return startProcess({
    name: 'pulseaudio',
    command: 'pulseaudio',
    args: [
      ...options,
      '--use-pid-file=no',
      '--log-target=stderr',
      '--log-level=error',
      '-L',
      module,
    ],
    env: { HOME: directory, PULSE_RUNTIME_PATH: directory, XDG_RUNTIME_DIR: directory },
  });
}

/** Starts PulseAudio on a socket of its own; it ends with the test file. */
export async function startPulse(): Promise<Pulse> {
  const directory = scratchDirectory('pulse');
  const socket = join(directory, 'socket');
  const running = start(directory, socket);
  const env = { PULSE_SERVER: `unix:${socket}`, PULSE_COOKIE: join(directory, 'cookie') };
  const onChange = new Set<() => Promise<void>>();
  const control = async (...args: readonly string[]): Promise<string> =>
    (await run('pactl', args, { env: { ...process.env, ...env } })).stdout.trim();
  const isReady = (): Promise<boolean> =>
    control('info').then(
      () => true,
      () => false,
    );
  await until('PulseAudio to listen', isReady, { alive: running });
  let count = 0;
  const nextId = (kind: string): string => {
    count += 1;
    return `${kind}${count}`;
  };
  const server: Server = { directory, env, onChange, control, nextId };
  return {
    env,
    onChange,
    addMicrophone: ({ name, hz }) => addMicrophone(server, name, hz),
    addSpeaker: ({ name }) => addSpeaker(server, name),
    stop: async () => {
      await running.stop();
    },
  };
}
