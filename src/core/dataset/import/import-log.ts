import type { Outcome } from '@tminus/verify';

import type { BatchAccount } from '../account-batch.ts';
import type { BatchState } from './batch.ts';
import { importReportFaults } from './import-report.ts';
import type { ImportReport } from './import-report.ts';
import type { ImportCounts } from './tally-import.ts';

/** How a validation of an import ended. Only `passed` passed; what nobody knows never counts as that. */
export type ValidationState = 'passed' | 'failed' | 'skipped' | 'blocked' | 'not-rerun' | 'unknown';

/** One thing that was asked of an import. */
export interface ImportValidation {
  /** As it is asked again. */
  command: string;
  /** What it shows. */
  shows: string;
  state: ValidationState;
  detail: string;
}

/** Records that were left out, and why. */
export interface ImportExclusion {
  outcome: 'skipped' | 'invalid' | 'conflict';
  reason: string;
  records: number;
}

/** The entry of an import in the log of imports (D37): where from, in which state, where to, what was left out, what was asked of it, what is left to do. */
export interface ImportLogEntry {
  batch: string;
  dataset: string;
  state: BatchState;
  source: ImportReport['source'] & {
    /** Digest over key and content of every record that was read: the state that the import is about. */
    stateSha256: string;
    records: number;
  };
  /** Under which documents and candidate it was planned. */
  documents: { planHash: string; candidateSha256: string };
  destination: ImportReport['target'] & { environment: string };
  /** Records by how they landed; null until it ended once. */
  copied: Pick<ImportCounts, 'inserted' | 'updated' | 'recovered' | 'unchanged'> | null;
  exclusions: ImportExclusion[];
  validations: ImportValidation[];
  /** Whether every validation passed, but those that this environment does without. */
  validated: boolean;
  followUps: string[];
}

/** The newest evidence of a criterion whose check names the dataset; null where there is none. */
export interface LoggedCriterion {
  criterion: string;
  evidence: { outcome: Outcome; observedAt: string } | null;
}

/** An import as far as its entry goes. */
export interface LoggedImport {
  id: string;
  dataset: string;
  planHash: string;
  candidateSha256: string;
  state: BatchState;
  report: ImportReport;
  /** The signed approval, or null. */
  approval: object | null;
  result: object | null;
  /** Whether its target is production, where nothing is written without an approval. */
  production: boolean;
  /** When it last moved. */
  movedAt: string;
  criteria: readonly LoggedCriterion[];
}

interface ReadResult {
  counts?: ImportCounts;
  account?: BatchAccount;
  verification?: { outcome: 'pass' | 'fail'; reason: string } | null;
  undo?: { counts: { edited: number } };
}

/** Returns the entry of an import in the log. */
export function toImportLogEntry(batch: LoggedImport): ImportLogEntry {
  const { id, dataset, state, report, planHash, candidateSha256 } = batch;
  const result: ReadResult = batch.result ?? {};
  const counts = result.counts ?? null;
  const validations = toValidations(batch, result);
  return {
    batch: id,
    dataset,
    state,
    documents: { planHash, candidateSha256 },
    source: { ...report.source, stateSha256: report.sourceSha256, records: (counts ?? report.counts).source },
    destination: { ...report.target, environment: report.environment },
    copied: counts && {
      inserted: counts.inserted,
      updated: counts.updated,
      recovered: counts.recovered,
      unchanged: counts.unchanged,
    },
    exclusions: toExclusions(counts ?? report.counts),
    validations,
    validated: validations.every((one) => one.state === 'passed' || one.state === 'skipped'),
    followUps: toFollowUps(batch, result, validations),
  };
}

function toExclusions(counts: ImportCounts): ImportExclusion[] {
  return (['skipped', 'invalid', 'conflict'] as const).flatMap((outcome) =>
    Object.entries(counts[outcome]).map(([reason, records]) => ({ outcome, reason, records })),
  );
}

function toValidations(batch: LoggedImport, { account, verification }: ReadResult): ImportValidation[] {
  const { dataset, report } = batch;
  const faults = importReportFaults(report);
  const planned: ImportValidation = {
    command: `tminus import plan ${dataset}`,
    shows: 'every record has an outcome, and every column is mapped or omitted',
    state: faults.length === 0 ? 'passed' : 'failed',
    detail: faults.join('; ') || report.account.reason,
  };
  const apply = `tminus import apply ${dataset}`;
  const accounted: ImportValidation = {
    command: apply,
    shows: 'source = imported + skipped by reason',
    ...toState(batch, account ?? null, planned.state),
  };
  const verified: ImportValidation = {
    command: apply,
    shows: 'every row is in the target as it was written',
    ...toState(batch, verification ?? null, accounted.state),
  };
  return [
    planned,
    toApprovalState(batch, planned.state),
    accounted,
    verified,
    ...batch.criteria.map(toCriterion(batch)),
  ];
}

