/** At which point of reading an archive a rule is asked. What an earlier stage finds hides what would only follow from it. */
export type ArchiveStage = 'container' | 'manifest' | 'file' | 'row';

interface ArchiveRuleText {
  stage: ArchiveStage;
  /** What an archive has to be, in words. */
  expected: string;
}

/** Every rule that an archive is held against, each for one kind of damage. */
export const archiveRules = {
  archive_other: { stage: 'container', expected: 'the archive whose sha256 was recorded' },
  key_wrong: { stage: 'container', expected: 'an archive that the given identity opens' },
  archive_unreadable: { stage: 'container', expected: 'a tar archive, compressed by gzip' },
  archive_truncated: { stage: 'container', expected: 'an archive that goes on to its end' },
  archive_corrupted: { stage: 'container', expected: 'bytes as they were written' },
  entry_forbidden: { stage: 'container', expected: 'plain files below the archive, and nothing else' },
  entry_duplicate: { stage: 'container', expected: 'each file once' },
  manifest_missing: { stage: 'manifest', expected: 'manifest.json as the first file' },
  manifest_malformed: { stage: 'manifest', expected: 'a manifest with every field' },
  version_unknown: { stage: 'manifest', expected: 'a version of the format that is read here' },
  environment_other: { stage: 'manifest', expected: 'an archive of the environment that was asked for' },
  archive_partial: { stage: 'manifest', expected: 'an archive of every record' },
  entity_not_omitted: { stage: 'manifest', expected: 'no file of an entity that was left out' },
  file_missing: { stage: 'file', expected: 'every file that the manifest lists' },
  file_unexpected: { stage: 'file', expected: 'no file that the manifest does not list' },
  file_swapped: { stage: 'file', expected: 'the bytes of this file and not of another' },
  size_differs: { stage: 'file', expected: 'as many bytes as the manifest says' },
  checksum_differs: { stage: 'file', expected: 'the sha256 that the manifest says' },
  count_differs: { stage: 'row', expected: 'as many rows as the manifest says' },
  line_malformed: { stage: 'row', expected: 'one object of JSON per line, as it is written here' },
  field_missing: { stage: 'row', expected: 'every field of the entity' },
  field_unexpected: { stage: 'row', expected: 'no field that the entity does not have' },
  field_not_omitted: { stage: 'row', expected: 'no field that was left out' },
  required_null: { stage: 'row', expected: 'a value in a required field' },
  value_malformed: { stage: 'row', expected: 'canonical text of the type of the field' },
  date_malformed: { stage: 'row', expected: 'a date or time of ISO 8601' },
  value_not_allowed: { stage: 'row', expected: 'one of the values that the field may have' },
  key_duplicate: { stage: 'row', expected: 'each key once' },
  rows_unsorted: { stage: 'row', expected: 'rows in the order of the key' },
  relation_broken: { stage: 'row', expected: 'a row that the relation names' },
  redaction_missing: { stage: 'row', expected: 'the marker in a redacted field' },
  secret_found: { stage: 'row', expected: 'no secret in names and values' },
  proof_missing: { stage: 'row', expected: 'proof of what is said to be done' },
  lifecycle_broken: { stage: 'row', expected: 'an end exactly where it has ended' },
  row_repeated: { stage: 'row', expected: 'no two rows that say the same' },
} as const satisfies { [id: string]: ArchiveRuleText };

export type ArchiveRuleId = keyof typeof archiveRules;

/** One thing that is wrong with an archive. Names places and never a value. */
export interface ArchiveFinding {
  rule: ArchiveRuleId;
  /** Path in the archive; null where it is about the archive itself. */
  file: string | null;
  /** 1-based; null where there is none. */
  line: number | null;
  /** Where it begins, from 0: in the file, or in the archive where `file` is null. Null where no place is known. */
  byte: number | null;
  field: string | null;
  /** Lower case, no full stop: what was expected and what was got. */
  message: string;
}

/** Returns a finding about a place; what is left out is null. */
export function toFinding(
  rule: ArchiveRuleId,
  got: string,
  at: Partial<Omit<ArchiveFinding, 'rule' | 'message'>> = {},
): ArchiveFinding {
  const message = `expected ${archiveRules[rule].expected}, got ${got}`;
  return { rule, file: null, line: null, byte: null, field: null, ...at, message };
}

/** Returns a finding as one line for people: where, which rule, what. */
export function renderFinding({ rule, file, line, byte, field, message }: ArchiveFinding): string {
  const place = [
    file ?? 'archive',
    ...(line === null ? [] : [`line ${line}`]),
    ...(byte === null ? [] : [`byte ${byte}`]),
    ...(field === null ? [] : [field]),
  ];
  return `${rule}  ${place.join(', ')}: ${message}`;
}
