// @vitest-environment node
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Mustache from 'mustache';
import { describe, expect, it, vi } from 'vitest';
import { blf } from '../../plugins/blf/index.ts';
import { clickToCall } from '../../plugins/clickToCall/index.ts';
import { messages } from '../../plugins/messages/index.ts';
import { conference } from '../../plugins/conference/index.ts';
import { presence } from '../../plugins/presence/index.ts';
import { provisioning } from '../../plugins/provisioning/index.ts';
import { subscriptions } from '../../plugins/subscriptions/index.ts';
import { voicemail } from '../../plugins/voicemail/index.ts';
import { builtIn } from '../../src/entry/index.ts';
import { causes } from '../../src/core/call/causes.ts';
import { coreStrings } from '../../src/core/strings.ts';
import { errorMessages } from '../../src/core/errors.ts';
import { createPhone, sipResponses } from '../../src/core/index.ts';
import type { ConfiguredPlugin, PluginView } from '../../src/core/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
const list = (...path: string[]): string[] => readdirSync(join(root, ...path)).sort();

const plugins = list('plugins');
/** Plugins that a phone has only when it is given them. */
const added: Readonly<Record<string, () => ConfiguredPlugin>> = {
  blf,
  clickToCall,
  messages,
  conference,
  presence,
  provisioning: () => provisioning({ url: '/phone.json', apply: () => undefined }),
  subscriptions,
  voicemail,
};
const templates = list('templates').filter((name) => name.endsWith('.mustache'));
const english = JSON.parse(read('locales', 'en.json')) as Record<string, Record<string, string>>;
const sourceOf = (plugin: string): string =>
  list('plugins', plugin)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => read('plugins', plugin, name))
    .join('\n');
const ownTemplates = (plugin: string): readonly string[] =>
  templates.filter((name) => name === `${plugin}.mustache` || name.startsWith(`_${plugin}`));

describe('every plugin', () => {
  it.each(plugins)('%s has the same files', (plugin) => {
    expect(list('plugins', plugin)).toEqual(
      expect.arrayContaining(['README.md', 'index.ts', 'types.ts']),
    );
    expect(list('test', 'plugins').some((name) => name.startsWith(plugin))).toBe(true);
  });

  it.each(plugins)('%s explains itself under the same headings', (plugin) => {
    const headings = [...read('plugins', plugin, 'README.md').matchAll(/^## (.*)$/gm)].map(
      ([, text]) => text,
    );
    expect(headings).toEqual([
      'Options',
      'API',
      'Events',
      'Template model',
      'Actions',
      'Parts and variables',
    ]);
  });

  it.each(plugins)('%s documents every event, all of them under its own name', (plugin) => {
    const types = read('plugins', plugin, 'types.ts');
    const events = [...types.matchAll(/'(\w+\.[\w.]+)':/g)].map(([, name = '']) => name);
    const readme = read('plugins', plugin, 'README.md');
    expect(events.filter((name) => !name.startsWith(`${plugin}.`))).toEqual([]);
    // A table may shorten a family of events to its last words.
    const isTold = (name: string): boolean => readme.includes(name.split('.').at(-1) ?? name);
    expect(events.filter((name) => !isTold(name))).toEqual([]);
  });

  it.each(plugins)('%s imports the core by its one entry, and no other plugin', (plugin) => {
    const imports = [...sourceOf(plugin).matchAll(/from '(\.\.[^']+)'/g)].map(
      ([, path = '']) => path,
    );
    const allowed =
      /^\.\.\/\.\.\/(src\/core\/index\.ts|templates\/.*|locales\/en\.json|package\.json)$/;
    expect(imports.filter((path) => !allowed.test(path))).toEqual([]);
  });

  it('is in the phone with everything, or one of those that are added to it', () => {
    expect([...Object.keys(builtIn), ...Object.keys(added)].sort()).toEqual(plugins);
  });
});

/** What the built-in plugins draw themselves with, by plugin. */
function views(): Readonly<Record<string, PluginView>> {
  const found: Record<string, PluginView> = {};
  const watched = (plugin: ConfiguredPlugin): ConfiguredPlugin => ({
    ...plugin,
    setup: (ctx: { readonly view: (view: PluginView) => unknown }) =>
      plugin.setup({
        ...ctx,
        view: (view: PluginView) => {
          found[plugin.name] = view;
          return ctx.view(view);
        },
      } as never),
  });
  const failed = vi.fn();
  const factories: readonly (() => ConfiguredPlugin)[] = Object.values({ ...builtIn, ...added });
  createPhone({
    plugins: factories.map((factory) => watched(factory())),
    listeners: { 'phone.plugin.failed': failed },
  }).destroy();
  expect(failed).not.toHaveBeenCalled();
  return found;
}