/** What was seen before the import moved last says nothing of what it left. */
function toCriterion({ movedAt }: LoggedImport): (seen: LoggedCriterion) => ImportValidation {
  return ({ criterion, evidence }) => {
    const asked = { command: `tminus check ${criterion}`, shows: `criterion ${criterion}` };
    if (evidence === null) return { ...asked, state: 'unknown', detail: 'nobody has looked' };
    return Date.parse(evidence.observedAt) >= Date.parse(movedAt)
      ? { ...asked, state: stateOf[evidence.outcome], detail: `seen ${evidence.observedAt}` }
      : { ...asked, state: 'not-rerun', detail: `seen ${evidence.observedAt}, and it has moved since` };
  };
}

function toApprovalState(
  { dataset, state, approval, production }: LoggedImport,
  before: ValidationState,
): ImportValidation {
  const asked = {
    command: `tminus import approve ${dataset}`,
    shows: 'a person approved this dry run, with proof of an export and of its restore',
  };
  if (approval !== null) return { ...asked, state: 'passed', detail: 'signed' };
  if (state !== 'planned' && !production)
    return { ...asked, state: 'skipped', detail: 'the environment is not production' };
  if (state !== 'planned') return { ...asked, state: 'failed', detail: 'it is written to production without any' };
  return before === 'failed'
    ? { ...asked, state: 'blocked', detail: 'the dry run may not be approved' }
    : { ...asked, state: 'unknown', detail: 'nobody has approved it' };
}

/** What was found, unless it is about rows that were taken back since; what was not asked is blocked by what failed before it, else unknown. */
function toState(
  { state }: LoggedImport,
  found: { outcome: Outcome; reason: string } | null,
  before: ValidationState,
): Pick<ImportValidation, 'state' | 'detail'> {
  if (state === 'rolled-back') return { state: 'not-rerun', detail: 'the import was taken back' };
  if (found !== null) return { state: stateOf[found.outcome], detail: found.reason };
  return before === 'failed' || before === 'blocked'
    ? { state: 'blocked', detail: 'what comes before it did not pass' }
    : { state: 'unknown', detail: 'it was not asked yet' };
}

const stateOf: { readonly [outcome in Outcome]: ValidationState } = {
  pass: 'passed',
  fail: 'failed',
  unknown: 'unknown',
};

const nextOf: { readonly [state in BatchState]: string | null } = {
  planned: 'have it approved, or plan it again',
  approved: 'apply it',
  applying: 'go on with it, or take it back: it was begun and has not ended',
  applied: 'verify it: it was written and not read again',
  failed: 'find out what does not add up, then go on with it or take it back',
  verified: null,
  'rolled-back': null,
};

function toFollowUps(
  { state, report }: LoggedImport,
  { counts, undo }: ReadResult,
  validations: readonly ImportValidation[],
): string[] {
  const { conflict, invalid } = counts ?? report.counts;
  const [conflicts, faulty] = [sumOf(conflict), sumOf(invalid)];
  const next = nextOf[state];
  const edited = undo?.counts.edited ?? 0;
  const left = report.gone?.counts.edited ?? report.deletions ?? 0;
  const open = validations.filter((one) => one.state !== 'passed' && one.state !== 'skipped');
  return [
    ...(next === null ? [] : [next]),
    ...report.questions.map(({ column, message }) => `answer for column ${column}: ${message}`),
    ...(conflicts === 0 ? [] : [`decide about ${conflicts} records whose rows people have edited, deleted or made`]),
    ...(faulty === 0 ? [] : [`mend ${faulty} records of the source that cannot be read`]),
    ...(left === 0 ? [] : [`decide about ${left} rows whose records are gone from the source`]),
    ...(edited === 0 ? [] : [`look at ${edited} rows that stayed since people have edited them`]),
    ...open.map(({ command, shows, state: how }) => `${how}: ${shows} (${command})`),
  ];
}

function sumOf(counts: { [reason: string]: number }): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
