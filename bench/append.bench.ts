import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { canonicalize, sha256Hex } from '@tminus/verify';

import { createAppender } from '../src/store/appender.ts';
import type { NewEntry } from '../src/store/log-batch.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/open-store.ts';
import { evidence } from '../tests/store/sample-entries.ts';
import { describeMachine } from './describe-machine.ts';

/** One timed pass over the same entries. */
export interface AppendSample {
  perSecond: number;
  entries: number;
  seconds: number;
  /** CPU of this process, all threads, seconds. */
  clientCpu: number;
  commits: number;
  walBytesPerEntry: number;
}

export interface AppendReport {
  name: 'append';
  machine: string;
  setting: string;
  /** Medians over the rounds. */
  appendsPerSecond: number;
  /** The same rows into tables with the same keys. */
  limitPerSecond: number;
  /** Median of the ratio inside each round, so that a slow minute weighs on both. */
  shareOfLimit: number;
  /** The same rows into tables without any key: nothing could be found in them again. */
  heapLimitPerSecond: number;
  shareOfHeapLimit: number;
  commitsPerEntry: number;
  walBytesPerEntry: number;
  limitWalBytesPerEntry: number;
  clientCpuPerThousand: number;
  goals: { appendsPerSecond: number; shareOfLimit: number; met: boolean };
  samples: Round[];
}

interface Round {
  append: AppendSample;
  keyed: AppendSample;
  heap: AppendSample;
}

const writers = 64;
const perWriter = 100;
const rounds = 15;

/**
 * Measures durable appends with proof by 64 writers beside the commit-bound limit of the same server, client and minute.
 *
 * The limit: the same columns, bodies and source bytes, ready made, in batches of the sizes that the appender really used, one multi-row INSERT and
 * commit each, by the same client over the same pool, fsync and synchronous_commit on, into tables with the same keys, but without checks, triggers,
 * digests, tree, head, signature and canonical JSON. A second limit has no keys at all.
 */
