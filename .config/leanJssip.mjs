import ts from 'typescript';

/** In place of the logging library: loggers that say nothing. */
const silent = 'const make = () => () => {}; make.default = make; module.exports = make;';

/**
 * Leaves out of the script-tag file what JsSIP writes for nobody: its log lines, which print
 * credentials as soon as a page sets `localStorage.debug` for any library at all, and the grammar's
 * notes on what it expected, from which it makes an error that it then throws away.
 */
export function leanJssip() {
  return {
    name: 'cordboard-lean-jssip',
    transform(code, id) {
      // JsSIP alone uses it.
      if (/[\\/]node_modules[\\/]debug[\\/]/.test(id)) {
        return { code: silent, map: { mappings: '' } };
      }
      if (!/[\\/]jssip[\\/]lib[\\/]/.test(id)) return null;
      const { outputText, sourceMapText } = ts.transpileModule(code, {
        fileName: id,
        compilerOptions: { allowJs: true, target: ts.ScriptTarget.ES2022, sourceMap: true },
        transformers: { before: [withoutUnread] },
      });
      return { code: outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, ''), map: sourceMapText };
    },
  };
}

const withoutUnread = (context) => (file) => {
  const visit = (node) =>
    ts.isExpressionStatement(node) && isUnread(node.expression)
      ? ts.factory.createEmptyStatement()
      : ts.visitEachChild(node, visit, context);
  return ts.visitNode(file, visit);
};

/** `logger.debug(...)`, `loggerict.warn(...)`, `debug(...)`, and the grammar's `matchFailed(...)`. */
function isUnread(expression) {
  return (
    ts.isCallExpression(expression) &&
    /^(logger\w*\.\w+|debug|matchFailed)$/.test(expression.expression.getText())
  );
}
