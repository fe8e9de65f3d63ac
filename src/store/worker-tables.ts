import type { Generated, GeneratedAlways } from 'kysely';

/** Tables of the processes that carry out steps. */
export interface WorkerTables {
  worker: WorkerRow;
  worker_wish: WorkerWishRow;
}

/** A process that carries out steps. */
interface WorkerRow {
  id: string;
  host: string;
  pid: number;
  version: string;
  launches: string[];
  slots: number;
  started_at: Generated<Date>;
  seen_at: Generated<Date>;
  state: 'working' | 'draining' | 'gone';
}

/** What a person wants of a worker; the newest row counts, and rows are only added. */
interface WorkerWishRow {
  id: GeneratedAlways<string>;
  worker: string;
  slots: number | null;
  drain: boolean;
  person: string;
  reason: string;
  at: Generated<Date>;
}
