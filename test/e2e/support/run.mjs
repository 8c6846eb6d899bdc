// npm run test:e2e [-- vitest arguments]: the end-to-end tests in a network, process and mount
// namespace of their own. Nothing leaves the machine, fixed names and ports never clash with
// another run, and whatever a crashed test leaves behind ends with the namespace.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureSystemPackages } from './systemPackages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const graceMs = 10_000;

// A run that is killed cannot tidy up: all its scratch files, browser profiles too, are in here.
const scratch = mkdtempSync(join(tmpdir(), 'cordboard-run-'));

// Loopback alone will not do: baresip's ICE skips it, and browsers want a default route.
// The shell stays as first process of the namespace, because that one must reap orphans.
const inside = `
set -e
ip link set lo up
ip link add e2e0 type veth peer name e2e1
ip addr add 10.99.0.1/24 dev e2e0
ip link set e2e0 up
ip link set e2e1 up
ip route add default dev e2e0
set +e
"$@" &
child=$!
trap 'kill -TERM $child 2>/dev/null' TERM
trap 'kill -INT $child 2>/dev/null' INT
wait $child; code=$?
while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
exit $code`;

function vitest(args) {
  const vitestCli = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const config = join('.config', 'vitest.config.mjs');
  return [process.execPath, vitestCli, 'run', '--config', config, '--project', 'e2e*', ...args];
}

function enter(command) {
  const asUser = process.getuid?.() === 0 ? [] : ['-Ur'];
  const isolate = ['-n', '-p', '-m', '--fork', '--kill-child', '--mount-proc'];
  return spawn('unshare', [...asUser, ...isolate, 'bash', '-c', inside, 'e2e', ...command], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TMPDIR: scratch, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin` },
    // Ctrl-C reaches a whole foreground group; one group of its own gets every signal once.
    detached: !process.stdin.isTTY,
  });
}

function childrenOf(pid) {
  try {
    const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return list === '' ? [] : list.split(' ').map(Number);
  } catch {
    return [];
  }
}

function passSignals(child) {
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      // unshare itself ignores these; its child is the shell that hands them on.
      for (const pid of childrenOf(child.pid)) {
        try {
          process.kill(pid, signal === 'SIGHUP' ? 'SIGTERM' : signal);
        } catch {
          // It has just ended.
        }
      }
      setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
    });
  }
}

process.on('exit', () => {
  if (process.env.KEEP_E2E_LOGS === undefined) rmSync(scratch, { recursive: true, force: true });
  else console.error(`The logs are in ${scratch}`);
});

try {
  ensureSystemPackages();
  const alone = process.argv[2] === '--exec';
  const command = alone ? process.argv.slice(3) : vitest(process.argv.slice(2));
  const child = enter(command);
  passSignals(child);
  child.on('error', (error) => {
    console.error(`The end-to-end tests cannot start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1;
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
