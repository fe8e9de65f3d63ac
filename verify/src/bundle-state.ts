import type { BundleIndex } from './bundle-index.ts';
import type { BundleSource } from './bundle-source.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DecisionHeader } from './decision-header.ts';
import type { LogVerifier } from './log-key.ts';
import type { LoggedEntry, Recompute } from './recompute.ts';
import type { FaultCode, StepId, VerifyFault } from './verify-report.ts';

/** What the reader of a bundle knows from elsewhere. */
export interface VerifyOptions {
  /** The log key as handed over by another way (`name+id+base64`); null trusts the key that came along, and says so. */
  pinnedKey: string | null;
  /** Checkpoints of this log that were kept elsewhere; `name` is for messages. */
  foreignCheckpoints: readonly { name: string; note: string }[];
}

/** Options of a reader who has nothing but the bundle. */
export const nothingElsewhere: VerifyOptions = { pinnedKey: null, foreignCheckpoints: [] };

/**
 * What the steps have established so far. Each step may use what earlier steps filled in, and only that:
 * a step runs only after every step before it held.
 */
export interface BundleState {
  readonly source: BundleSource;
  readonly options: VerifyOptions;
  readonly recompute: Recompute;
  index: BundleIndex;
  logKey: LogVerifier;
  checkpoint: Checkpoint;
  entries: LoggedEntry[];
  leafHashes: string[];
  /** RFC 8785 form of the launch, compared with the documents where these could be read. */
  launchJson: string;
  planHash: string;
  decision: DecisionHeader;
}

/** How a step came out; what does not hold is thrown as a `VerifyFailure`. */
export interface StepResult {
  state: 'ok' | 'not-checked';
  detail: string;
  cautions: string[];
}

/** One step of the verification. */
export interface Step {
  id: StepId;
  needed: boolean;
  /** Code and hint of a refusal that the step did not word itself. */
  code: FaultCode;
  hint: string;
  run(state: BundleState): StepResult;
}

/** Something in the bundle does not hold. */
export class VerifyFailure extends Error {
  readonly fault: VerifyFault;

  constructor(fault: VerifyFault) {
    super(`${fault.where}: expected ${fault.expected}, got ${fault.got}`);
    this.name = 'VerifyFailure';
    this.fault = fault;
  }
}

/** A step that held. */
export function held(detail: string, cautions: string[] = []): StepResult {
  return { state: 'ok', detail, cautions };
}

/** A step that could not be done. */
export function notChecked(detail: string, cautions: string[] = []): StepResult {
  return { state: 'not-checked', detail, cautions };
}
