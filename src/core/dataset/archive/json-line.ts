import type { CanonRow, CanonValue } from '../canon.ts';
import { redactionMarker } from './manifest.ts';

/** Returns what writes a row of these fields as one line of JSON: keys in this order, no white space, redacted fields as the marker. */
export function createLineWriter(
  fields: readonly { name: string }[],
  redacted: ReadonlySet<string>,
): (row: CanonRow) => string {
  const marker = JSON.stringify(redactionMarker);
  const heads = fields.map(({ name }, index) => `${index === 0 ? '{' : ','}${JSON.stringify(name)}:`);
  const hidden = fields.map(({ name }) => redacted.has(name));
  return (row) => {
    let line = '';
    for (let index = 0; index < heads.length; index += 1)
      line += heads[index]! + (hidden[index] === true ? marker : toJsonValue(row[index] ?? null));
    return `${line}}\n`;
  };
}

function toJsonValue(value: CanonValue): string {
  return value === null ? 'null' : JSON.stringify(value);
}
