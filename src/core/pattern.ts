/** Tells the names that a pattern matches: `*` is one segment, `**` any number of them. */
export function matcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .split('.')
    .map((part) =>
      part === '**' ? '.+' : part === '*' ? '[^.]+' : part.replace(/[^\w]/g, String.raw`\$&`),
    )
    .join(String.raw`\.`);
  const expression = new RegExp(`^${source}$`);
  return (name) => expression.test(name);
}
