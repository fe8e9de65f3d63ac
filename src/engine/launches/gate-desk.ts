import { decide } from '../../core/gate/decide.ts';
import type { Decision } from '../../core/gate/decision.ts';
import { readEntries, readLatestCheckpoint } from '../../store/evidence-log.ts';
import type { StoredEntry } from '../../store/evidence-log.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import type { Scene } from '../scene.ts';

/** A decision of a moment, and what it was made from. */
export interface DeskDecision {
  decision: Decision;
  logSize: number;
  /** The log that it was made from. */
  entries: readonly StoredEntry[];
}

/** Decisions for whoever looks at them again and again. */
export interface GateDesk {
  /** The decision of this second at most: made anew as soon as the log, the plan or the candidate is another. */
  decide(scene: Scene, gate: string): Promise<DeskDecision>;
  /** Everything that the log of a launch holds now. Entries never change, so that only new ones are read. */
  entries(launch: string): Promise<readonly StoredEntry[]>;
}

/** How long a decision is shown again: freshness and expiry go by its time. */
const freshMs = 1_000;

interface KeptDecision extends DeskDecision {
  madeAtMs: number;
  basis: string;
}

/** The desk of one process; what it keeps is bounded by the logs of the launches that are served. */
export function openGateDesk(store: Store): GateDesk {
  const logs = new Map<string, readonly StoredEntry[]>();
  const decisions = new Map<string, KeptDecision>();
  const entries = async (launch: string): Promise<readonly StoredEntry[]> => {
    const head = await readLatestCheckpoint(store, launch);
    const known = logs.get(launch) ?? [];
    const size = head?.size ?? 0;
    // A log that became shorter is another log: nothing of the old one is believed.
    if (size < known.length) logs.delete(launch);
    const from = size < known.length ? 0 : known.length;
    if (from === size) return known;
    const grown = [...known.slice(0, from), ...(await readEntries(store, launch, { from, to: size }))];
    if (grown.length >= (logs.get(launch)?.length ?? 0)) logs.set(launch, grown);
    return grown;
  };
  return {
    entries,
    async decide(scene, gate) {
      const { launch, planHash, candidate, candidateSha256 } = scene;
      const log = await entries(launch.id);
      const key = `${launch.id} ${scene.environment.id} ${gate}`;
      const basis = `${log.length} ${planHash} ${candidateSha256}`;
      const known = decisions.get(key);
      if (known && known.basis === basis && performance.now() - known.madeAtMs < freshMs) return known;
      const now = await readNow(store);
      const given = log.map(({ id, entry }) => ({ id, entry }));
      const decision = decide({ launch, planHash, candidate, candidateSha256, entries: given, now, gate });
      const made = { decision, logSize: log.length, entries: log, madeAtMs: performance.now(), basis };
      decisions.set(key, made);
      return made;
    },
  };
}
