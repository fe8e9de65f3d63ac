import { toCanonLine } from '../canon-line.ts';
import { compareKeys } from '../canon/compare-keys.ts';
import { toCanonText } from '../canon/to-canon-text.ts';
import type { CanonColumn, CanonRow, CanonValue } from '../canon.ts';
import type { DataRule, SafeFix } from '../dataset.ts';
import type { FixChange, FixReview, FixValue } from './fix-plan.ts';
import { reviewReason } from './review-reason.ts';

/** Something about one row that somebody may want repaired. */
export interface FixWish {
  /** Null where a rule is about a whole table. */
  key: CanonRow | null;
  kind: 'missing' | 'extra' | 'changed' | 'rule';
  /** Class of difference, or id of a rule. */
  repairs: string;
  /** Kind of the rule; null for a difference. */
  rule: DataRule['kind'] | null;
  /** Of a changed row the column that differs; else null. */
  column: string | null;
  /** What the source has: of a changed row in that column, of a missing one in every column that is carried over. */
  source: { [column: string]: CanonValue };
  reason: string;
}

/** The table that is repaired. */
export interface FixGround {
  /** Every column that can be written, the key first. */
  columns: readonly CanonColumn[];
  key: readonly string[];
  hidden: ReadonlySet<string>;
  fixes: readonly SafeFix[];
  /** Rows as they are now, by `nameOfKey`. */
  rows: ReadonlyMap<string, CanonRow>;
  /** SHA-256 of a text, in hex. */
  hash: (text: string) => string;
}

/** One row on its way into the plan. */
interface Draft {
  key: CanonRow;
  operation: FixChange['operation'];
  row: CanonRow | null;
  values: Map<string, FixValue>;
  causes: { fix: string; repairs: string; reason: string }[];
  /** True where two fixes want different things of the row. */
  isTorn: boolean;
}

/** Returns the name of a key in maps. */
export function nameOfKey(key: CanonRow): string {
  return JSON.stringify(key);
}

/**
 * Decides what happens to each wish: a change, where a declared fix that is safe suits it, and else a line for people. Nothing is repaired that no fix names; a row
 * that two fixes would make different things of is left alone.
 */
export function decideChanges(
  wishes: readonly FixWish[],
  ground: FixGround,
): { changes: FixChange[]; review: FixReview[] } {
  const drafts = new Map<string, Draft>();
  const review: FixReview[] = [];
  for (const wish of wishes) {
    const fix = findFix(wish, ground.fixes);
    const row = wish.key === null ? null : (ground.rows.get(nameOfKey(wish.key)) ?? null);
    const refusal = reviewReason(wish, fix, { row, ground });
    if (fix === null || wish.key === null || refusal !== null)
      review.push({ key: wish.key, repairs: wish.repairs, reason: `${wish.reason}: ${refusal ?? ''}` });
    else addTo(drafts, { wish, key: wish.key, fix, row }, ground);
  }
  for (const { key, causes, isTorn } of drafts.values())
    if (isTorn)
      for (const { repairs, reason } of causes)
        review.push({ key, repairs, reason: `${reason}: two fixes want different things of this row` });
  const whole = [...drafts.values()].filter(({ isTorn }) => !isTorn).map((draft) => toChange(draft, ground));
  return { changes: inOrder(whole, ground), review };
}

function findFix({ repairs, column }: FixWish, fixes: readonly SafeFix[]): SafeFix | null {
  const suiting = fixes.filter(
    (fix) => fix.repairs === repairs && (column === null || (fix.column ?? column) === column),
  );
  return suiting.find(({ safe }) => safe) ?? suiting[0] ?? null;
}

function addTo(
  drafts: Map<string, Draft>,
  { wish, key, fix, row }: { wish: FixWish; key: CanonRow; fix: SafeFix; row: CanonRow | null },
  ground: FixGround,
): void {
  const operation = operationOf(fix);
  const name = nameOfKey(key);
  const draft: Draft = drafts.get(name) ?? { key, operation, row, values: new Map(), causes: [], isTorn: false };
  drafts.set(name, draft);
  if (draft.operation !== operation) draft.isTorn = true;
  draft.causes.push({ fix: fix.id, repairs: wish.repairs, reason: wish.reason });
  for (const value of toValues(wish, fix, { row, ground })) {
    const known = draft.values.get(value.column);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(value)) draft.isTorn = true;
    draft.values.set(value.column, value);
  }
}

function operationOf({ does }: SafeFix): FixChange['operation'] {
  return does === 'insert' || does === 'delete' ? does : 'update';
}

function toValues(
  wish: FixWish,
  { does, column, value }: SafeFix,
  { row, ground }: { row: CanonRow | null; ground: FixGround },
): FixValue[] {
  const beforeOf = (name: string): CanonValue => row?.[ground.columns.findIndex((one) => one.name === name)] ?? null;
  const toValue = (name: string, after: CanonValue, from: FixValue['from']): FixValue => {
    const isHidden = ground.hidden.has(name);
    const shown = from === 'token' ? 'generated' : isHidden ? 'redacted' : 'value';
    const kept = from === 'token' || (isHidden && from === 'source') ? null : after;
    const sha256 = isHidden && from === 'source' && after !== null ? ground.hash(after) : null;
    return { column: name, before: shown === 'value' ? beforeOf(name) : null, after: kept, shown, from, sha256 };
  };
  const canonOf = (name: string, text: CanonValue): CanonValue => {
    const found = ground.columns.find((one) => one.name === name);
    return text === null || found === undefined ? text : toCanonText(text, found);
  };
  const target = column ?? wish.column ?? '';
  if (does === 'set') return [toValue(target, canonOf(target, value), 'plan')];
  if (does === 'clear') return [toValue(target, null, 'plan')];
  if (does === 'token') return [toValue(target, null, 'token')];
  if (does === 'delete') return ground.columns.map(({ name }) => toValue(name, null, 'plan'));
  return Object.entries(wish.source).map(([name, text]) => toValue(name, canonOf(name, text), 'source'));
}

function toChange({ key, operation, row, values, causes }: Draft, { hash }: FixGround): FixChange {
  return {
    operation,
    key,
    beforeSha256: row === null ? null : hash(toCanonLine(row)),
    values: [...values.values()],
    fixes: causes.map(({ fix }) => fix),
    repairs: causes.map(({ repairs }) => repairs),
    reason: [...new Set(causes.map(({ reason }) => reason))].join('; '),
  };
}

const order: readonly FixChange['operation'][] = ['insert', 'update', 'delete'];

function inOrder(changes: readonly FixChange[], { columns, key }: FixGround): FixChange[] {
  const types = key.map((name) => columns.find((column) => column.name === name)?.type ?? 'text');
  return changes.toSorted(
    (a, b) => order.indexOf(a.operation) - order.indexOf(b.operation) || compareKeys(a.key, b.key, types),
  );
}
