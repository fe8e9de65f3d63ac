import type { Candidate } from '../core/candidate/candidate.ts';

/** A fault that a rehearsal plants in the first attempt of a step. */
export type PlantedFault = 'fails' | 'times_out' | 'crash_before' | 'crash_after' | 'owner_absent';

/** What belongs to a run and not to its plan. Plain JSON, kept with the run. */
export interface RunSetting {
  candidate: Candidate;
  candidateSha256: string;
  /** Folder that its steps work in, on the machine that made the run; null lets each worker use its own checkout of the launch. */
  workspace: string | null;
  /** Account that the steps run for: the one whose permission is asked for at execution. */
  executor: string;
  /** Faults to plant, by step; empty outside of rehearsals. */
  faults: { [step: string]: PlantedFault };
  /** Words that lift a change window which names them, such as `emergency` (T29). */
  labels: readonly string[];
  /** A rehearsal closes human steps itself, marked as such; null leaves them to people. */
  standIns: 'all' | null;
}

/** The setting of a run that was read from the store. */
export function toRunSetting(stored: object): RunSetting {
  return stored as RunSetting;
}
