import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FrameConfig, FrameSection } from '../../src/entry/host.ts';
import type { PresetName } from '../../src/entry/presets.ts';
import { guidesIn, linksOf } from '../support/guides.ts';

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

interface ConfigSchema {
  readonly properties: Readonly<
    Record<string, { readonly properties?: object; readonly enum?: readonly string[] }>
  >;
}

// The compiler holds these to the types, and the test holds the schema to these. Plugins of others are no JSON.
const sections: Readonly<Record<Exclude<keyof FrameConfig, 'plugins'>, true>> = {
  ...{ $schema: true, preset: true, frame: true },
  ...{ i18n: true, call: true, log: true, storage: true, listeners: true },
  ...{ userAgent: true, mediaDevices: true, audioContext: true, callList: true },
  ...{ callControl: true, dialpad: true, videoCanvas: true },
  ...{ blf: true, clickToCall: true, conference: true, messages: true, presence: true },
  ...{ provisioning: true, subscriptions: true, voicemail: true },
};
const inFrame: Readonly<Record<keyof FrameSection, true>> = { origins: true };
const servers: Readonly<Record<PresetName, true>> = {
  ...{ asterisk: true, freeswitch: true, kamailio: true, kazoo: true },
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
const plugins = readdirSync(join(root, 'plugins')).filter((folder) =>
  existsSync(join(root, 'plugins', folder, 'index.ts')),
);
let app = '';

/** The packages and all that they depend on. */
function installed(names: readonly string[], known = new Set<string>()): Set<string> {
  for (const name of names) {
    if (known.has(name)) continue;
    known.add(name);
    const file = join(root, 'node_modules', name, 'package.json');
    const { dependencies = {} } = JSON.parse(readFileSync(file, 'utf8')) as Partial<Manifest>;
    installed(Object.keys(dependencies), known);
  }
  return known;
}

/** An application that has installed the packed package, and nothing but what it depends on. */
beforeAll(() => {
  app = mkdtempSync(join(tmpdir(), 'cordboard-package-'));
  const modules = join(app, 'node_modules');
  mkdirSync(join(modules, 'cordboard'), { recursive: true });
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', app], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  execFileSync('tar', ['-xzf', filename, '--strip-components=1', '-C', 'node_modules/cordboard'], {
    cwd: app,
  });
  for (const name of installed(Object.keys(manifest.dependencies))) {
    // Copied, so that what they miss is not found in the folder they came from.
    cpSync(join(root, 'node_modules', name), join(modules, name), { recursive: true });
  }
  cpSync(join(root, 'test/package/consumer'), app, { recursive: true });
});

afterAll(() => {
  rmSync(app, { recursive: true, force: true });
});

function node(...args: readonly string[]): {
  readonly status: number | null;
  readonly output: string;
} {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: app,
    encoding: 'utf8',
  });
  // Node quotes the failing line, and a minified file has one line: its end says what failed.
  return { status, output: (stdout + stderr).slice(-2000) };
}

const resolve = (specifier: string): { readonly status: number | null; readonly output: string } =>
  node(
    '--input-type=module',
    '--eval',
    `import fs from 'node:fs'; fs.accessSync(new URL(import.meta.resolve('${specifier}')));`,
  );

