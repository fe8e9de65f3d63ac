/** A name in a dump: in backticks, in double quotes (as `--compatible=ansi` writes them), or bare; perhaps behind that of its database. */
const part = '(?:`(?:``|[^`])+`|"(?:""|[^"])+"|[\\w$\\x80-\\xff]+)';
export const namePattern = `${part}(?:\\s*\\.\\s*${part})?`;

/** Returns the names in a text such as `a`.`b` or (`a`, `b`), without quotes, as UTF-8. */
export function readNames(text: string): string[] {
  return (text.match(new RegExp(part, 'g')) ?? []).map((name) => {
    const bare = /^[`"]/.test(name) ? name.slice(1, -1).replaceAll('``', '`').replaceAll('""', '"') : name;
    return Buffer.from(bare, 'latin1').toString('utf8');
  });
}