describe('every template', () => {
  const drawn = views();

  it.each(templates)('%s belongs to a plugin', (name) => {
    expect(plugins.some((plugin) => ownTemplates(plugin).includes(name))).toBe(true);
  });

  it.each(plugins)('of %s names only actions that there are', (plugin) => {
    const text = ownTemplates(plugin)
      .map((name) => read('templates', name))
      .join('\n');
    const named = [...text.matchAll(/data-action="([^"]+)"/g)].flatMap(([, value = '']) =>
      value.split(/\s+/).map((part) => part.replace(/^.*->/, '')),
    );
    const known = Object.keys(drawn[plugin]?.actions ?? {});
    expect(named.filter((name) => !name.includes('{{') && !known.includes(name))).toEqual([]);
  });

  it.each(plugins)('of %s uses only texts that there are', (plugin) => {
    const text = ownTemplates(plugin)
      .map((name) => read('templates', name))
      .join('\n');
    const used = [...text.matchAll(/\{\{[#^/]?\s*t\.([\w.]+)\s*\}\}/g)].map(([, key = '']) => key);
    expect(used.filter((key) => english[plugin]?.[key] === undefined)).toEqual([]);
  });

  it.each(templates)('%s runs under a strict policy: nothing raw, inline or styled', (name) => {
    const text = read('templates', name);
    expect(kinds(Mustache.parse(text))).not.toContain('&');
    expect(text).not.toMatch(/\son\w+\s*=/i);
    expect(text).not.toMatch(/\sstyle\s*=/i);
    expect(text).not.toMatch(/<(script|style|iframe)\b|javascript:/i);
  });
});

type Token = readonly unknown[];

function kinds(tokens: readonly Token[]): readonly unknown[] {
  return tokens.flatMap((token) => [
    token[0],
    ...(Array.isArray(token[4]) ? kinds(token[4] as Token[]) : []),
  ]);
}

/** The states of a call are keys of texts as they stand. */
const statuses = ['connecting', 'ringing', 'established', 'reconnecting', 'ended'];

/** Texts that libwebphone documents; its users' own templates show them, the built-in ones do not. */
const kept: Readonly<Record<string, readonly string[]>> = {
  callControl: ['muteVideo', 'transferattended', 'unmuteVideo'],
  libwebphone: [
    ...['hide', 'rescale', 'screenshare', 'show', 'startscreenshare', 'stopscreenshare', 'video'],
  ],
  userAgent: ['debugstart', 'debugstop'],
};

describe('the English texts', () => {
  it('are sorted, so that two people add to them without a conflict', () => {
    const sorted = Object.fromEntries(
      Object.keys(english)
        .sort()
        .map((section) => [
          section,
          Object.fromEntries(
            Object.entries(english[section] ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
          ),
        ]),
    );
    expect(JSON.stringify(english)).toBe(JSON.stringify(sorted));
  });

  it.each(plugins)('of %s are all used', (plugin) => {
    const source = sourceOf(plugin);
    const text = ownTemplates(plugin)
      .map((name) => read('templates', name))
      .join('\n');
    const suffixes = [...source.matchAll(/\}([A-Z]\w*)`/g)].map(([, suffix = '']) => suffix);
    const prefixes = [...source.matchAll(/`([a-z]\w*)\$\{/gi)].map(([, prefix = '']) => prefix);
    const isNamed = (key: string): boolean =>
      new RegExp(String.raw`\bt\.${key}\b`).test(text) ||
      new RegExp(String.raw`['"\x60.]${key}\b`).test(source) ||
      prefixes.some((prefix) => key.startsWith(prefix)) ||
      suffixes.some((suffix) => key.endsWith(suffix)) ||
      statuses.includes(key) ||
      kept[plugin]?.includes(key) === true;
    // The forms of a plural are asked for by the one name.
    const keys = Object.keys(english[plugin] ?? {}).map((key) => key.replace(/_(one|other)$/, ''));
    expect(keys.filter((key) => !isNamed(key))).toEqual([]);
  });

  it('tell every error, every response and every cause', () => {
    const errors = Object.keys(errorMessages).map((code) => code.replace('.', '_'));
    expect(Object.keys(coreStrings['error'] ?? {}).sort()).toEqual(errors.sort());
    const responses = new Set(Object.values(sipResponses).map(({ key }) => key));
    expect([...responses].filter((key) => !english['response']?.[key])).toEqual([]);
    expect(Object.keys(causes).filter((key) => !english['cause']?.[key])).toEqual([]);
  });

  it('hold no section that is nobody’s', () => {
    const known = new Set([...plugins, 'error', 'response', 'cause', 'libwebphone']);
    expect(Object.keys(english).filter((section) => !known.has(section))).toEqual([]);
  });

  it('of the drop-in alone are all in its template, or documented by libwebphone', () => {
    const text = read('src/entry/libwebphone/templates', 'videoCanvas.mustache');
    const keys = Object.keys(english['libwebphone'] ?? {});
    const unused = keys.filter((key) => !text.includes(`{{i18n.${key}}}`));
    expect(unused.filter((key) => kept['libwebphone']?.includes(key) !== true)).toEqual([]);
  });
});
