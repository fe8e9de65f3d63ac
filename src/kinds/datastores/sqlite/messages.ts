import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { RowChange, RowQuery, TableShape, WriteTarget } from '../../../core/dataset/datastore-kind.ts';

/** What the child process is asked to do; one thing at a time. */
export type SqliteRequest =
  | { do: 'open'; path: string; access: 'read' | 'write' }
  | { do: 'list' }
  | { do: 'describe'; table: string }
  | { do: 'count'; query: Pick<RowQuery, 'table' | 'key' | 'where'> }
  | { do: 'start'; query: RowQuery }
  | { do: 'next'; stream: number }
  | { do: 'stop'; stream: number }
  | { do: 'rows'; query: RowQuery; keys: readonly CanonRow[] }
  | { do: 'sample'; query: RowQuery; size: number; seed: number }
  | { do: 'ask'; statement: string; values: readonly (string | null)[] }
  | { do: 'begin' }
  | { do: 'commit' }
  | { do: 'rollback' }
  | { do: 'insert'; target: WriteTarget; lines: Uint8Array }
  | { do: 'change'; target: WriteTarget; change: RowChange };

/** What each of them is answered with. */
export interface SqliteAnswers {
  open: string;
  list: string[];
  describe: TableShape;
  count: number;
  start: number;
  /** Null at the end. */
  next: Uint8Array | null;
  stop: null;
  rows: CanonRow[];
  sample: CanonRow[];
  ask: CanonRow[];
  begin: null;
  commit: null;
  rollback: null;
  insert: number;
  change: boolean;
}

export type SqliteReply = { ok: true; value: unknown } | { ok: false; code: string; message: string };
