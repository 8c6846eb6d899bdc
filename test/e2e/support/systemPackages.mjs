import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** What each Debian package is wanted for: a program on the path, or a file by its full name. */
const wanted = {
  chromium: 'chromium',
  'firefox-esr': 'firefox-esr',
  kamailio: 'kamailio',
  'kamailio-websocket-modules': '/usr/lib/*/kamailio/modules/websocket.so',
  'kamailio-presence-modules': '/usr/lib/*/kamailio/modules/presence.so',
  'sip-tester': 'sipp',
  'baresip-core': 'baresip',
  'rtpengine-daemon': 'rtpengine',
  coturn: 'turnserver',
  pulseaudio: 'pulseaudio',
  'pulseaudio-utils': 'pactl',
  iproute2: 'ip',
  'util-linux': 'unshare',
  bash: 'bash',
  'fonts-dejavu-core': '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  // Arabic, Hebrew and Devanagari among them (12 MB to download); Chinese, Japanese and Korean (57 MB).
  'fonts-noto-core': '/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf',
  'fonts-noto-cjk': '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
};

const debianTriplets = ['x86_64-linux-gnu', 'aarch64-linux-gnu', 'arm-linux-gnueabihf'];

function isPresent(what) {
  if (what.includes('*')) return debianTriplets.some((name) => existsSync(what.replace('*', name)));
  if (what.startsWith('/')) return existsSync(what);
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, what), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The Debian packages the end-to-end tests want and this machine lacks. */
export function missingPackages() {
  const chromiumElsewhere = process.env.CHROMIUM && existsSync(process.env.CHROMIUM);
  return Object.keys(wanted).filter(
    (name) => !isPresent(wanted[name]) && !(name === 'chromium' && chromiumElsewhere),
  );
}

function isDebianAsRoot() {
  return existsSync('/etc/debian_version') && process.getuid?.() === 0;
}

function aptGet(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-q', ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Debian asks this script whether a freshly installed daemon may start; 101 means no. */
const policy = '/usr/sbin/policy-rc.d';
const policyText =
  '#!/bin/sh\n# The end-to-end tests deny service starts while they install packages.\nexit 101\n';

function withServicesDenied(action) {
  const kept = `${policy}.kept-by-e2e`;
  // A run that was killed half-way left the owner's script aside: put it back first.
  if (existsSync(kept)) renameSync(kept, policy);
  const ours = existsSync(policy) && readFileSync(policy, 'utf8') === policyText;
  if (existsSync(policy) && !ours) renameSync(policy, kept);
  writeFileSync(policy, policyText);
  chmodSync(policy, 0o755);
  try {
    return action();
  } finally {
    rmSync(policy, { force: true });
    if (existsSync(kept)) renameSync(kept, policy);
  }
}

/**
 * Installs what the end-to-end tests need, on Debian as root, leaving no daemon running; does
 * nothing when all of it is there. Elsewhere throws one sentence that names what is missing.
 */
export function ensureSystemPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const names = missing.join(' ');
  if (!isDebianAsRoot()) {
    throw new Error(
      `The end-to-end tests need these Debian packages, please install them: ${names}`,
    );
  }
  const install = ['install', '-y', '--no-install-recommends', ...missing];
  withServicesDenied(() => {
    // An old or empty package list is the usual reason for a first failure.
    if (aptGet(...install).status !== 0) {
      aptGet('update');
      aptGet(...install);
    }
  });
  const still = missingPackages();
  if (still.length > 0) throw new Error(`apt-get did not install ${still.join(' ')}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    ensureSystemPackages();
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
