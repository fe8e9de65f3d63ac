import type { JsonObject } from '@tminus/verify';

/** What the predicate of an in-toto statement about a restore drill means. */
export const restoreDrillPredicateType = 'tminus:restore-drill/1';

/** The parts of a drill, each of which takes its time. */
export const drillPhases = ['validate', 'create', 'schema', 'load', 'relations', 'smoke', 're-export'] as const;

/** How long one part of a drill took. */
export interface DrillPhase {
  name: (typeof drillPhases)[number];
  ms: number;
}

/** One question that was asked of what was restored. */
export interface SmokeCheck {
  name: string;
  passed: boolean;
  /** What was seen, without values. */
  detail: string;
}

/** One entity: as the archive has it, as it was restored, as it was exported again. */
export interface RestoredEntity {
  entity: string;
  /** Rows that the dry run said would be inserted. */
  planned: number;
  restored: number;
  /** Rows left out, and rows that could not be restored: any but zero is no restore. */
  skipped: number;
  invalid: number;
  expectedSha256: string;
  /** Of the file that was made from the restored rows; null where it did not come to that. */
  computedSha256: string | null;
}

/** What a restore drill came to. */
export interface RestoreReport {
  format: 'tminus/restore-drill/1';
  id: string;
  launch: string;
  planHash: string;
  /** The candidate, as each environment of the launch has it. */
  candidates: { [environment: string]: string };
  /** What was restored: `storeSubject`, or ids of datasets. */
  subject: string[];
  archive: {
    /** File name or address without query: it names no person and holds no key. */
    uri: string;
    /** Recorded when it was written; null where nobody kept it, and then the drill does not pass. */
    expectedSha256: string | null;
    computedSha256: string;
    generatedAt: string | null;
    environment: string | null;
    /** Whose datasets it holds; null for an archive of the store. */
    launch: string | null;
    appGitSha: string | null;
    formatVersion: number | null;
  };
  /** Commit that the drill ran at. */
  appGitSha: string | null;
  /** Findings of the validation, one line each, the first of them. */
  validation: string[];
  entities: RestoredEntity[];
  smoke: SmokeCheck[];
  target: { environment: 'scratch'; server: JsonObject; database: string; wasEmpty: boolean; dropped: boolean };
  phases: DrillPhase[];
  /** From the first byte of the archive to the last smoke check; null where it did not come to that. */
  rtoMs: number | null;
  /** What was done so that nothing of production could be written. */
  productionWrites: string;
  /** RFC 3339, by the database's clock. */
  beganAt: string;
  endedAt: string;
  /** Why it ended early; null where it went through. */
  stopped: string | null;
  /** Public key of the store that signed it. */
  signedBy: string;
  /** For people; `judgeRestore` decides. */
  passed: boolean;
}

/** What a drill of everything that Tminus keeps is of. */
export const storeSubject = 'store';

/** So many questions are asked of what was restored. */
export const smokeCount = 7;

/** Clocks of two machines may differ by this much. */
const clockSkewMs = 60_000;

/** Returns why a drill did not pass; empty where it did. Judged from what was measured, and never from what the report says of itself. */
export function judgeRestore(report: Omit<RestoreReport, 'passed'>): string[] {
  const { validation, entities, smoke, target, stopped } = report;
  const names = new Set(smoke.map(({ name }) => name));
  return [
    ...(stopped === null ? [] : [stopped]),
    ...judgeOrigin(report),
    ...validation,
    ...(entities.some(({ restored }) => restored > 0) ? [] : ['entities: expected rows, got none']),
    ...judgeSubject(report),
    ...entities.flatMap(judgeEntity),
    ...(names.size === smokeCount && smoke.length === smokeCount
      ? []
      : [`smoke checks: expected ${smokeCount}, got ${names.size}`]),
    ...smoke.filter(({ passed }) => !passed).map(({ name, detail }) => `${name}: ${detail}`),
    ...(target.wasEmpty ? [] : [`${target.database}: expected an empty database, got one with tables`]),
    ...(target.dropped ? [] : [`${target.database}: expected a database that was dropped, got one that stays`]),
    ...judgeTimes(report),
  ];
}

function judgeOrigin({ archive, beganAt }: Pick<RestoreReport, 'archive' | 'beganAt'>): string[] {
  const { expectedSha256, computedSha256, generatedAt } = archive;
  if (expectedSha256 === null) return ['archive: expected a sha256 that was kept when it was written, got none'];
  if (expectedSha256 !== computedSha256) return [`archive: expected sha256 ${expectedSha256}, got ${computedSha256}`];
  const isBefore = generatedAt !== null && Date.parse(generatedAt) - clockSkewMs <= Date.parse(beganAt);
  return isBefore ? [] : ['archive: expected one that was written before the drill, got another'];
}

/** What a drill is of, it has to have restored; an entity that stands there twice is none that anybody can judge. */
function judgeSubject({ subject, entities }: Pick<RestoreReport, 'subject' | 'entities'>): string[] {
  const names = new Set(entities.map(({ entity }) => entity));
  const absent = subject.filter((each) => each !== storeSubject && !names.has(each));
  return [
    ...absent.map((each) => `${each}: expected it to be restored, got nothing of it`),
    ...(names.size === entities.length ? [] : ['entities: expected each once, got one twice']),
  ];
}

function judgeTimes({ rtoMs, phases, beganAt, endedAt }: Omit<RestoreReport, 'passed'>): string[] {
  const missing = drillPhases.find((phase) => !phases.some(({ name }) => name === phase));
  if (rtoMs === null || missing !== undefined)
    return [`time: expected one that was measured, got none${missing === undefined ? '' : ` of ${missing}`}`];
  return Date.parse(beganAt) <= Date.parse(endedAt) ? [] : ['time: expected an end after the beginning, got another'];
}

function judgeEntity({
  entity,
  planned,
  restored,
  skipped,
  invalid,
  expectedSha256,
  computedSha256,
}: RestoredEntity): string[] {
  if (skipped !== 0 || invalid !== 0)
    return [`${entity}: expected every row, got ${skipped} skipped and ${invalid} invalid`];
  if (restored !== planned) return [`${entity}: expected ${planned} rows, got ${restored}`];
  if (computedSha256 === expectedSha256) return [];
  return [
    `${entity}: expected ${expectedSha256.slice(0, 12)} of what was restored, got ${computedSha256?.slice(0, 12) ?? 'none'}`,
  ];
}
