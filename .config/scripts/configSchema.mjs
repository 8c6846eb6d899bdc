/**
 * Writes dist/config.schema.json from what the built modules check a configuration against, with
 * the comments of the hand-written option types as descriptions. Nothing of it reaches the bundle.
 */
import { toJsonSchema } from '@valibot/to-json-schema';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describeSchema, openSources } from './descriptions.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const absent = '@absent';

async function writeConfigSchema() {
  const core = await importBuilt('core.js');
  const factories = await builtFactories();
  const sources = openSources(root);
  const parts = Object.fromEntries(
    factories.map(({ factory, folder }) => {
      const part = schemaOf(core.commonSchema(factory.schema));
      addDefaults(part, factory.defaults);
      describeSchema(part, sources.optionsOf(folder));
      describeSchema(part, sources.coreType('CommonOptions'));
      return [factory.pluginName, withoutFilledIn(part, factory.pluginName)];
    }),
  );
  const top = schemaOf(core.rootSchema([]));
  describeSchema(top, sources.coreType('PhoneOptions'));
  const { presetNames } = await importBuilt('presets.js');
  const preset = {
    description: 'The server, whose settings stand under those here. Not for createWebphone().',
    enum: presetNames,
  };
  const frame = {
    description: 'Who may command a phone in a frame. For phone.json beside frame/index.html only.',
    type: 'object',
    properties: {
      origins: {
        description:
          'The origins of those pages, such as https://app.example.com. Nobody else is answered.',
        type: 'array',
        // Scheme, host and port: a page never has one with anything behind it.
        items: { type: 'string', pattern: '^[a-z][a-z0-9+.-]*://[^/]+$' },
        default: [],
      },
    },
  };
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Cordboard configuration',
    ...top,
    properties: { $schema: { type: 'string' }, preset, frame, ...top.properties, ...parts },
  };
  writeFileSync(`${root}/dist/config.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
}

const importBuilt = (path) => import(pathToFileURL(`${root}/dist/${path}`).href);

async function builtFactories() {
  const folders = readdirSync(`${root}/plugins`)
    .filter((folder) => existsSync(`${root}/dist/plugins/${folder}.js`))
    .sort();
  const found = [];
  for (const folder of folders) {
    const exported = Object.values(await importBuilt(`plugins/${folder}.js`));
    const factory = exported.find((value) => typeof value === 'function' && 'pluginName' in value);
    if (!factory) throw new Error(`plugins/${folder}/index.ts exports no plugin`);
    found.push({ folder, factory });
  }
  return found;
}

function schemaOf(schema) {
  const { $schema, ...converted } = toJsonSchema(schema, {
    typeMode: 'input',
    // A check such as "is an element" has no word in JSON Schema; overrideSchema answers for it.
    errorMode: 'ignore',
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      if (valibotSchema.type !== 'custom') return undefined;
      const expects = String(valibotSchema.message ?? '');
      return expects.endsWith('Object') ? { type: 'object' } : { ...jsonSchema, [absent]: true };
    },
  });
  return withoutAbsent(converted);
}

/** JSON cannot hold a function or an element: such keys and branches are left out. */
function withoutAbsent(node) {
  if (Array.isArray(node)) return node.filter(isPresent).map(withoutAbsent);
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node.required) && node.properties) {
    node.required = node.required.filter((key) => isPresent(node.properties[key]));
  }
  const kept = Object.entries(node)
    .filter(([, value]) => isPresent(value))
    .map(([key, value]) => [key, withoutAbsent(value)])
    .filter(([key, value]) => !(key === 'required' && value.length === 0));
  const result = Object.fromEntries(kept);
  if (result.anyOf?.length === 1) {
    const { anyOf, ...rest } = result;
    return { ...rest, ...anyOf[0] };
  }
  return result;
}

const isAbsent = (value) => typeof value === 'object' && value !== null && absent in value;
// A list of functions can be no more than an empty one.
const isPresent = (value) => !isAbsent(value) && !isAbsent(value?.items);

/** What the script tag and the element know by themselves. */
const filledIn = { provisioning: ['url'] };

function withoutFilledIn(part, name) {
  const { required = [], ...rest } = part;
  const left = required.filter((key) => !filledIn[name]?.includes(key));
  return left.length === 0 ? rest : { ...rest, required: left };
}

function addDefaults(schema, defaults) {
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const value = defaults?.[key];
    if (property.properties) addDefaults(property, value);
    else if (value !== undefined && typeof value !== 'function') property.default = value;
  }
}

await writeConfigSchema();
