import { hash } from 'node:crypto';

import type { CanonRow } from '../../../core/dataset/canon.ts';
import { toPackedLine, toPlainEntry } from '../../../core/dataset/import/ledger-pack.ts';
import type { LedgerRow } from './ledger.ts';
import { toPackRow } from './pack.ts';
import type { PackBook, PackDraft, PackedRows } from './pack.ts';
import type { SourceChunk } from './scan.ts';

type About = Pick<PackDraft, 'dataset' | 'batch' | 'mapping'>;

/** So many that a pack costs little beside its entries, and so few that one changed entry does not write out half a table. */
const packRecords = 1000;
/** Fewer are rows of their own: a delta of each hour would leave packs of nothing. */
const fewestPacked = 100;

/** Yields packs of records that are inserted as the lines that they are. */
export function* packLines(
  { text, plainKeys }: Pick<SourceChunk, 'text'> & { plainKeys: string[] },
  about: About,
): Generator<CanonRow> {
  let from = 0;
  for (let at = 0; at < plainKeys.length; at += packRecords) {
    const keys = plainKeys.slice(at, at + packRecords);
    const start = from;
    let body = '';
    for (const key of keys) {
      const end = text.indexOf('\n', from) + 1;
      body += toPlainEntry(key, hash('sha256', text.slice(from, end), 'base64url').slice(0, 22));
      from = end;
    }
    const rows = { first: keys[0] ?? '', last: keys.at(-1) ?? '', sha256: hash('sha256', text.slice(start, from)) };
    yield toPackRow({ ...about, ...spanOf(keys), rows, body });
  }
}

/** A new entry, and the row that its record is in the target, as a line; null where it has none. */
export interface NewEntry {
  entry: LedgerRow;
  line: string | null;
}

/** Returns packs of new entries; none where they are few, or do not lie apart from the packs that there are. */
export async function packEntries(added: readonly NewEntry[], packs: PackBook, about: About): Promise<CanonRow[]> {
  const keys = added.map(({ entry }) => entry.sourceKey);
  if (keys.length < fewestPacked || !(await packs.isFree(keys[0] ?? '', keys.at(-1) ?? ''))) return [];
  if (keys.some((key, at) => at > 0 && packs.compare(keys[at - 1] ?? '', key) >= 0)) return [];
  const packed: CanonRow[] = [];
  for (let from = 0; from < added.length; from += packRecords) {
    const some = added.slice(from, from + packRecords);
    const span = spanOf(some.map(({ entry }) => entry.sourceKey));
    const body = some.map(({ entry }) => toPackedLine(entry)).join('');
    packed.push(toPackRow({ ...about, ...span, rows: toRows(some), body }));
  }
  return packed;
}

function toRows(added: readonly NewEntry[]): PackedRows | null {
  const landed = added.filter(({ line }) => line !== null);
  const [first, last] = [landed[0]?.entry.targetKey, landed.at(-1)?.entry.targetKey];
  if (first === undefined || last === undefined) return null;
  return { first, last, sha256: hash('sha256', landed.map(({ line }) => line).join('')) };
}

function spanOf(keys: readonly string[]): Pick<PackDraft, 'firstKey' | 'lastKey' | 'records'> {
  return { firstKey: keys[0] ?? '', lastKey: keys.at(-1) ?? '', records: keys.length };
}
