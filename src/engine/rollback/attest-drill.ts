import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import { digestOf } from '@tminus/verify';
import type { Signed } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import type { DrillAttestation } from '../../core/rollback/drill-attestation.ts';
import type { DrillReport } from '../../core/rollback/drill-report.ts';
import { findObserver, findObserverFault } from '../../core/rollback/find-observer-fault.ts';
import type { ObservedDrill } from '../../core/rollback/find-observer-fault.ts';
import { judgeDrill } from '../../core/rollback/judge-drill.ts';
import { listObservers } from '../../core/rollback/list-observers.ts';
import { toAttestationFile, toSignedAttestation } from '../../kinds/checks/drill/attestation-file.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { listDrills } from '../../store/rehearsal.ts';
import { drillAttestationPath } from '../rehearsal/report-path.ts';
import type { Scene } from '../scene.ts';
import { assertCounts } from '../sign/append-signed.ts';
import { assertCurrent } from '../sign/assert-current.ts';
import { toPrepared } from '../sign/prepared.ts';
import type { Prepared } from '../sign/prepared.ts';
import { makeFolder, writeNewFile } from '../write-file.ts';
import { readAttestations } from './read-attestations.ts';

/** What somebody says of a drill that they watched. */
export interface DrillWord {
  drill: string;
  comment: string;
}

/** A word that counts, and the file that a `drill` check reads it from. */
export interface KeptWord {
  drill: string;
  person: string;
  sha256: string;
  file: string;
}

/**
 * The word of a person that they watched a drill, as it would count now (T31). Refused with `statement_void` is what would not count: the word of whoever ran it, of an automation, of
 * somebody who was not asked to watch, on a drill that proves nothing. Writes nothing.
 */
export async function prepareDrillAttestation(
  store: Store,
  scene: Scene,
  person: string,
  { drill, comment }: DrillWord,
): Promise<Prepared<DrillAttestation>> {
  const observed = await findObserved(store, scene, { person, drill });
  const { report, nowMs } = observed;
  const { launch, planHash, environment, procedure } = report;
  const statement: DrillAttestation = {
    format: 'tminus/drill-attestation/1',
    launch,
    planHash,
    environment,
    procedure,
    drill,
    reportSha256: digestOf(report),
    person,
    comment,
    signedAt: new Date(nowMs).toISOString(),
  };
  assertCounts(person, findObserverFault(observed, statement));
  return toPrepared(statement);
}

/** Keeps a signed word beside the report of its drill, if it is what would be prepared now and its signature holds. The same word once more changes nothing. */
export async function keepDrillAttestation(store: Store, scene: Scene, given: unknown): Promise<KeptWord> {
  const signed = toSignedAttestation(given);
  if (signed === null)
    throw new ProductError('signature_invalid', 'signed statement: expected the attestation of a drill, got another', {
      hint: 'sign exactly the statement that was prepared',
    });
  const { statement: said } = signed;
  const { statement } = await prepareDrillAttestation(store, scene, said.person, said);
  const words = { reportSha256: 'the record of the drill is another now' };
  assertCurrent(said, { ...statement, signedAt: said.signedAt }, { words, now: statement.signedAt });
  await assertHolds(store, scene, signed);
  const file = drillAttestationPath(scene.directory, said.drill, said.person);
  if (!(await isKept(scene, signed, file))) {
    makeFolder(dirname(file));
    writeNewFile(file, toAttestationFile(signed));
  }
  return { drill: said.drill, person: said.person, sha256: digestOf(signed), file };
}

/** Whether the person has said it already, where that counts; a file of theirs that does not is in the way, and is told. */
async function isKept({ directory }: Scene, { statement }: Signed<DrillAttestation>, file: string): Promise<boolean> {
  if (!existsSync(file)) return false;
  return (await readAttestations(directory)).some(
    (one) => one.statement.person === statement.person && one.statement.reportSha256 === statement.reportSha256,
  );
}

async function assertHolds(store: Store, scene: Scene, signed: Signed<DrillAttestation>): Promise<void> {
  const { person, drill } = signed.statement;
  const observed = await findObserved(store, scene, { person, drill });
  const found = findObserver(observed, [signed]);
  if (found.person !== null) return;
  throw new ProductError('signature_invalid', `attestation of ${drill}: ${found.faults.join('; ')}`, {
    hint: 'nothing was written; sign again with the declared key',
  });
}

async function findObserved(
  store: Store,
  scene: Scene,
  { person, drill }: { person: string; drill: string },
): Promise<ObservedDrill> {
  const drills = (await listDrills(store, scene.launch.id)).map(({ report }) => report as DrillReport);
  const report = drills.find(({ id }) => id === drill);
  if (report === undefined)
    throw new ProductError(
      'evidence_unknown',
      `drill ${drill}: expected one of ${
        drills
          .slice(0, 5)
          .map(({ id }) => id)
          .join(', ') || 'none'
      }, got another`,
      { hint: 'see the drills of each way back with "tminus rollback status"' },
    );
  const asked = scene.launch.procedures.find(({ id }) => id === report.procedure)?.goesBack?.observer ?? null;
  assertCounts(person, whyVoid(scene, report, asked));
  const observers = listObservers(scene.launch, asked ?? '');
  return { report, observers, nowMs: Date.parse(await readNow(store)) };
}

function whyVoid({ planHash }: Scene, report: DrillReport, asked: string | null): string | null {
  if (asked === null) return `way back ${report.procedure} asks nobody to watch`;
  if (report.planHash !== planHash) return `${report.id} is of another plan`;
  return judgeDrill(report).passed ? null : `${report.id} did not pass`;
}
