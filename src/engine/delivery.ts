import type { StoreTransaction } from '../store/transaction.ts';

/** How the jobs of one queue are tried. */
export interface QueueDefinition {
  name: string;
  /** Tries in all, the first one included; after the last a job is a dead letter. A worker that dies has used a try. */
  attempts: number;
  /** Pause after the first failure; each further one doubles it. A job whose worker died is tried at once. */
  backoffSeconds: number;
  backoffMaxSeconds: number;
}

/** A job that is to be delivered. */
export interface NewJob {
  queue: string;
  /** Jobs of one key are delivered in the order of sending, one at a time over all workers: the run they belong to. */
  key: string;
  data: Readonly<Record<string, unknown>>;
  /** 1 is delivered first, 10 last; 5 when nothing is said. Does not reorder the jobs of one key. */
  priority?: number;
  /** A UUID: of any number of jobs with one id and queue the first is delivered, the others are not sent. */
  id?: string;
  /** Not before this many seconds of the database's clock. */
  afterSeconds?: number;
}

/** The right of one worker to carry out one try of a job. Not to be confused with the claim of a document, which is text. */
export interface Claim {
  job: string;
  queue: string;
  key: string;
  data: Readonly<Record<string, unknown>>;
  /** Counts from 1. Deliveries that were given back before they began do not count. */
  attempt: number;
  attempts: number;
  /** Counts every delivery of the job, those that were given back, too. */
  delivery: number;
  /** From the database; every later claim of the same job has a greater one. Effects that can carry it show it to their target. */
  token: number;
  /** Aborted when the job was cancelled, taken over by another worker, or handed back by a stop. */
  signal: AbortSignal;
}

/** `stale`: the claim had been lost, nothing was written, drop the result. */
export type Settlement = 'settled' | 'stale';

/** What is to follow a job: jobs, or the writes of the caller and then jobs, in the transaction that settles it. */
export type NextJobs = readonly NewJob[] | ((tx: StoreTransaction) => Promise<readonly NewJob[]>);

/** Writes what goes with the end of jobs, through `tx` only, and returns what is to follow; `settled` are the ids of the jobs that ended. */
export type WriteEnds = (tx: StoreTransaction, settled: ReadonlySet<string>) => Promise<readonly NewJob[]>;

/** Workers of one queue in this process. */
export interface Workers {
  /** How many batches are worked on at once. */
  readonly slots: number;
  /** More or fewer slots from now on; a slot that goes finishes what it has. */
  resize(slots: number): Promise<void>;
  /** Takes nothing new and resolves when what is under way has ended. */
  drain(): Promise<void>;
}

/** A job whose tries are used up. */
export interface DeadLetter {
  /** Id of the letter, not of the job. */
  id: string;
  queue: string;
  key: string;
  job: string;
  data: Readonly<Record<string, unknown>>;
  attempts: number;
  /** What the last try said, or that its worker fell silent. */
  reason: string;
  at: Date;
}

/** Which letters are meant; ids, or all of a queue that were there at a moment. */
export type LetterFilter = { queue: string; ids: readonly string[] } | { queue: string; before: Date };

export interface DeadLetterStats {
  waiting: number;
  requeued: number;
  archived: number;
  lastDay: number;
  lastWeek: number;
  /** Most frequent first. */
  reasons: { reason: string; count: number }[];
}

/** The jobs that nobody could carry out. While a letter waits, no further job of its key is delivered. */
export interface DeadLetters {
  list(queue: string, limit?: number): Promise<DeadLetter[]>;
  /** Returns how many letters a filter means, and changes nothing. */
  preview(filter: LetterFilter): Promise<number>;
  /** Sends letters again with all their tries; returns how many. */
  requeue(filter: LetterFilter, by: { person: string; reason: string }): Promise<number>;
  /** Sets letters aside; the further jobs of their keys are delivered again. Returns how many. */
  archive(filter: LetterFilter, by: { person: string; reason: string }): Promise<number>;
  stats(queue: string): Promise<DeadLetterStats>;
}

