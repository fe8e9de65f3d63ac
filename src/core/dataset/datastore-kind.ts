import type { JsonObject } from '@tminus/verify';

import type { SecretValue } from '../secret/secret-value.ts';
import type { CanonColumn, CanonRow, CanonType } from './canon.ts';
import type { DatastoreKindName, RowCondition } from './dataset.ts';

/** A column as its engine describes it. */
export interface ColumnShape {
  name: string;
  type: CanonType;
  /** As the engine calls it: `numeric(12,2)`, `tinyint(1)`. */
  nativeType: string;
  nullable: boolean;
  /** Digits after the point, of a decimal or of a second; null where there is no limit, or none is known. */
  scale: number | null;
  /** Filled by the engine: never written. */
  generated: boolean;
  /** How the engine compares text; null where it compares bytes. */
  collation: string | null;
}

/** A table as its engine describes it. */
export interface TableShape {
  table: string;
  columns: ColumnShape[];
  /** Columns of the primary key, or of a unique index without nulls; empty where there is none. */
  key: string[];
  /** What the engine believes; null where it does not say. */
  rowEstimate: number | null;
  /** What a report has to say of the table: that it is a view, that row security may hide rows ... One sentence each, without values. */
  notes: string[];
}

/** Which rows, which columns, in which order. */
export interface RowQuery {
  table: string;
  columns: readonly CanonColumn[];
  /** Names of columns, all of which stand among `columns`. */
  key: readonly string[];
  where: readonly RowCondition[];
  /** `key`: by the bytes of the canonical text of integers as numbers, of everything else as UTF-8; checked while reading. `any`: as it comes. */
  order: 'key' | 'any';
  /** Only rows whose key comes after this one, in the order of the key; null for all. Needs order `key`. */
  after: CanonRow | null;
}

/** Digest of the rows of one bucket. `hash` is combined without order and holds the key. */
export interface BucketHash {
  bucket: number;
  count: number;
  hash: bigint;
}

/** How rows fall into buckets: by ranges of a whole-number key, or by a hash of the key. */
export type Bucketing = { by: 'range'; column: string; bounds: readonly bigint[] } | { by: 'hash'; buckets: number };

/** Hashes made where the data lies. `portable` ones are equal across engines; `native` ones only between servers of one major version and equal columns. */
export interface HashQuery extends RowQuery {
  form: 'portable' | 'native';
  bucketing: Bucketing;
}

/** What a datastore can do besides streaming; a missing one is planned around and said so. */
export interface DatastoreAbilities {
  hashes: readonly ('portable' | 'native')[];
  /** Reads in the order of the key without holding everything in memory. */
  ordered: boolean;
  /** All reads of a session see one state. */
  snapshot: boolean;
  write: boolean;
}

/** One guarded change of one row: it is made only where the row still is what was seen. */
export interface RowChange {
  operation: 'insert' | 'update' | 'delete';
  key: CanonRow;
  /** Canonical values of `columns` before; null for an insert. */
  before: CanonRow | null;
  after: CanonRow | null;
}

/** A transaction in a target. Everything in it happens, or nothing does. */
export interface DatastoreTransaction {
  /** Canonical rows with these keys, locked until the end where the engine can. */
  lockRows(query: RowQuery, keys: readonly CanonRow[]): Promise<CanonRow[]>;
  /** Inserts rows that are not there, by the fastest way that the engine has. Throws where one is. */
  insertRows(target: WriteTarget, rows: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number>;
  /** Makes guarded changes in this order; returns the indexes of those whose guard did not hold, having changed nothing for them. */
  change(target: WriteTarget, changes: readonly RowChange[]): Promise<number[]>;
  /** Runs a statement of the engine's own language: for the ledger that lies beside the data, and for nothing of users. */
  run(statement: string, values: readonly (string | null)[]): Promise<readonly CanonRow[]>;
}

export interface WriteTarget {
  table: string;
  columns: readonly CanonColumn[];
  key: readonly string[];
}

/** A session with one datastore: one snapshot where it can. Closed by whoever opened it. */
export interface DatastoreSession {
  /** Engine, server and driver with versions, for the report. */
  versions: JsonObject;
  abilities: DatastoreAbilities;
  listTables(): Promise<string[]>;
  describe(table: string): Promise<TableShape>;
  count(query: Omit<RowQuery, 'columns' | 'order' | 'after'>): Promise<number>;
  /** Canonical lines (`toCanonLine`) in chunks that end at the end of a line. Throws `DatastoreTrouble` at the first value that cannot be read, with table, row and column. */
  stream(query: RowQuery): AsyncIterable<Uint8Array>;
  /** Rows with these keys, in no order; a key that is not there has no row. */
  rows(query: RowQuery, keys: readonly CanonRow[]): Promise<CanonRow[]>;
  /** Up to `size` rows spread over the table, the same for the same seed and data. */
  sample(query: RowQuery, size: number, seed: number): Promise<CanonRow[]>;
  /** Null where the datastore cannot. One scan. */
  buckets: ((query: HashQuery) => Promise<BucketHash[]>) | null;
  /** Key and hash of every row of these buckets. */
  leaves: ((query: HashQuery, buckets: readonly number[]) => Promise<{ key: CanonRow; hash: bigint }[]>) | null;
  /** A single answer to a question about the data, counted where it lies: the rules of `DataRule`. Null where only streams can answer. */
  ask: ((statement: string) => Promise<readonly CanonRow[]>) | null;
  /** Null where the datastore is only read. */
  write: (<T>(work: (transaction: DatastoreTransaction) => Promise<T>) => Promise<T>) | null;
  close(): Promise<void>;
}

export interface DatastoreContext {
  signal: AbortSignal;
  /** Absolute path of the launch repository; files stay inside. */
  workspace: string;
  /** Private hosts that may be reached, `host` or `host:port`. */
  allow: readonly string[];
  /** Hosts that must not be touched: those of production, in a rehearsal. */
  forbidden: readonly string[];
  password: SecretValue | null;
  /** `read` sessions cannot write, by the engine's own means where it has some. */
  access: 'read' | 'write';
  now(): number;
}

/** What was asked of a datastore and could not be done; the message is for people and holds no value of a row. */
export class DatastoreTrouble extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A connector: one folder, nothing else knows the engine. */
export interface DatastoreKind {
  kind: DatastoreKindName;
  /** One sentence for the reference page. */
  summary: string;
  /** Faults in url and options, as a document declares them; empty where none. Touches nothing. */
  faults(
    url: string,
    options: { readonly [key: string]: string },
  ): { path: string; expected: string; got: string; hint: string }[];
  open(url: string, options: { readonly [key: string]: string }, context: DatastoreContext): Promise<DatastoreSession>;
}

/**
 * Opens a datastore that the launch declares, by its id, with the secret, hosts and limits of the environment at hand; the caller closes it. What checks, steps
 * and use cases get, instead of addresses. Throws `DatastoreTrouble`.
 */
export type OpenDatastore = (id: string, access: 'read' | 'write', signal: AbortSignal) => Promise<DatastoreSession>;
