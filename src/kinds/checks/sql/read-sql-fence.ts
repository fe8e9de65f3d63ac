import type { Fence, ReadFence } from '../../../core/check/check.ts';
import { infoLine, readAttributes } from '../fence-attributes.ts';
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
  const { spec: attributes } = readAttributes(fence, []);
  const read = readSqlSpec({ ...attributes, query: lines.join('\n').trim() });
  if (read.ok) return { ok: true, spec: read.spec, expectations };
  const faults = read.faults.map(({ path, expected, got, hint }) => {
    return { line: path[0] === 'query' ? 0 : infoLine, column: 1, expected, got, hint };
  });
  return { ok: false, faults };
}
