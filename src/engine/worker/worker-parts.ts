import type { CheckKind } from '../../core/check/check.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { Run } from '../../core/procedure/run.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import type { StepKind } from '../../core/step/step-kind.ts';
import type { SweepReport } from '../../mask/sweep/sweep.ts';
import type { Store } from '../../store/open-store.ts';
import type { LogAddition } from '../../store/step-record.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import type { Advancer } from '../advance/open-advancer.ts';
import type { Delivery } from '../delivery.ts';
import type { LockKeeper } from '../delivery/keep-locks.ts';
import type { Log } from '../log/open-log.ts';
import type { RunSetting } from '../run-setting.ts';
import type { LaunchShelf } from './launch-shelf.ts';
import type { StopWatch } from './stop-watch.ts';
import type { Workspaces } from './workspaces.ts';

/** A stream that masks what goes through it. */
export interface MaskStream {
  write(chunk: Uint8Array): Uint8Array;
  flush(): Uint8Array;
}

/** Takes secrets out of what a worker writes down. */
export interface Masking {
  maskText(text: string): string;
  createStream(): MaskStream;
  /** Decodes what was written and names each secret in it. */
  sweep(written: Uint8Array): Promise<Pick<SweepReport, 'hits' | 'unread'>>;
}

/** A secret that a step asks for. */
export interface SecretAsk {
  launch: Launch;
  name: string;
  run: Run;
  step: string;
  setting: RunSetting;
  workspace: string;
  signal: AbortSignal;
}

/** Asked in the transaction that begins a step; a text keeps it back. */
export type Permit = (
  tx: StoreTransaction,
  asked: { launch: Launch; run: Run; step: string; setting: RunSetting; nowMs: number },
) => Promise<string | null>;

/** A message on its way to people. */
export interface OutgoingMessage {
  /** The same whenever it is sent again. */
  key: string;
  launch: Launch;
  run: Run;
  /** `call` asks the people for something; every other word announces to everybody. */
  what: string;
  people: readonly string[];
  text: string;
  signal: AbortSignal;
}

/** What the handlers of a worker share. */
export interface WorkerParts {
  store: Store;
  delivery: Delivery;
  advancer: Advancer;
  locks: LockKeeper;
  stops: StopWatch;
  shelf: LaunchShelf;
  /** Adds to the log of an attempt, in one statement with whatever else is being said. */
  appendLog: (addition: LogAddition) => Promise<void>;
  workspaces: Workspaces;
  stepKinds: readonly StepKind[];
  checkKinds: readonly CheckKind[];
  masking: Masking;
  openSecret: (ask: SecretAsk) => Promise<SecretValue>;
  permit: Permit;
  /** Sends a message to where people read it; throws where it was not taken, and is then tried again. Null where messages only stand in the store. */
  announce: ((message: OutgoingMessage) => Promise<void>) | null;
  /** How long a step waits for its assets before it goes back into the row, seconds. */
  lockWaitSeconds: number;
  /** Where a line is written for every step that begins and ends; null for nowhere. */
  log: Log | null;
  report: (error: unknown) => void;
}