describe('the packed package', () => {
  it('runs a phone with a plugin of the application in Node, without a DOM', () => {
    expect(node('run.mjs')).toEqual({ status: 0, output: 'fine in Zurich\n' });
  });

  it.each([
    ...[
      'cordboard',
      'cordboard/core',
      'cordboard/click-to-call',
      'cordboard/element',
      'cordboard/host',
      'cordboard/testing',
      'cordboard/noise-suppression',
    ],
    ...plugins.map((name) => `cordboard/plugins/${name}`),
  ])('imports %s without touching a DOM and without printing', (specifier) => {
    const imported = node('--input-type=module', '--eval', `await import('${specifier}')`);
    expect(imported).toEqual({ status: 0, output: '' });
  });

  it('loads what is loaded when it is used from what is installed with it', () => {
    const chunks = join(app, 'node_modules/cordboard/dist/chunks');
    const paths = readdirSync(chunks).filter((file) => file.endsWith('.part.js'));
    expect(paths).toContain('numbers.part.js');
    const all = paths.map((file) => `await import(${JSON.stringify(join(chunks, file))});`);
    expect(node('--input-type=module', '--eval', all.join(''))).toEqual({ status: 0, output: '' });
    // Plans of all countries' numbers: 13 MB to whoever installs the package.
    expect(existsSync(join(app, 'node_modules/libphonenumber-js'))).toBe(false);
  });

  it.each([
    ...[
      'frame/index.html',
      'frame/frame.js',
      'locales/en.json',
      'theme.css',
      'config.schema.json',
      'package.json',
    ],
    ...['worklet.js', 'rnnoise.wasm', 'LICENSE.txt'].map((file) => `noise-suppression/${file}`),
  ])('holds the file cordboard/%s', (path) => {
    expect(resolve(`cordboard/${path}`)).toEqual({ status: 0, output: '' });
  });

  it('imports cordboard/element on a server, where defining the element does nothing', () => {
    const script = `const { defineElement } = await import('cordboard/element'); console.log(defineElement());`;
    expect(node('--input-type=module', '--eval', script)).toEqual({
      status: 0,
      output: 'undefined\n',
    });
  });

  it('lets the author of a plugin add to the registry and the events, and refuses wrong names', () => {
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    expect(node(tsc, '--project', 'tsconfig.json')).toEqual({ status: 0, output: '' });
  });

  it.each(['cordboard.js', 'cordboard-phone.js'])(
    'does nothing when %s is loaded where there is no document',
    (file) => {
      const script = join(app, 'node_modules/cordboard/dist', file);
      const loaded = node(
        '--eval',
        `const vm = require('node:vm'), fs = require('node:fs');
         const page = vm.createContext({ console, setTimeout, clearTimeout, queueMicrotask, URL });
         vm.runInContext(fs.readFileSync(${JSON.stringify(script)}, 'utf8'), page);
         console.log(typeof vm.runInContext('Cordboard', page));`,
      );
      expect(loaded).toEqual({ status: 0, output: 'object\n' });
    },
  );

  it('bundles the SIP library once', () => {
    const script = readFileSync(join(app, 'node_modules/cordboard/dist/cordboard.js'), 'utf8');
    // What each copy of JsSIP calls one of its causes.
    expect(script.split('SIP Failure Code')).toHaveLength(2);
    // Of JsSIP's own manifest, which it imports, only name and version are wanted.
    expect(script).not.toContain('npm-scripts.mjs');
  });

  it('keeps what is for tests in the one file for tests', () => {
    const dist = join(app, 'node_modules/cordboard/dist');
    const holders = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter(
      (file) =>
        file.endsWith('.js') &&
        readFileSync(join(dist, file), 'utf8').includes('No permission question is open'),
    );
    expect(holders).toEqual(['testing.js']);
  });

  it('has a phone with an agent and a fake call tested in Node, without a DOM and a test runner', () => {
    const tested = node('testing.mjs');
    expect(tested).toEqual({ status: 0, output: 'established, hung up\n' });
  });

  it('holds none of the log lines of the SIP library, which print credentials', () => {
    const script = readFileSync(join(app, 'node_modules/cordboard/dist/cordboard.js'), 'utf8');
    const library = readFileSync(join(root, 'node_modules/jssip/lib/Transport.js'), 'utf8');
    expect(library).toContain('sending message:');
    expect(script).not.toContain('sending message:');
  });

  it('has no guide in it that links to what is not in it', () => {
    const home = join(app, 'node_modules/cordboard');
    const { count, broken } = linksOf(guidesIn(home), home);
    expect(count).toBeGreaterThan(50);
    expect(broken).toEqual([]);
  });

  it('describes all that a configuration file may hold, and nothing else', () => {
    const path = join(app, 'node_modules/cordboard/dist/config.schema.json');
    const { properties } = JSON.parse(readFileSync(path, 'utf8')) as ConfigSchema;
    expect(Object.keys(properties).sort()).toEqual(Object.keys(sections).sort());
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(plugins));
    expect(JSON.stringify(properties)).not.toMatch(/@absent|HTMLElement/);
    expect(Object.keys(properties['frame']?.properties ?? {})).toEqual(Object.keys(inFrame));
    expect([...(properties['preset']?.enum ?? [])].sort()).toEqual(Object.keys(servers).sort());
  });
});
