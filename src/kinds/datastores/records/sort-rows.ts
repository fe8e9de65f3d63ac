import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { parseCanonLine, toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';

/** Characters of rows that are held at once; what is more goes to files of this size, and at most so many of them are open together. */
const defaultRoom = 48 * 1024 ** 2;
const runsAtOnce = 64;

export interface RowOrder {
  compare: (a: CanonRow, b: CanonRow) => number;
  signal: AbortSignal;
  room?: number;
}

/** Returns the rows in order, equal ones as they came. Memory is bounded: runs are sorted, kept in a private folder and merged; the folder is gone at the end, however it comes. */
export async function* sortRows(rows: AsyncIterable<CanonRow[]>, order: RowOrder): AsyncGenerator<CanonRow[]> {
  const room = order.room ?? defaultRoom;
  const runs = createRunFolder(order);
  let held: CanonRow[] = [];
  let size = 0;
  try {
    for await (const batch of rows) {
      order.signal.throwIfAborted();
      for (const row of batch) {
        held.push(row);
        size += sizeOf(row);
      }
      if (size < room) continue;
      await runs.keep(held.toSorted((a, b) => order.compare(a, b)));
      held = [];
      size = 0;
    }
    const last = held.toSorted((a, b) => order.compare(a, b));
    if (runs.paths.length === 0) yield last;
    else yield* toBatches(mergeRuns([...(await runs.readers()), Readable.from(last)], order));
  } finally {
    await runs.remove();
  }
}

async function* toBatches(rows: AsyncIterable<CanonRow>): AsyncGenerator<CanonRow[]> {
  let batch: CanonRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < 1000) continue;
    yield batch;
    batch = [];
  }
  yield batch;
}

/** What a row weighs in memory, about: strings of one byte a character, and what engines add to each. */
function sizeOf(row: CanonRow): number {
  return row.reduce((sum, value) => sum + (value?.length ?? 0) + 24, 32);
}

interface RunFolder {
  paths: string[];
  keep(rows: Iterable<CanonRow>): Promise<void>;
  /** At most `runsAtOnce` of them: more are merged to fewer before. */
  readers(): Promise<AsyncIterable<CanonRow>[]>;
  remove(): Promise<void>;
}

function createRunFolder(order: RowOrder): RunFolder {
  const paths: string[] = [];
  let folder: string | null = null;
  let made = 0;
  const write = async (rows: Iterable<CanonRow> | AsyncIterable<CanonRow>): Promise<string> => {
    folder ??= await mkdtemp(join(tmpdir(), 'tminus-sort-'));
    const path = join(folder, String((made += 1)));
    await pipeline(toLines(rows), createWriteStream(path, { mode: 0o600 }), { signal: order.signal });
    return path;
  };
  return {
    paths,
    keep: async (rows) => void paths.push(await write(rows)),
    async readers() {
      while (paths.length > runsAtOnce) {
        const first = paths.splice(0, runsAtOnce);
        paths.unshift(await write(mergeRuns(first.map(readRun), order)));
        await Promise.all(first.map((path) => rm(path)));
      }
      return paths.map(readRun);
    },
    remove: async () => void (folder !== null && (await rm(folder, { recursive: true, force: true }))),
  };
}

async function* toLines(rows: Iterable<CanonRow> | AsyncIterable<CanonRow>): AsyncGenerator<string> {
  let text = '';
  for await (const row of rows) {
    text += toCanonLine(row);
    if (text.length < 65_536) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** Cut at line feeds alone: `readline` breaks at U+2028, too, which a row may hold. */
async function* readRun(path: string): AsyncGenerator<CanonRow> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8' }) as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield parseCanonLine(line);
  }
}

/** The least row of all runs again and again; on a tie the earlier run, which holds what came first. */
async function* mergeRuns(runs: AsyncIterable<CanonRow>[], { compare, signal }: RowOrder): AsyncGenerator<CanonRow> {
  const open = runs.map((run) => run[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(open.map(async (run) => (await run.next()) as IteratorResult<CanonRow, undefined>));
    for (;;) {
      signal.throwIfAborted();
      const least = leastOf(heads, compare);
      if (least === -1) return;
      yield heads[least]!.value!;
      heads[least] = (await open[least]!.next()) as IteratorResult<CanonRow, undefined>;
    }
  } finally {
    for (const run of open) await run.return?.();
  }
}

function leastOf(heads: IteratorResult<CanonRow, undefined>[], compare: RowOrder['compare']): number {
  let least = -1;
  for (const [index, head] of heads.entries())
    if (head.done !== true && (least === -1 || compare(head.value, heads[least]!.value!) < 0)) least = index;
  return least;
}
