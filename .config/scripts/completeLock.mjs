/**
 * `npm run lock` after a change of dependencies: npm leaves those optional packages out of the lock
 * file that it could not look up on this machine, mostly the binaries for other platforms, and
 * `npm ci` then refuses the lock file. This adds them, so that it installs on every platform.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));
const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
];

const added = Object.entries(lock.packages).flatMap(([parent, { optionalDependencies, dev }]) =>
  Object.entries(optionalDependencies ?? {})
    .filter(([name]) => !isInstalled(parent, name))
    .map(([name, version]) => [`node_modules/${name}`, entryOf(name, version, dev)]),
);
const byPath = ([one], [other]) => one.localeCompare(other, 'en');
lock.packages = Object.fromEntries([...Object.entries(lock.packages), ...added].sort(byPath));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${String(added.length)} optional packages added to package-lock.json`);

/** Looks where Node would: beside the parent's own packages first, then further out. */
function isInstalled(parent, name) {
  const folders = parent.split('node_modules/').map((_part, index, all) => {
    return all.slice(0, index + 1).join('node_modules/');
  });
  return [...folders, `${parent}/`].some((folder) => {
    return `${folder}node_modules/${name}` in lock.packages;
  });
}

function entryOf(name, version, dev) {
  if (!/^\d+\.\d+\.\d+[\w.-]*$/.test(version)) {
    throw new Error(`${name} is wanted as "${version}": install it once where it can be looked up`);
  }
  const words = name.split(/[/-]/);
  const os = words.includes('win32') ? 'win32' : systems.find((system) => words.includes(system));
  const cpu = processors.find((processor) => words.includes(processor)) ?? 'wasm32';
  const libc = { gnu: 'glibc', musl: 'musl' }[words.at(-1)];
  return {
    version,
    cpu: [cpu],
    ...(dev && { dev }),
    ...(libc && os === 'linux' && { libc: [libc] }),
    optional: true,
    ...(os && { os: [os] }),
  };
}
