import { canonicalize, digestOf } from '@tminus/verify';

import { decide } from '../core/gate/decide.ts';
import type { Decision } from '../core/gate/decision.ts';
import { appendEntries } from '../store/evidence-log.ts';
import { readNow } from '../store/open-store.ts';
import type { Store } from '../store/open-store.ts';
import { keepLaunch } from './keep-launch.ts';
import { readLog } from './read-log.ts';
import type { Scene } from './scene.ts';

/** A decision and the number of log entries that it was made from. */
export interface ExplainedGate {
  decision: Decision;
  logSize: number;
}

/** Loads the log and asks core for the decision at the database's time. Writes nothing. */
export async function explainGate(
  store: Store,
  scene: Scene,
  asked: { gate: string; phase?: string | undefined },
): Promise<ExplainedGate> {
  const { launch, planHash, candidate, candidateSha256 } = scene;
  const log = await readLog(store, launch.id);
  const entries = log.entries.map(({ id, entry }) => ({ id, entry }));
  const now = await readNow(store);
  const decision = decide({ launch, planHash, candidate, candidateSha256, entries, now, ...asked });
  return { decision, logSize: log.entries.length };
}

/** Seals a decision into the log, so that what was shown at that moment cannot be shown otherwise later. Returns its place. */
export async function sealDecision(
  store: Store,
  scene: Scene,
  { decision, logSize }: ExplainedGate,
): Promise<{ id: string; index: number }> {
  await keepLaunch(store, scene);
  const { gate, phase, decidedAt, outcome } = decision;
  const entry = {
    format: 'tminus/sealed-decision/1' as const,
    ...scene.binding,
    gate,
    phase,
    decidedAt,
    outcome,
    logSize,
    sha256: digestOf(decision),
  };
  const [place] = await appendEntries(store, scene.launch.id, [{ entry, blobs: [] }]);
  return { id: place!.id, index: place!.index };
}

/** The decision as it is stored and hashed: RFC 8785. */
export function toDecisionJson(decision: Decision): string {
  return canonicalize(decision);
}
