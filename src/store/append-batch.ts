import { signCheckpoint } from '@tminus/verify';

import type { Log, LogHead } from './log.ts';
import type { PreparedEntry } from './log-batch.ts';
import { growTree } from './log-tree.ts';
import type { GrownTree } from './log-tree.ts';
import type { Store } from './open-store.ts';
import { failpoint } from './failpoint.ts';

/** A head of a log with its signature. */
export interface StoredCheckpoint {
  size: number;
  root: string;
  /** C2SP signed note. */
  note: string;
}

/** Where an entry stands, proven against a signed checkpoint. */
export interface AppendedEntry {
  id: string;
  index: number;
  /** RFC 6962 inclusion proof in the tree of `checkpoint`, from the bottom up. */
  proof: string[];
  checkpoint: StoredCheckpoint;
}

/**
 * One statement, one round trip, one commit. The head moves only from where we saw it, and everything else hangs on that row:
 * when another process was faster, or when this very statement was carried out before, nothing at all is written.
 * Bodies and digests travel as one binary value each; the digests are computed again by the CHECKs of the tables.
 */
const appendStatement = `
with head as (
  update tminus.log_head set size = $3, root = $5, frontier = $6 where log = $1 and size = $2 and root = $4 returning log
), placed as (
  insert into tminus.log_entry (log, index, id, leaf_hash, body, kind, criterion, observed_at)
  select head.log, $2::bigint + row.nr - 1, substring($7::bytea from (row.nr::int - 1) * 32 + 1 for 32),
         substring($8::bytea from (row.nr::int - 1) * 32 + 1 for 32), substring($9::bytea from row.start for row.length),
         row.kind, row.criterion, row.observed_at
    from head, unnest($10::int[], $11::int[], $12::text[], $13::text[], $14::timestamptz[])
           with ordinality as row (start, length, kind, criterion, observed_at, nr)
), kept as (
  insert into tminus.blob (sha256, bytes)
  select substring($15::bytea from (row.nr::int - 1) * 32 + 1 for 32), substring($16::bytea from row.start for row.length)
    from head, unnest($17::int[], $18::int[]) with ordinality as row (start, length, nr)
   order by 1
  on conflict do nothing
)
insert into tminus.checkpoint (log, size, root, note) select head.log, $3, $5, $19 from head`;

/** Everything that an append will write, worked out before the database is asked. */
export interface BatchPlan {
  /** The head that it follows; on any other it writes nothing. */
  from: LogHead;
  /** The head that it leaves behind. */
  head: LogHead;
  entries: AppendedEntry[];
  values: unknown[];
}

/** Returns what appending `entries` behind `from` means: places, proofs, and the signed checkpoint. Ids must be distinct. */
export function planBatch(log: Log, from: LogHead, entries: readonly PreparedEntry[]): BatchPlan {
  const tree = growTree(
    from.frontier,
    entries.map((entry) => entry.leaf),
  );
  const head = { size: tree.frontier.size, root: tree.root, frontier: tree.frontier };
  const checkpoint = { size: head.size, root: head.root, note: signCheckpoint(head, log.key) };
  const places = entries.map((entry, at) => ({
    id: entry.id,
    index: from.size + at,
    proof: tree.proofs[at] as string[],
    checkpoint,
  }));
  const values = [
    ...toHeadValues(log, from, tree),
    ...toEntryValues(entries),
    ...toBlobValues(entries),
    checkpoint.note,
  ];
  return { from, head, entries: places, values };
}

/**
 * Carries a plan out in one transaction: entries, bytes, head and checkpoint; false when the head has moved meanwhile, and then nothing is written.
 * The outcome after a lost connection is open: ask for the ids.
 */
export async function appendBatch(store: Store, plan: BatchPlan): Promise<boolean> {
  const statement = { name: 'append-batch', text: appendStatement, values: plan.values };
  failpoint('evidence-append.before');
  const { rowCount } = await store.database.pool.query(statement);
  failpoint('evidence-append.after');
  return rowCount === 1;
}

function toHeadValues(log: Log, head: LogHead, tree: GrownTree): unknown[] {
  return [
    log.id,
    head.size,
    tree.frontier.size,
    fromHex(head.root),
    fromHex(tree.root),
    fromHex(tree.frontier.hashes.join('')),
  ];
}

function toEntryValues(entries: readonly PreparedEntry[]): unknown[] {
  const spans = toSpans(entries.map((entry) => Buffer.byteLength(entry.body)));
  const ids = fromHex(entries.map((entry) => entry.id).join(''));
  const leaves = fromHex(entries.map((entry) => entry.leaf).join(''));
  const bodies = Buffer.from(entries.map((entry) => entry.body).join(''));
  return [
    ids,
    leaves,
    bodies,
    spans.starts,
    spans.lengths,
    entries.map((entry) => entry.kind),
    entries.map((entry) => entry.criterion),
    entries.map((entry) => entry.observedAt),
  ];
}

function toBlobValues(entries: readonly PreparedEntry[]): unknown[] {
  const blobs = new Map(entries.flatMap((entry) => [...entry.blobs]));
  const spans = toSpans([...blobs.values()].map((bytes) => bytes.length));
  return [fromHex([...blobs.keys()].join('')), Buffer.concat([...blobs.values()]), spans.starts, spans.lengths];
}

/** Where each piece stands in the joined bytes, counted from 1 as SQL does. */
function toSpans(lengths: number[]): { starts: number[]; lengths: number[] } {
  let next = 1;
  const starts = lengths.map((length) => {
    const start = next;
    next += length;
    return start;
  });
  return { starts, lengths };
}

function fromHex(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}
