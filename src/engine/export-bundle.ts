import {
  canonicalize,
  createLogKey,
  digestOf,
  parseLogVerifier,
  sealEnvelope,
  toStatement,
  writeBundle,
} from '@tminus/verify';

import { decide } from '../core/gate/decide.ts';
import type { Decision } from '../core/gate/decision.ts';
import { ProductError } from '../core/error/product-error.ts';
import { readBlob } from '../store/blob.ts';
import type { StoredEntry } from '../store/evidence-log.ts';
import { readOrCreateLogSecret } from '../store/log-secret.ts';
import type { Store } from '../store/open-store.ts';
import { explainGate, sealDecision, toDecisionJson } from './explain-gate.ts';
import { findEntry } from './evidence/find-entry.ts';
import { readLog } from './read-log.ts';
import type { ReadLog } from './read-log.ts';
import type { Scene } from './scene.ts';

/** A bundle that a stranger can verify, and the decision that it proves. */
export interface ExportedBundle {
  files: ReadonlyMap<string, Uint8Array>;
  decision: Decision;
  /** Verifier form of the log key: hand it to the reader by another way than the bundle. */
  logKey: string;
  /** Keep this somewhere else, too: it shows a tail that was cut. */
  checkpoint: string;
}

/** Decides the gate, seals the decision, and packs documents, entries, bytes, checkpoint and decision together. */
export async function exportBundle(
  store: Store,
  scene: Scene,
  asked: { gate: string; phase?: string | undefined },
): Promise<ExportedBundle> {
  const explained = await explainGate(store, scene, asked);
  await sealDecision(store, scene, explained);
  return packBundle(store, scene, { decision: explained.decision, log: await readLog(store, scene.launch.id) });
}

/**
 * Packs the bundle of a decision that was sealed before, and writes nothing. It is made again from the entries of then, at its own time; throws
 * `statement_stale` where documents or candidate are others now, so that it would not come out as it was sealed.
 */
export async function packSealed(store: Store, scene: Scene, id: string): Promise<ExportedBundle> {
  const log = await readLog(store, scene.launch.id);
  const { entry } = findEntry(log.entries, id);
  if (entry.format !== 'tminus/sealed-decision/1') throw notSealed(id);
  const { launch, planHash, candidate, candidateSha256 } = scene;
  const entries = log.entries.slice(0, entry.logSize).map((one) => ({ id: one.id, entry: one.entry }));
  const of = { gate: entry.gate, phase: entry.phase, now: entry.decidedAt };
  const decision = decide({ launch, planHash, candidate, candidateSha256, entries, ...of });
  if (digestOf(decision) !== entry.sha256) throw noLongerSo(entry.gate);
  return packBundle(store, scene, { decision, log });
}

async function packBundle(
  store: Store,
  scene: Scene,
  { decision, log: { entries, checkpoint, logKey } }: { decision: Decision; log: ReadLog },
): Promise<ExportedBundle> {
  if (checkpoint === null || logKey === null) throw emptyLog(scene);
  const launchJson = canonicalize(scene.launch);
  const candidateJson = canonicalize(scene.candidate);
  const decisionJson = toDecisionJson(decision);
  const key = createLogKey(parseLogVerifier(logKey).name, readOrCreateLogSecret(store.dataDirectory, false));
  const statement = sealEnvelope(toStatement({ launchJson, candidateJson, decisionJson, checkpoint }), key);
  const files = writeBundle({
    documents: new Map(scene.documents.map(({ path, bytes }) => [path, bytes])),
    launchJson,
    candidateJson,
    decisionJson,
    entries: entries.map(({ body }) => body),
    blobs: await readBlobs(store, entries),
    checkpoint,
    logKey,
    statement,
  });
  return { files, decision, logKey, checkpoint };
}

function notSealed(id: string): ProductError {
  return new ProductError('evidence_unknown', `entry ${id}: expected a sealed decision, got another entry`, {
    hint: 'seal a decision of the gate first',
  });
}

function noLongerSo(gate: string): ProductError {
  return new ProductError(
    'statement_stale',
    `decision about ${gate}: expected the documents and the candidate that it was made from, got others`,
    { hint: 'seal a decision of now, and take its bundle' },
  );
}

async function readBlobs(store: Store, entries: readonly StoredEntry[]): Promise<Map<string, Uint8Array>> {
  const blobs = new Map<string, Uint8Array>();
  for (const { entry } of entries) {
    if (entry.format !== 'tminus/evidence/1') continue;
    for (const { sha256, name } of entry.sources) {
      if (blobs.has(sha256)) continue;
      const bytes = await readBlob(store, sha256);
      if (bytes === null) throw lostBytes(entry.criterion, name, sha256);
      blobs.set(sha256, bytes);
    }
  }
  return blobs;
}

function lostBytes(criterion: string, name: string, sha256: string): ProductError {
  return new ProductError(
    'store_damaged',
    `source ${name} of ${criterion}: expected the bytes of ${sha256}, got none`,
    {
      hint: 'restore the data directory from a backup; run "tminus doctor" to see what else is missing',
    },
  );
}

function emptyLog({ launch }: Scene): ProductError {
  return new ProductError('internal', `log of ${launch.id}: expected a checkpoint after sealing, got none`, {
    hint: 'report this with the output of "tminus doctor"',
  });
}
