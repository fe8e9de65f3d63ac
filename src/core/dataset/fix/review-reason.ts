import type { CanonRow } from '../canon.ts';
import type { SafeFix } from '../dataset.ts';
import type { FixGround, FixWish } from './decide-changes.ts';

const suits: { readonly [kind in FixWish['kind']]: readonly SafeFix['does'][] } = {
  missing: ['insert'],
  extra: ['delete'],
  changed: ['copy', 'set', 'token', 'clear'],
  rule: ['set', 'token', 'clear', 'delete'],
};

/** Returns why a wish is for people and no fix may take it up, or null. Orphans always are: what they belong to, nobody can compute. */
export function reviewReason(
  wish: FixWish,
  fix: SafeFix | null,
  { row, ground }: { row: CanonRow | null; ground: FixGround },
): string | null {
  if (wish.rule === 'orphans') return 'orphans are looked at by people, and never changed';
  if (wish.key === null) return 'it is about the whole table, not about a row';
  if (fix === null) return 'no fix is declared for it';
  if (!fix.safe) return `fix ${fix.id} is not declared safe`;
  if (!suits[wish.kind].includes(fix.does)) return `fix ${fix.id} does ${fix.does}, which does not suit it`;
  if (fix.does === 'delete' && (wish.rule === 'unique' || wish.rule === 'at-most'))
    return 'which of the rows is the one to keep, nobody can compute';
  if (fix.does === 'insert') return row === null ? null : 'the row is there by now';
  if (row === null) return 'the row is gone by now';
  return fix.does === 'delete' ? null : columnReason(wish, fix, ground);
}

function columnReason(wish: FixWish, fix: SafeFix, { columns, key }: FixGround): string | null {
  const column = fix.column ?? wish.column;
  if (column === null) return `fix ${fix.id} names no column`;
  if (!columns.some(({ name }) => name === column)) return `${column} cannot be written`;
  if (key.includes(column)) return `${column} is part of the key`;
  return fix.does === 'set' && fix.value === null ? `fix ${fix.id} says no value` : null;
}
