import type { JsonObject } from '@tminus/verify';

import type { Fence, ReadFence } from '../../../core/check/check.ts';
import { readSqlSpec } from './sql-spec.ts';

const expectLine = /^\s*--\s*expect\s+(.+?)\s*$/;

/** Reads a ```sql fence: attributes are the keys of the spec, `-- expect` lines the expectations, all other lines the query. */
export function readSqlFence(fence: Fence): ReadFence {
  const expectations: { text: string; line: number }[] = [];
  const lines = fence.text.split('\n').map((text, line) => {
    const found = expectLine.exec(text);
    if (!found) return text;
    expectations.push({ text: found[1]!, line });
    return '';
  });
  const { maxRows, ...attributes } = fence.attributes;
  const written: JsonObject = { ...attributes, query: lines.join('\n').trim() };
  if (maxRows !== undefined) written['maxRows'] = Number(maxRows);
  const read = readSqlSpec(written);
  if (read.ok) return { ok: true, spec: read.spec, expectations };
  const faults = read.faults.map(({ path, expected, got, hint }) => {
    const hintOf = path[0] === 'query' ? hint : `${hint} (${path.join('.')} in the line that opens the fence)`;
    return { line: 0, column: 1, expected, got, hint: hintOf };
  });
  return { ok: false, faults };
}
