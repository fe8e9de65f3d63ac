import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import { compareKeys } from '../../../core/dataset/canon/compare-keys.ts';
import type { ImportGround, ImportSetting } from './open-ground.ts';

/** Returns the newest value of the column that deltas go by, read before the records are: what comes later is read again by the next delta. Null without deltas. */
export async function readNewest(
  { terms }: Pick<ImportSetting, 'terms'>,
  { source, sourceQuery }: ImportGround,
): Promise<string | null> {
  if (terms?.delta == null) return null;
  const name = terms.delta.column;
  const shape = (await source.describe(sourceQuery.table)).columns.find((column) => column.name === name);
  if (shape === undefined) return null;
  const column = { name, type: shape.type, scale: shape.scale };
  const decoder = new TextDecoder();
  let newest: string | null = null;
  for await (const bytes of source.stream({ ...sourceQuery, columns: [column], key: [], order: 'any' }))
    for (const line of decoder.decode(bytes).split('\n').slice(0, -1)) {
      const [value = null] = parseCanonLine(line);
      if (value !== null && compareKeys([value], [newest], [column.type]) > 0) newest = value;
    }
  return newest;
}
