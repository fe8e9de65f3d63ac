import { canonicalize, createLogKey, parseLogVerifier, sealEnvelope, toStatement, writeBundle } from '@tminus/verify';

import type { Decision } from '../core/gate/decision.ts';
import { ProductError } from '../core/error/product-error.ts';
import { readBlob } from '../store/blob.ts';
import type { StoredEntry } from '../store/evidence-log.ts';
import { readOrCreateLogSecret } from '../store/log-secret.ts';
import type { Store } from '../store/open-store.ts';
import { explainGate, sealDecision, toDecisionJson } from './explain-gate.ts';
import { readLog } from './read-log.ts';
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
  const { entries, checkpoint, logKey } = await readLog(store, scene.launch.id);
  if (checkpoint === null || logKey === null) throw emptyLog(scene);
  const launchJson = canonicalize(scene.launch);
  const candidateJson = canonicalize(scene.candidate);
  const decisionJson = toDecisionJson(explained.decision);
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
  return { files, decision: explained.decision, logKey, checkpoint };
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
