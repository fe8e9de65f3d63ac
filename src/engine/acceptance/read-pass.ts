import { digestOf } from '@tminus/verify';
import type { JsonObject, LogEntry } from '@tminus/verify';

import type { AcceptanceAct, AcceptanceRow } from '../../core/acceptance/acceptance-record.ts';
import { findActs, isComplete } from '../../core/acceptance/find-acts.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { readPasses, readSights } from '../../store/acceptance.ts';
import type { StoredPass } from '../../store/acceptance.ts';
import { readAudit } from '../../store/audit.ts';
import type { AuditFilter, AuditRow } from '../../store/audit.ts';
import type { StoredEntry } from '../../store/evidence-log.ts';
import type { Store } from '../../store/open-store.ts';
import { sessionBegun } from '../identity/identity-ground.ts';
import type { GateDesk } from '../launches/gate-desk.ts';

/** A pass with what was done in it. */
export interface AcceptancePass extends Omit<StoredPass, 'record'> {
  acts: AcceptanceAct[];
  isComplete: boolean;
  /** What is signed, and its digest; null while something is missing. */
  record: JsonObject | null;
  sha256: string | null;
}

/** What passes are read with. */
export interface PassParts {
  store: Store;
  gates: Pick<GateDesk, 'entries'>;
}

/** Far more than anybody does in a pass; of more the newest are looked at, and an action of before them is not shown. */
const mostRows = 1_000;

/** Passes of a launch with what was done in each, the newest first and at most a hundred. */
export async function listPasses(parts: PassParts, launch: string): Promise<AcceptancePass[]> {
  const stored = await readPasses(parts.store, launch, null);
  return Promise.all(stored.map((pass) => toPass(parts, pass)));
}

/** One pass with what was done in it. Throws `acceptance_unknown`. */
export async function readPass(parts: PassParts, launch: string, id: string): Promise<AcceptancePass> {
  const [stored] = await readPasses(parts.store, launch, id);
  if (stored) return toPass(parts, stored);
  throw new ProductError('acceptance_unknown', `acceptance pass ${id}: expected one of ${launch}, got none`, {
    hint: 'list the passes of the launch, or begin one',
  });
}

async function toPass(parts: PassParts, stored: StoredPass): Promise<AcceptancePass> {
  // What was signed stays as it was signed, also when events of that time are pruned.
  const { record: signed, ...pass } = stored;
  const acts = signed === null ? findActs(stored.startedAt, await findRows(parts, stored)) : signedActs(signed);
  const isWhole = isComplete(acts);
  const record = isWhole ? (signed ?? toRecord(stored, acts)) : null;
  return { ...pass, acts, isComplete: isWhole, record, sha256: record && digestOf(record) };
}

function signedActs({ acts }: JsonObject): AcceptanceAct[] {
  return acts as unknown as AcceptanceAct[];
}

function toRecord({ id, launch, environment, person, startedAt }: StoredPass, acts: AcceptanceAct[]): JsonObject {
  const format = 'tminus/acceptance-pass/1';
  return { format, id, launch, environment, person, startedAt, acts } as unknown as JsonObject;
}

/** Everything that the person did, or was shown, at this place; until the pass was ended. */
async function findRows({ store, gates }: PassParts, pass: StoredPass): Promise<AcceptanceRow[]> {
  const { launch, environment, person, endedAt } = pass;
  const read = async (filter: Partial<AuditFilter>): Promise<AuditRow[]> =>
    (await readAudit(store, { ...everything, ...filter, places: [{ launch, environments: [environment] }] })).rows;
  const [signIns, allowed, told, failed, sights, entries] = await Promise.all([
    read({ kinds: ['identity'], person }),
    read({ kinds: ['access'], launch, person, outcome: 'allowed' }),
    read({ kinds: ['run', 'log'], launch, person }),
    read({ kinds: ['run'], launch, outcome: 'fail' }),
    readSights(store, pass.id),
    gates.entries(launch),
  ]);
  const known = new Map(entries.map((entry) => [entry.id, entry]));
  const rows = [
    ...sights,
    ...signIns.flatMap(toSignIn),
    ...told.flatMap((row) => (row.kind === 'log' ? toSpoken(row, known) : toHold(row))),
    ...failed.flatMap((row) => toDeclined(row, person, allowed)),
  ];
  return rows.filter(({ at }) => endedAt === null || at <= endedAt);
}

const everything: Omit<AuditFilter, 'places'> = {
  identity: true,
  kinds: null,
  launch: null,
  person: null,
  run: null,
  outcome: null,
  subject: null,
  after: null,
  limit: mostRows,
};

/** What identity writes where a session begins, and not where a second factor is shown in one. */
function toSignIn({ id, at, reason }: AuditRow): AcceptanceRow[] {
  return reason.startsWith(sessionBegun) ? [{ kind: 'signed-in', ref: id, at }] : [];
}

/** A run was held by hand. */
function toHold({ id, at, what, subjects, reason }: AuditRow): AcceptanceRow[] {
  const run = subjects.find((subject) => subject.startsWith('run:'));
  if (what !== 'execution.held' || run === undefined) return [];
  return [{ kind: 'finished', ref: id, at, subject: run, how: 'blocked', proof: reason }];
}

/**
 * A step that waited for a person was said not to have worked: the reason begins with who said it. A program can begin its last words so, too, but it was never
 * let close a step.
 */
function toDeclined(
  { id, at, subjects, reason }: AuditRow,
  person: string,
  allowed: readonly AuditRow[],
): AcceptanceRow[] {
  const step = subjects.find((subject) => subject.startsWith('step:'));
  const said = `${person}: `;
  const isTheirs = allowed.some(
    (row) => row.what === 'step.attest' && row.at <= at && row.subjects.includes(step ?? ''),
  );
  if (step === undefined || !isTheirs || !reason.startsWith(said)) return [];
  return [{ kind: 'finished', ref: id, at, subject: step, how: 'blocked', proof: reason.slice(said.length) }];
}

function toSpoken({ id, at, entry }: AuditRow, known: ReadonlyMap<string, StoredEntry>): AcceptanceRow[] {
  const stored = entry === null ? undefined : known.get(entry);
  const said = stored ? proofOf(stored.entry) : null;
  return said === null ? [] : [{ kind: 'finished', ref: id, at, ...said }];
}

type Said = Pick<Extract<AcceptanceRow, { kind: 'finished' }>, 'subject' | 'how' | 'proof'>;

function proofOf(entry: LogEntry): Said | null {
  if (entry.format === 'tminus/evidence/1') {
    const { criterion, producer, judgement, facts } = entry;
    const isWord = producer.kind === 'person' && judgement.outcome === 'pass';
    // The proof of a word with a pass as its proof would be its own.
    const proof = isWord ? toText(facts?.['proof']) : '';
    return isWord ? { subject: `criterion:${criterion}`, how: 'completed', proof } : null;
  }
  if (entry.format !== 'tminus/signed/1') return null;
  const { statement } = entry;
  if (statement.format === 'tminus/step-confirmation/1') {
    const { run, step, proof } = statement;
    return { subject: `step:${run}/${step}`, how: 'completed', proof };
  }
  if (statement.format !== 'tminus/approval/1' || statement.vote !== 'no-go') return null;
  return { subject: `gate:${statement.gate}`, how: 'blocked', proof: statement.comment };
}

function toText(proof: unknown): string {
  if (typeof proof !== 'object' || proof === null || !('value' in proof)) return '';
  return typeof proof.value === 'string' ? proof.value : '';
}
