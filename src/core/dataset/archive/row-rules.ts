import type { ArchiveRuleId } from './archive-rules.ts';
import { createKeySet } from './key-set.ts';
import { redactionMarker } from './manifest.ts';
import type { ArchiveEntity, ArchiveField, ArchiveManifest, ArchiveRule } from './manifest.ts';
import { isCanonical, isDateType } from './value-forms.ts';

/** One line of an entity, as JSON has it. */
export interface ArchiveRow {
  readonly [field: string]: unknown;
}

type Add = (rule: ArchiveRuleId, got: string, field?: string) => void;

/** Returns what judges the fields of one row and says whether all of them are there, so that order and relations can be asked. */
export function createRowRules(
  entity: ArchiveEntity,
  manifest: ArchiveManifest,
  add: Add,
): (row: ArchiveRow) => boolean {
  const isOfEntity = (one: { entity: string }): boolean => one.entity === entity.name;
  const redacted = new Set(manifest.redactions.filter(isOfEntity).map(({ field }) => field));
  const omitted = new Set(manifest.omitted_fields.filter(isOfEntity).map(({ field }) => field));
  const known = new Set(entity.fields.map(({ name }) => name));
  const rules = entity.rules.map((rule) => createRule(rule, add));
  return (row) => {
    const isWhole = judgeNames(row, { entity, known, omitted }, add);
    if (!isWhole) return false;
    if (Object.keys(row).some((name, index) => entity.fields[index]?.name !== name && known.has(name)))
      add('line_malformed', 'the fields in another order');
    for (const field of entity.fields) judgeValue(field, row[field.name], redacted.has(field.name), add);
    for (const judge of rules) judge(row);
    return true;
  };
}

function judgeNames(
  row: ArchiveRow,
  { entity, known, omitted }: { entity: ArchiveEntity; known: ReadonlySet<string>; omitted: ReadonlySet<string> },
  add: Add,
): boolean {
  let isWhole = true;
  for (const { name } of entity.fields) {
    if (Object.hasOwn(row, name)) continue;
    add('field_missing', 'none', name);
    isWhole = false;
  }
  for (const name of Object.keys(row)) {
    if (known.has(name)) continue;
    // The name is of the data: it is told by its length, in case that it is a value.
    if (omitted.has(name)) add('field_not_omitted', 'it', name);
    else add('field_unexpected', `another, of ${name.length} characters`);
  }
  return isWhole;
}

function judgeValue(field: ArchiveField, value: unknown, isRedacted: boolean, add: Add): void {
  const { name, type, required, allowed } = field;
  if (isRedacted) {
    if (value !== redactionMarker) add('redaction_missing', 'something else', name);
  } else if (value === null) {
    if (required) add('required_null', 'null', name);
  } else if (typeof value !== 'string' || !isCanonical(value, field)) {
    add(isDateType(type) ? 'date_malformed' : 'value_malformed', `no ${type}`, name);
  } else if (allowed !== null && !allowed.includes(value)) {
    add('value_not_allowed', `none of ${allowed.length}`, name);
  }
}

function createRule(rule: ArchiveRule, add: Add): (row: ArchiveRow) => void {
  if (rule.rule === 'dedupe') return createDedupe(rule.fields, add);
  const { field, values, needs } = rule;
  return (row) => {
    const isMeant = values.includes(String(row[field]));
    const isThere = row[needs] !== null;
    if (rule.rule === 'proof' && isMeant && !isThere) add('proof_missing', 'null', needs);
    if (rule.rule === 'lifecycle' && isMeant !== isThere)
      add('lifecycle_broken', isThere ? 'one too early' : 'none', needs);
  };
}

function createDedupe(fields: readonly string[], add: Add): (row: ArchiveRow) => void {
  const seen = createKeySet();
  return (row) => {
    const key = JSON.stringify(fields.map((name) => row[name] ?? null));
    if (seen.has(key)) add('row_repeated', 'another such row', fields.join('+'));
    seen.add(key);
  };
}
