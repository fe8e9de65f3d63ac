import type { CanonRow, CanonValue } from './canon.ts';

const escapes: { readonly [character: string]: string } = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};
/** Written out twice: one with `g` keeps its place between two tests. */
const isSpecial = /[\\\b\f\n\r\t\v]/;
const unescapes = new Map(Object.entries(escapes).map(([character, escaped]) => [escaped, character]));

/**
 * Returns a row as one line: values apart by tabs, null as `\N`, a line feed at the end, and the escapes of the text format of `COPY`
 * (PostgreSQL, COPY, "Text Format"), so that a line can be handed to it as it is. Injective: no two rows have the same line.
 */
export function toCanonLine(row: CanonRow): string {
  let line = '';
  for (let at = 0; at < row.length; at += 1) {
    if (at > 0) line += '\t';
    line += toField(row[at] ?? null);
  }
  return `${line}\n`;
}

/** Returns the row that a line without its line feed stands for. Throws where it was not written by `toCanonLine` or by `COPY`. */
export function parseCanonLine(line: string): CanonValue[] {
  const fields = line.split('\t');
  return line.includes('\\') ? fields.map(parseField) : fields;
}

function toField(value: CanonValue): string {
  if (value === null) return '\\N';
  // Nearly no value has any, and looking costs a quarter of replacing.
  if (!isSpecial.test(value)) return value;
  return value.replaceAll(/[\\\b\f\n\r\t\v]/g, (character) => escapes[character] ?? character);
}

function parseField(field: string): CanonValue {
  if (field === '\\N') return null;
  if (!field.includes('\\')) return field;
  return field.replaceAll(/\\(?:.|$)/gs, (escaped) => {
    const character = unescapes.get(escaped);
    if (character === undefined) throw new Error(`expected an escape of COPY, got ${JSON.stringify(escaped)}`);
    return character;
  });
}
