import { readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { domain } from './kamailio.ts';
import type { Kamailio } from './kamailio.ts';
import { freePort, mediaHost, signallingHost } from './network.ts';
import { atEnd, scratchDirectory, startProcess, until } from './processes.ts';
import type { RunningProcess } from './processes.ts';
import { heardInWav } from './wav.ts';
import type { Heard } from './tone.ts';

/** An event as baresip reports it; `type` is CALL_ESTABLISHED, CALL_DTMF_START and so on. */
export interface BaresipEvent {
  readonly atMs: number;
  readonly type: string;
  readonly param?: string;
  readonly peeruri?: string;
}

/** Which account, over which server, with which media. */
export interface BaresipOptions {
  readonly user: string;
  readonly kamailio: Kamailio;
  /** ICE and DTLS-SRTP, to talk to a browser directly (true), or plain RTP behind rtpengine. */
  readonly isWebRtc?: boolean;
  readonly codecs?: readonly ('opus' | 'g711')[];
  /** Its own tone in Hz (700). */
  readonly hz?: number;
  readonly answers?: 'auto' | 'manual';
}

/** A running phone that is no browser; it records what it hears. */
export interface Baresip {
  readonly process: RunningProcess;
  readonly events: () => readonly BaresipEvent[];
  readonly waitFor: (type: string, timeoutMs?: number) => Promise<BaresipEvent>;
  /** Runs a menu command: dial, accept, hangup, hold, resume, sndcode, transfer, callstat. */
  readonly command: (command: string, params?: string) => Promise<string>;
  /** What the recording of the call heard lastly; read it after the call has ended. */
  readonly recorded: () => Heard;
  readonly stop: () => Promise<void>;
}

interface Ports {
  readonly sip: number;
  readonly control: number;
  readonly rtp: number;
}

function configuration(options: BaresipOptions, ports: Ports, directory: string): string {
  const { isWebRtc = true, codecs = ['opus', 'g711'], hz = 700 } = options;
  const modules = [
    ...codecs,
    ...['sndfile', 'ausine', 'aufile'],
    ...(isWebRtc ? ['dtls_srtp', 'ice', 'stun', 'turn', 'srtp'] : []),
  ];
  return [
    'poll_method epoll',
    `sip_listen ${mediaHost()}:${ports.sip}`,
    `net_interface ${mediaHost()}`,
    'call_max_calls 4',
    ...['audio_player aufile,/dev/null', 'audio_alert aufile,/dev/null'],
    // This version's sine source only does 48 kHz in two channels.
    ...[`audio_source ausine,${hz}`, 'ausrc_srate 48000', 'ausrc_channels 2'],
    ...['auplay_srate 48000', 'auplay_channels 2', 'audio_txmode thread'],
    ...['ausrc_format', 'auplay_format', 'auenc_format', 'audec_format'].map((key) => `${key} s16`),
    'audio_buffer 20-160',
    `rtp_ports ${ports.rtp}-${ports.rtp + 19}`,
    `rtcp_mux ${isWebRtc ? 'yes' : 'no'}`,
    'jitter_buffer_delay 5-10',
    'module_path /usr/lib/baresip/modules',
    ...modules.map((name) => `module ${name}.so`),
    ...['uuid', 'account'].map((name) => `module_tmp ${name}.so`),
    ...['menu', 'ctrl_tcp', 'contact'].map((name) => `module_app ${name}.so`),
    `ctrl_tcp_listen ${signallingHost}:${ports.control}`,
    `snd_path ${directory}`,
    '',
  ].join('\n');
}

function account({ user, kamailio, isWebRtc = true, answers = 'auto' }: BaresipOptions): string {
  const parts = [
    `<sip:${user}@${domain}>`,
    `auth_user=${user}`,
    `auth_pass=pw${user}`,
    `outbound="sip:${signallingHost}:${kamailio.sipPort};transport=udp"`,
    'regint=60',
    `answermode=${answers}`,
    ...(isWebRtc ? ['mediaenc=dtls_srtp', 'medianat=ice'] : []),
  ];
  return `${parts.join(';')}\n`;
}

interface Control {
  readonly events: readonly BaresipEvent[];
  readonly command: (command: string, params: string) => Promise<string>;
}

/** The control connection speaks JSON in netstrings: its length, a colon, the text, a comma. */
function control(socket: Socket): Control {
  const events: BaresipEvent[] = [];
  const waiting = new Map<string, (data: string) => void>();
  let buffer = Buffer.alloc(0);
  let count = 0;
  const take = (text: string): void => {
    const message = JSON.parse(text) as {
      event?: boolean;
      token?: string;
      data?: string;
      type?: string;
    };
    if (message.event === true) {
      events.push({ type: '', ...message, atMs: performance.now() });
    } else {
      waiting.get(message.token ?? '')?.(message.data ?? '');
    }
  };
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const colon = buffer.indexOf(':');
      const end = colon + 1 + Number(buffer.toString('latin1', 0, Math.max(colon, 0)));
      if (colon < 0 || buffer.length <= end) return;
      take(buffer.toString('utf8', colon + 1, end));
      buffer = buffer.subarray(end + 1);
    }
  });
  return {
    events,
    command: (command, params) =>
      new Promise((resolve, reject) => {
        count += 1;
        const token = `command${count}`;
        const timer = setTimeout(() => {
          reject(new Error(`baresip did not answer ${command}`));
        }, 3000);
        waiting.set(token, (data) => {
          clearTimeout(timer);
          resolve(data);
        });
        const text = JSON.stringify({ command, params, token });
        socket.write(`${Buffer.byteLength(text)}:${text},`);
      }),
  };
}

function tryConnect(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, signallingHost, () => {
      resolve(socket);
    });
    socket.once('error', () => {
      resolve(undefined);
    });
  });
}

/** Starts baresip and waits until it is registered; it ends with the test file. */
export async function startBaresip(options: BaresipOptions): Promise<Baresip> {
  if (options.isWebRtc !== false) await options.kamailio.keepDirect(options.user);
  const directory = scratchDirectory(`baresip-${options.user}`);
  // It listens for TLS one port above its SIP port.
  const sip = await freePort(mediaHost(), 2);
  const ports = { sip, control: await freePort(), rtp: await freePort(mediaHost(), 20) };
  writeFileSync(join(directory, 'config'), configuration(options, ports, directory));
  writeFileSync(join(directory, 'accounts'), account(options));
  writeFileSync(join(directory, 'contacts'), '');
  const running = startProcess({
    name: `baresip-${options.user}`,
    command: 'baresip',
    args: ['-4', '-f', directory, '-s', '-v'],
  });
  const wait = { alive: running };
  const socket = await until('baresip to listen', () => tryConnect(ports.control), wait);
  const { events, command } = control(socket);
  const waitFor: Baresip['waitFor'] = (type, timeoutMs = 8000) =>
    until(`baresip to say ${type}`, () => events.find((event) => event.type === type), {
      ...wait,
      timeoutMs,
    });
  await until('baresip to be registered', () => running.log().includes('200 OK'), wait);
  const stop = async (): Promise<void> => {
    // The listener cannot bind again while its own side of a connection is in TIME_WAIT.
    socket.destroy();
    await pause(30);
    await running.stop();
  };
  atEnd(stop);
  return {
    process: running,
    events: () => events,
    waitFor,
    command: (name, params = '') => command(name, params),
    recorded: () => {
      const file = readdirSync(directory).find((name) => name.endsWith('dec.wav'));
      if (file === undefined) throw new Error('baresip recorded nothing');
      return heardInWav(join(directory, file));
    },
    stop,
  };
}
