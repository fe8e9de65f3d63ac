import { ProductError } from '../core/error/product-error.ts';
import { DatastoreTrouble } from '../core/dataset/datastore-kind.ts';

/** Work that a server carries out beside requests, as it stands. What it comes to is kept elsewhere; this is only how far it is. */
export interface SideWork {
  id: string;
  startedBy: string;
  startedAtMs: number;
  /** Null while it is under way. */
  endedAtMs: number | null;
  /** Why it did not come to its end; null where it did, or is still to. */
  trouble: string | null;
}

/** Work of one sort that this process has begun, one at a time for each key. */
export interface SideDesk<Work extends SideWork> {
  /** Begins it and returns at once. Throws `run_refused` while work of the same key is under way. */
  begin(key: string, work: Work, carryOut: (signal: AbortSignal) => Promise<void>): Work;
  /** The newest of a key, under way or ended; null where this process began none. */
  newest(key: string): Work | null;
  /** The newest of every key. */
  list(): Work[];
  /** Calls off what is under way. False where nothing is. */
  stop(key: string): boolean;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

interface Parts {
  /** What the work is called, for whoever is told that it is under way: `checks of shop in production`. */
  name: (key: string) => string;
  /** Ends all of it. */
  signal: AbortSignal;
  /** Is told of trouble that is nobody's wish and no fault of what was asked. */
  report: (error: unknown) => void;
}

interface Kept<Work> {
  work: Work;
  stop: AbortController;
  ended: Promise<void>;
}

/** Returns the fields of work that begins now. */
export function startSideWork(key: string, startedBy: string): SideWork {
  const startedAtMs = Date.now();
  return { id: `${key.replaceAll(' ', '-')}-${startedAtMs}`, startedBy, startedAtMs, endedAtMs: null, trouble: null };
}

/** The desk of one process. */
export function openSideDesk<Work extends SideWork>({ name, signal, report }: Parts): SideDesk<Work> {
  const all = new Map<string, Kept<Work>>();
  return {
    begin(key, work, carryOut) {
      const known = all.get(key);
      if (known?.work.endedAtMs === null) throw alreadyUnderWay(name(key), known.work);
      const stop = new AbortController();
      const ended = carryOut(AbortSignal.any([signal, stop.signal]))
        .catch((error: unknown) => {
          work.trouble = toTrouble(error);
          if (!isTold(error) && !stop.signal.aborted) report(error);
        })
        .finally(() => {
          if (stop.signal.aborted) work.trouble = 'it was stopped';
          work.endedAtMs = Date.now();
        });
      all.set(key, { work, stop, ended });
      return work;
    },
    newest: (key) => all.get(key)?.work ?? null,
    list: () => [...all.values()].map(({ work }) => work),
    stop(key) {
      const known = all.get(key);
      if (known?.work.endedAtMs !== null) return false;
      known.stop.abort();
      return true;
    },
    idle: async () => void (await Promise.all([...all.values()].map(({ ended }) => ended))),
  };
}

/** Whether an error was written for people to read. Others may carry anything, such as a value of a row. */
function isTold(error: unknown): error is Error {
  return error instanceof ProductError || error instanceof DatastoreTrouble;
}

function toTrouble(error: unknown): string {
  return isTold(error) ? error.message : 'it ended in trouble that the log of the server tells';
}

function alreadyUnderWay(name: string, { startedBy }: SideWork): ProductError {
  return new ProductError('run_refused', `${name}: expected none under way, got one that ${startedBy} began`, {
    hint: 'wait until it has ended, or stop it',
  });
}