export async function run(): Promise<AppendReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-'));
  chmodSync(folder, 0o711);
  const store = await openStore({ dataDirectory: join(folder, 'data'), command: 'bench' });
  try {
    // LIKE copies columns and NOT NULL; INCLUDING INDEXES adds the same keys, but neither checks nor triggers.
    await store.database.pool.query(`create table keyed_entry (like tminus.log_entry including indexes);
      create table keyed_blob (like tminus.blob including indexes including generated);
      create table heap_entry (like tminus.log_entry); create table heap_blob (like tminus.blob including generated)`);
    // New WAL segments are filled with zeroes once, then recycled; the first passes would measure that.
    for (let pass = 0; pass < 3; pass += 1) await measureRound(store, `warm-up-${pass}`, pass);
    const samples: Round[] = [];
    for (let round = 1; round <= rounds; round += 1) samples.push(await measureRound(store, `round-${round}`, round));
    return toReport(samples);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Sizes of the batches of the append pass of the same round; the limits are held to them. */
let lastBatches: number[] = [];

/** The append pass goes first, since it decides the batch sizes; which limit follows first changes from round to round. */
async function measureRound(store: Store, launch: string, round: number): Promise<Round> {
  const items = Array.from({ length: writers * perWriter }, (_, nr) =>
    evidence(launch, nr, JSON.stringify({ status: 200, launch, nr, pad: 'x'.repeat(200) })),
  );
  // Prepared outside the clock: the limits must not pay for hashing.
  const rows = items.map(toRaw);
  const append = await measure(store, items.length, () => appendAll(store, launch, items));
  const inFirst = round % 2 === 1;
  const first = await measure(store, items.length, () => insertRaw(store, inFirst ? 'keyed' : 'heap', rows));
  const second = await measure(store, items.length, () => insertRaw(store, inFirst ? 'heap' : 'keyed', rows));
  return { append, keyed: inFirst ? first : second, heap: inFirst ? second : first };
}

async function appendAll(store: Store, launch: string, items: readonly NewEntry[]): Promise<number> {
  const appender = createAppender(store);
  const sizes = new Set<number>([0]);
  let next = 0;
  const write = async (): Promise<void> => {
    while (next < items.length) {
      const place = await appender.append(launch, items[next++] as NewEntry);
      sizes.add(place.checkpoint.size);
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  await appender.close();
  const heads = [...sizes].toSorted((a, b) => a - b);
  lastBatches = heads.slice(1).map((size, at) => size - (heads[at] as number));
  return lastBatches.length;
}

interface RawRow {
  id: Buffer;
  body: Buffer;
  bytes: Buffer;
  digest: Buffer;
  criterion: string;
  observedAt: string;
}

function toRaw({ entry, blobs }: NewEntry): RawRow {
  const body = Buffer.from(canonicalize(entry));
  const bytes = Buffer.from(blobs[0] as Uint8Array);
  const id = Buffer.from(sha256Hex(body), 'hex');
  const about = entry as { criterion: string; observedAt: string };
  return {
    id,
    body,
    bytes,
    digest: Buffer.from(sha256Hex(bytes), 'hex'),
    criterion: about.criterion,
    observedAt: about.observedAt,
  };
}

let nextIndex = 0;

async function insertRaw(store: Store, table: 'keyed' | 'heap', rows: readonly RawRow[]): Promise<number> {
  let from = 0;
  for (const size of lastBatches) {
    const part = rows.slice(from, from + size);
    const bodies = toSpans(part.map((row) => row.body));
    const blobs = toSpans(part.map((row) => row.bytes));
    const ids = Buffer.concat(part.map((row) => row.id));
    const columns = [part.map((row) => row.criterion), part.map((row) => row.observedAt)];
    const values = [
      nextIndex,
      ids,
      bodies.bytes,
      bodies.starts,
      bodies.lengths,
      ...columns,
      Buffer.concat(part.map((row) => row.digest)),
      blobs.bytes,
      blobs.starts,
      blobs.lengths,
    ];
    await store.database.pool.query({ name: table, text: toStatement(table), values });
    from += size;
    nextIndex += size;
  }
  return lastBatches.length;
}

function toStatement(table: 'keyed' | 'heap'): string {
  return `
with placed as (
  insert into ${table}_entry (log, index, id, leaf_hash, body, kind, criterion, observed_at)
  select 1, $1::bigint + nr - 1, substring($2::bytea from (nr::int - 1) * 32 + 1 for 32), substring($2::bytea from (nr::int - 1) * 32 + 1 for 32),
    substring($3::bytea from start for length), 'evidence', criterion, observed_at
  from unnest($4::int[], $5::int[], $6::text[], $7::timestamptz[]) with ordinality as row (start, length, criterion, observed_at, nr)
)
insert into ${table}_blob (sha256, bytes) select substring($8::bytea from (nr::int - 1) * 32 + 1 for 32), substring($9::bytea from start for length)
  from unnest($10::int[], $11::int[]) with ordinality as row (start, length, nr)`;
}

function toSpans(pieces: readonly Buffer[]): { bytes: Buffer; starts: number[]; lengths: number[] } {
  let next = 1;
  const starts = pieces.map((piece) => (next += piece.length) - piece.length);
  return { bytes: Buffer.concat(pieces), starts, lengths: pieces.map((piece) => piece.length) };
}

async function measure(store: Store, entries: number, work: () => Promise<number>): Promise<AppendSample> {
  await store.database.pool.query('checkpoint');
  const wal = await readWal(store);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const commits = await work();
  const seconds = (performance.now() - start) / 1000;
  const used = process.cpuUsage(cpu);
  const walBytesPerEntry = ((await readWal(store)) - wal) / entries;
  return {
    perSecond: entries / seconds,
    entries,
    seconds,
    clientCpu: (used.user + used.system) / 1e6,
    commits,
    walBytesPerEntry,
  };
}

async function readWal(store: Store): Promise<number> {
  const { rows } = await store.database.pool.query<{ bytes: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as bytes`,
  );
  return Number(rows[0]?.bytes);
}

function toReport(samples: Round[]): AppendReport {
  const of = (pick: (round: Round) => number) => median(samples.map(pick));
  const appendsPerSecond = of((round) => round.append.perSecond);
  const shareOfLimit = of((round) => round.append.perSecond / round.keyed.perSecond);
  return {
    name: 'append',
    machine: describeMachine(),
    setting: `${writers} writers, ${rounds} rounds of ${writers * perWriter} entries of about 1.2 kB with one source of 0.3 kB, embedded Postgres, fsync and synchronous_commit on`,
    appendsPerSecond,
    limitPerSecond: of((round) => round.keyed.perSecond),
    shareOfLimit,
    heapLimitPerSecond: of((round) => round.heap.perSecond),
    shareOfHeapLimit: of((round) => round.append.perSecond / round.heap.perSecond),
    commitsPerEntry: of((round) => round.append.commits / round.append.entries),
    walBytesPerEntry: of((round) => round.append.walBytesPerEntry),
    limitWalBytesPerEntry: of((round) => round.keyed.walBytesPerEntry),
    clientCpuPerThousand: of((round) => (round.append.clientCpu / round.append.entries) * 1000),
    goals: { appendsPerSecond: 5000, shareOfLimit: 0.6, met: appendsPerSecond >= 5000 && shareOfLimit >= 0.6 },
    samples,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (
    ((sorted[Math.floor((sorted.length - 1) / 2)] as number) + (sorted[Math.ceil((sorted.length - 1) / 2)] as number)) /
    2
  );
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