/** How one queue is. */
export interface QueueHealth {
  queue: string;
  /** Jobs that may begin and have not. */
  waiting: number;
  /** Jobs that are to begin later. */
  delayed: number;
  /** For how long the oldest of those waiting could have begun; null where none waits. */
  oldestSeconds: number | null;
  active: number;
  /** Jobs whose tries are used up, each keeping its key shut. */
  dead: number;
  /** Jobs under way whose worker has been silent for too long, and that nobody has taken over yet. */
  stuck: number;
}

/** How delivery is; what could not be read is unknown, never zero. */
export type DeliveryHealth = { state: 'known'; queues: QueueHealth[] } | { state: 'unknown'; reason: string };

/**
 * Brings jobs to workers: at least once, one at a time per key, again when a worker dies.
 * Nothing behind this port is known to its callers, so that another delivery engine can stand there.
 */
export interface Delivery {
  /** Returns the ids of the jobs that were sent; a job whose id was sent before is left out. With `tx` they are sent when it commits. */
  send(jobs: readonly NewJob[], options?: { tx?: StoreTransaction }): Promise<string[]>;
  /**
   * Calls `handler` for each job. One that returns without settling settles its job with nothing to follow; one that throws has failed
   * this try. Whatever it does after its claim is lost is not written.
   */
  work(queue: string, handler: (claim: Claim) => Promise<void>, options?: { slots?: number }): Promise<Workers>;
  /** Ends a job and sends what follows in one transaction: both or neither, and neither for a claim that was lost. */
  settleAndSend(claim: Claim, next: NextJobs): Promise<Settlement>;
  /**
   * Ends many jobs, of any queues, in one transaction: `write` gets the ids of the jobs whose claims held, and what it returns is sent.
   * Answers at the place of each ending. When no claim held, `write` is not called; when it throws, all claims stay as they were.
   * `write` may be called again after a transaction that the database undid, so it changes nothing but through `tx`.
   */
  settleMany(endings: readonly { readonly claim: Claim }[], write: WriteEnds): Promise<Settlement[]>;
  /**
   * Gives a job back that did not begin, not to be delivered before `afterSeconds`: a step that waits for a lock. It costs no try, and `attempt` is the
   * same in the next delivery. `stale` when the claim had been lost.
   */
  release(claim: Claim, options: { afterSeconds: number }): Promise<Settlement>;
  /** Tells whether a claim still holds, and keeps it so until `tx` ends. Every write on behalf of a claim asks first. */
  confirm(tx: StoreTransaction, claim: Claim): Promise<boolean>;
  /** The same for many at once: returns the tokens of the claims that hold. */
  confirmMany(tx: StoreTransaction, claims: readonly Claim[]): Promise<ReadonlySet<number>>;
  /** Moves jobs that wait to so many seconds from now, later or earlier. Returns how many were waiting; what is under way is left alone. */
  reschedule(
    queue: string,
    jobs: readonly string[],
    options: { afterSeconds: number; tx?: StoreTransaction },
  ): Promise<number>;
  /** Cancels jobs, waiting or under way; their workers see it within a second or two. Returns how many had not ended. */
  cancel(queue: string, jobs: readonly string[], options?: { tx?: StoreTransaction }): Promise<number>;
  /** Cancels every job of a key, waiting or under way: all of a run. What is sent afterwards is delivered. Returns how many had not ended. */
  cancelKey(queue: string, key: string, options?: { tx?: StoreTransaction }): Promise<number>;
  /** Cancels every job of a queue that has not ended. */
  cancelQueue(queue: string, options?: { tx?: StoreTransaction }): Promise<number>;
  deadLetters: DeadLetters;
  /** Tells how every queue is. Never throws. */
  health(): Promise<DeliveryHealth>;
  /** Takes nothing new; resolves when everything under way in this process has ended. */
  drain(): Promise<void>;
  /** Drains for so long, then hands back what is left to the other workers, and closes. */
  stop(options?: { graceSeconds?: number }): Promise<void>;
}
