/** Reads the comments of the option types, so that the JSON Schema says what each key is for. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/**
 * Opens the TypeScript sources of the repository at `root`.
 *
 * @returns {{ optionsOf: Function, coreType: Function }} two look-ups, each giving a described type
 */
export function openSources(root) {
  const coreIndex = join(root, 'src/core/index.ts');
  const indexes = readdirSync(join(root, 'plugins'))
    .map((folder) => join(root, 'plugins', folder, 'index.ts'))
    .filter((path) => existsSync(path));
  const settings = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: fail },
  );
  const program = ts.createProgram(
    [coreIndex, ...settings.fileNames.filter((path) => path.endsWith('.d.ts')), ...indexes],
    settings.options,
  );
  const checker = program.getTypeChecker();
  const exportsOf = (path) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)));

  return {
    /** The `Options` of the plugin in `folder`: the type of its factory's `defaults`. */
    optionsOf(folder) {
      const factories = exportsOf(join(root, 'plugins', folder, 'index.ts'))
        .filter((symbol) => symbol.flags & ts.SymbolFlags.Variable)
        .map((symbol) => checker.getTypeOfSymbol(symbol))
        .filter((type) => type.getProperty('pluginName'));
      const defaults = factories[0]?.getProperty('defaults');
      if (!defaults) throw new Error(`plugins/${folder}/index.ts exports no plugin`);
      return { checker, types: [checker.getTypeOfSymbol(defaults)] };
    },
    /** An exported type of the core, by name. */
    coreType(name) {
      const symbol = exportsOf(coreIndex).find((exported) => exported.name === name);
      if (!symbol) throw new Error(`src/core/index.ts exports no ${name}`);
      const declared =
        symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return { checker, types: [checker.getDeclaredTypeOfSymbol(declared)] };
    },
  };
}

function fail(diagnostic) {
  throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}

/** Adds a `description` to every property of `schema` whose type has a comment. */
export function describeSchema(schema, { checker, types }) {
  const parts = types.flatMap((type) => partsOf(type));
  for (const branch of schema.anyOf ?? []) describeSchema(branch, { checker, types: parts });
  if (typeof schema.items === 'object') {
    const items = parts.map((type) => checker.getIndexTypeOfType(type, ts.IndexKind.Number));
    describeSchema(schema.items, { checker, types: items.filter(Boolean) });
  }
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const symbols = parts.map((type) => type.getProperty(key)).filter(Boolean);
    const comment = symbols
      .map((symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)))
      .find((text) => text !== '');
    if (comment && !property.description) property.description = comment.replaceAll(/\s+/g, ' ');
    describeSchema(property, {
      checker,
      types: symbols.map((symbol) => checker.getTypeOfSymbol(symbol)),
    });
  }
}

const partsOf = (type) => (type.isUnion() ? type.types : [type]);
