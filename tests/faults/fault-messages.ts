import type { Advanced, TimelessInput } from '../../src/engine/advance/advance-request.ts';
import type { CreatedRun, RunOrder } from '../../src/engine/advance/create-run.ts';
import type { LockTimes } from '../../src/engine/delivery/keep-locks.ts';

/** What a process is started with. */
export interface FaultOrder {
  url: string;
  /** Where the foreign system is, if there is another way to it than to the database. */
  targetUrl?: string;
  dataDirectory: string;
  role: 'worker' | 'person' | 'appender' | 'migrator';
  /** Kills itself at this passage of this point; null lives. */
  die: { point: string; passage: number } | null;
  lockTimes?: Partial<LockTimes>;
}

/** What a process is told. */
export type FromParent =
  | { tell: 'passages' }
  | { tell: 'stop' }
  /** Takes no jobs until it is told to work. */
  | { tell: 'rest' }
  | { tell: 'work' }
  | { tell: 'create'; id: number; order: RunOrder }
  | { tell: 'advance'; id: number; run: string; input: TimelessInput };

/** What a process says. */
export type ToParent =
  | { say: 'ready' }
  | { say: 'done' }
  | { say: 'appended'; id: string }
  | { say: 'passages'; passages: { [point: string]: number } }
  | { say: 'answer'; id: number; answer: CreatedRun | Advanced }
  /** It could not be done; `id` is that of the question, if it was one. */
  | { say: 'failed'; id: number | null; error: string };
