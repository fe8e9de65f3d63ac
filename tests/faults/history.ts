import type { Run } from '../../src/core/procedure/run.ts';
import type { StoredEvent } from '../../src/store/event.ts';

/** One call of the foreign system, as the system saw it. Instants are milliseconds of the database's clock. */
export interface Call {
  /** Idempotency key of the step. */
  key: string;
  run: string;
  step: string;
  attempt: number;
  /** Token of the claim that it was made under. */
  fence: number;
  /** The rising number of each asset that was held for it. */
  assets: { [asset: string]: number };
  pid: number;
  beganAtMs: number;
  /** When its effect was written; null while it was not, or was refused as a repeat or as stale. */
  appliedAtMs: number | null;
  endedAtMs: number | null;
}

/** A deed of a person that the engine said yes to. */
export interface Acknowledged {
  run: string;
  kind: string;
  /** A text that stands nowhere else: it has to be found in the events. */
  mark: string;
  atMs: number;
}

/** Everything that clients saw, and everything that was stored. */
export interface History {
  /** Run by key of idempotency, of every order that was acknowledged. */
  orders: { key: string; run: string }[];
  acknowledged: Acknowledged[];
  calls: Call[];
  /** When which process was killed. */
  deaths: { pid: number; atMs: number }[];
  /** Processes that were stopped for a while and woke up. */
  frozen: number[];
  events: StoredEvent[];
  /** Cursors in the order in which somebody who followed the events was told of them. */
  followed: number[];
  runs: Run[];
  /** Ids of all runs of the store, asked for or not. */
  made: string[];
  /** Messages kept of each run. */
  messages: { [run: string]: number };
  /** Log of each attempt, by `run/step/attempt`. */
  logs: { [attempt: string]: string };
  /** Steps that a worker has, or will be given, work on: `run/step`. */
  work: string[];
  /** Jobs of ended runs that are still to be worked on, and letters nobody could carry out. */
  leftJobs: number;
  deadLetters: number;
}
