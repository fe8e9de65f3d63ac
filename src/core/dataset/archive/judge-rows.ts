import { compareKeys } from '../canon/compare-keys.ts';
import type { ArchiveFinding, ArchiveRuleId } from './archive-rules.ts';
import { toFinding } from './archive-rules.ts';
import { createKeySet } from './key-set.ts';
import type { KeySet } from './key-set.ts';
import type { ArchiveEntity, ArchiveManifest } from './manifest.ts';
import { createRowRules } from './row-rules.ts';
import type { ArchiveRow } from './row-rules.ts';

/** What is asked of every row of one file, line by line. */
export interface RowJudge {
  /** Judges a line without its line feed; `byte` is where it begins. */
  line(text: string, byte: number): void;
  /** What was found so far: the first findings of each rule, and how many there are of each. */
  findings: ArchiveFinding[];
  counts: Map<ArchiveRuleId, number>;
  rows(): number;
}

/** What is judged after the last file: relations, whose other end may stand in any of them. */
export interface RelationDesk {
  keysOf(entity: string, fields: readonly string[]): KeySet | null;
  refer(
    to: { entity: string; fields: readonly string[] },
    key: string,
    from: { file: string; line: number; byte: number; field: string },
  ): void;
  /** Relations to rows that were not there, once everything was read. */
  broken(): ArchiveFinding[];
}

/** How many findings of one rule are kept of each file; more say nothing that these do not. */
const mostOfOneRule = 5;
/** How many relations may wait for a row that comes later: those of circles, and of rows to others of their own entity. */
const mostOpen = 1_000_000;

/** Returns the desk where the keys that relations ask for are gathered. Rows whose parent came before cost nothing. */
export function createRelationDesk(manifest: ArchiveManifest): RelationDesk {
  const sets = new Map<string, KeySet>();
  for (const { relations } of manifest.entities)
    for (const { to, to_fields } of relations) sets.set(nameSet(to, to_fields), createKeySet());
  const open: { set: string; key: string; from: { file: string; line: number; byte: number; field: string } }[] = [];
  let lost = 0;
  return {
    keysOf: (entity, fields) => sets.get(nameSet(entity, fields)) ?? null,
    refer({ entity, fields }, key, from) {
      const set = nameSet(entity, fields);
      if (sets.get(set)?.has(key) === true) return;
      if (open.length < mostOpen) open.push({ set, key, from });
      else lost += 1;
    },
    broken() {
      const broken = open.filter(({ set, key }) => sets.get(set)?.has(key) !== true);
      const found = broken.map(({ from: { field, ...at } }) => toFinding('relation_broken', 'none', { ...at, field }));
      // What was not followed is not taken for whole.
      return lost === 0 ? found : [...found, toFinding('relation_broken', `${lost} more than can be followed`)];
    },
  };
}

function nameSet(entity: string, fields: readonly string[]): string {
  return `${entity}(${fields.join(',')})`;
}

/** Returns the judge of one entity. `hasSecret` looks at a whole line: names and values. */
export function openRowJudge(
  entity: ArchiveEntity,
  {
    manifest,
    file,
    desk,
    hasSecret,
  }: { manifest: ArchiveManifest; file: string; desk: RelationDesk; hasSecret: (line: string) => boolean },
): RowJudge {
  const findings: ArchiveFinding[] = [];
  const counts = new Map<ArchiveRuleId, number>();
  let rows = 0;
  let at = { line: 0, byte: 0 };
  const add = (rule: ArchiveRuleId, got: string, field: string | null = null): void => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    if (count <= mostOfOneRule) findings.push(toFinding(rule, got, { file, ...at, field }));
  };
  const rules = createRowRules(entity, manifest, add);
  const order = createOrderRule(entity, add);
  const relate = createRelationRule(entity, desk);
  return {
    findings,
    counts,
    rows: () => rows,
    line(text, byte) {
      rows += 1;
      at = { line: rows, byte };
      const row = parseRow(text);
      if (row === null) return add('line_malformed', 'another line');
      if (hasSecret(text)) add('secret_found', 'one');
      if (!rules(row)) return;
      order(row);
      relate(row, { file, ...at });
    },
  };
}

/** A line that would be written otherwise, with white space, a key twice or another escape, would have another hash for equal data. */
function parseRow(text: string): ArchiveRow | null {
  try {
    const row: unknown = JSON.parse(text);
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return null;
    return JSON.stringify(row) === text ? (row as ArchiveRow) : null;
  } catch {
    return null;
  }
}

function createOrderRule(
  { key, fields }: ArchiveEntity,
  add: (rule: ArchiveRuleId, got: string) => void,
): (row: ArchiveRow) => void {
  const types = key.map((name) => fields.find((field) => field.name === name)?.type ?? 'text');
  let before: (string | null)[] | null = null;
  return (row) => {
    if (key.length === 0) return;
    const own = key.map((name) => row[name] as string | null);
    const order = before === null ? -1 : compareKeys(before, own, types);
    if (order === 0) add('key_duplicate', 'the key of the line before');
    else if (order > 0) add('rows_unsorted', 'a key that belongs before the line before');
    else before = own;
  };
}

function createRelationRule(
  entity: ArchiveEntity,
  desk: RelationDesk,
): (row: ArchiveRow, at: { file: string; line: number; byte: number }) => void {
  const wanted = new Map<string, { fields: readonly string[]; set: KeySet }>();
  return (row, at) => {
    if (wanted.size === 0) for (const each of candidateSets(entity, desk)) wanted.set(each.fields.join(), each);
    for (const { fields, set } of wanted.values()) {
      const key = toKey(row, fields);
      if (key !== null) set.add(key);
    }
    for (const { fields, to, to_fields } of entity.relations) {
      const key = toKey(row, fields);
      if (key !== null) desk.refer({ entity: to, fields: to_fields }, key, { ...at, field: fields.join('+') });
    }
  };
}

/** Sets of keys that somebody asks this entity for: of its key, and of each single field. */
function candidateSets(
  { name, key, fields }: ArchiveEntity,
  desk: RelationDesk,
): { fields: readonly string[]; set: KeySet }[] {
  return [key, ...fields.map((field) => [field.name])].flatMap((each) => {
    const set = desk.keysOf(name, each);
    return set === null ? [] : [{ fields: each, set }];
  });
}

function toKey(row: ArchiveRow, fields: readonly string[]): string | null {
  const parts = fields.map((name) => row[name] ?? null);
  return parts.includes(null) ? null : JSON.stringify(parts);
}
