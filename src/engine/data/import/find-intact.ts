import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';

import { listPlainKeys } from '../../../core/dataset/import/plain-lines.ts';
import type { ImportGround } from './open-ground.ts';
import type { PackSpan, PackedRows } from './pack.ts';

/**
 * Returns digests of rows of the target by the first key of the pack that left them, read in one pass from the row that it began with to the row that it ended with. A pack
 * without one, or with another one than it says, has to be looked at row by row. Empty where most rows of the table are of nobody's pack: to read them all would cost more.
 */
export async function findIntact(
  ground: ImportGround,
  batch: string,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const { target, writeTarget } = ground;
  const packs = (await ground.packs.spans()).filter((span) => span.batch === batch && span.rows !== null);
  const packed = packs.reduce((sum, { records }) => sum + records, 0);
  const there = await target.count({ table: writeTarget.table, key: writeTarget.key, where: [] });
  if (packs.length === 0 || there > packed * 2) return new Map();
  const keyPlaces = writeTarget.key.map((name) => writeTarget.columns.findIndex((column) => column.name === name));
  const form = { keyPlaces, keyLeads: keyPlaces.every((place, at) => place === at), refusesNull: false };
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const runs = new RowRuns(packs);
  for await (const bytes of target.stream({ ...writeTarget, where: [], order: 'key', after: null })) {
    signal.throwIfAborted();
    const text = decoder.decode(bytes);
    const keys = listPlainKeys(text, form, null);
    // Two rows of one key: no pass by keys can tell them apart.
    if (keys === null) return new Map();
    runs.add(text, keys);
  }
  return runs.found;
}

/** Lines between the first and the last key of each pack, as digests. */
class RowRuns {
  readonly found = new Map<string, string>();
  readonly #starts: ReadonlyMap<string, PackSpan & { rows: PackedRows }>;
  #open: { pack: PackSpan & { rows: PackedRows }; digest: Hash } | null = null;

  constructor(packs: readonly PackSpan[]) {
    this.#starts = new Map(
      packs.flatMap((pack) => (pack.rows ? [[pack.rows.first, { ...pack, rows: pack.rows }]] : [])),
    );
  }

  add(text: string, keys: readonly string[]): void {
    let [start, end] = [0, 0];
    for (const key of keys) {
      const from = end;
      end = text.indexOf('\n', from) + 1;
      const pack = this.#starts.get(key);
      if (pack !== undefined) {
        this.#open = { pack, digest: createHash('sha256') };
        start = from;
      }
      if (this.#open === null || key !== this.#open.pack.rows.last) continue;
      this.found.set(this.#open.pack.firstKey, this.#open.digest.update(text.slice(start, end)).digest('hex'));
      this.#open = null;
    }
    this.#open?.digest.update(text.slice(start));
  }
}
