import { createHash, hash } from 'node:crypto';

import { digestOf } from '@tminus/verify';

import { toCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { DatastoreSession, RowQuery } from '../../../core/dataset/datastore-kind.ts';
import { decideRecord, isSameSource } from '../../../core/dataset/import/decide-record.ts';
import type { RecordDecision } from '../../../core/dataset/import/decide-record.ts';
import { listPlainKeys } from '../../../core/dataset/import/plain-lines.ts';
import type { ReadRecord } from '../../../core/dataset/import/record-reader.ts';
import type { LedgerRow } from './ledger.ts';
import { rowHash } from './open-ground.ts';
import type { ImportGround } from './open-ground.ts';
import { findEntries } from './read-ledger.ts';
import type { FindRows } from './read-ledger.ts';

/** A record with what becomes of it and all that this rests on. */
export interface DecidedRecord {
  record: ReadRecord;
  ledger: LedgerRow | null;
  /** The row of the target as it is; null where there is none. */
  targetRow: CanonRow | null;
  decision: RecordDecision;
}

/** Lines of the source that are looked up, decided and written together. */
export interface SourceChunk {
  lines: Buffer;
  text: string;
  sha256: string;
  /** Keys of lines whose rows are the lines as they are; null where each of them has to be read. */
  plainKeys: string[] | null;
  read(): ReadRecord[];
}

/**
 * Yields what is made of the source in chunks, in the order of its keys, each of as many records; the next chunk is read and made while the one before is written.
 */
export async function* readChunks<T>(
  ground: ImportGround,
  make: (chunk: SourceChunk) => T | Promise<T>,
): AsyncGenerator<T> {
  const chunks = openChunks(ground);
  const begin = async (): Promise<{ made: T } | null> => {
    const { done, value } = await chunks.next();
    return done === true ? null : { made: await make(value) };
  };
  let next = begin();
  try {
    for (let ready = await next; ready !== null; ready = await next) {
      next = begin();
      // Awaited in the next round, or given up below.
      next.catch(() => undefined);
      yield ready.made;
    }
  } finally {
    await chunks.return(undefined).catch(() => undefined);
  }
}

async function* openChunks(ground: ImportGround): AsyncGenerator<SourceChunk> {
  let previousKey: string | null = null;
  for await (const lines of cutByCount(ground.source.stream(ground.sourceQuery), ground.chunkRecords)) {
    const chunk = toChunk(ground, lines, previousKey);
    previousKey = chunk.plainKeys?.at(-1) ?? chunk.read().at(-1)?.sourceKey ?? null;
    yield chunk;
  }
}

function toChunk({ reader }: ImportGround, lines: Buffer, previousKey: string | null): SourceChunk {
  const text = decoder.decode(lines);
  let records: ReadRecord[] | null = null;
  return {
    lines,
    text,
    sha256: hash('sha256', lines),
    plainKeys: reader.plain === null ? null : listPlainKeys(text, reader.plain, previousKey),
    read: () => (records ??= readAll(text, reader, previousKey)),
  };
}

function readAll(text: string, reader: ImportGround['reader'], previousKey: string | null): ReadRecord[] {
  const records: ReadRecord[] = [];
  for (let from = 0, end = text.indexOf('\n'); end !== -1; from = end + 1, end = text.indexOf('\n', from))
    records.push(reader.read(text.slice(from, end), records.at(-1)?.sourceKey ?? previousKey));
  return records;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const lineFeed = 10;

/** Yields whole lines, so many at once. */
async function* cutByCount(chunks: AsyncIterable<Uint8Array>, count: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let lines = 0;
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(lineFeed); end !== -1; end = bytes.indexOf(lineFeed, end + 1)) {
      lines += 1;
      if (lines < count) continue;
      yield Buffer.concat([...parts, bytes.subarray(from, end + 1)]);
      [parts, lines, from] = [[], 0, end + 1];
    }
    if (from < bytes.length) parts.push(bytes.subarray(from));
  }
  if (parts.length > 0) yield Buffer.concat(parts);
}

/** What may be known of a target before it is asked. */
export interface Untouched {
  /** No entry of the dataset stands in the ledger. */
  ledger: boolean;
  /** No row stands in the table. */
  target: boolean;
}

/** Returns what becomes of these records, by the ledger and the target as `find` sees them. */
export async function decideRecords(
  ground: ImportGround,
  records: readonly ReadRecord[],
  { findLedger, findTarget }: { findLedger: FindRows | null; findTarget: FindRows | null },
): Promise<DecidedRecord[]> {
  const { writeTarget } = ground;
  const keys = records.map(({ sourceKey }) => sourceKey);
  const entries = findLedger === null ? new Map<string, LedgerRow>() : await findEntries(ground, keys, findLedger);
  const isOpen = (record: ReadRecord): boolean => {
    const entry = entries.get(record.sourceKey);
    const isSame =
      entry !== undefined &&
      ['inserted', 'updated', 'recovered'].includes(entry.outcome) &&
      isSameSource(entry, record);
    return record.fate.kind === 'carried' && !isSame;
  };
  const open = records.filter(isOpen).map(({ targetKey }) => targetKey);
  const query: RowQuery = { ...writeTarget, where: [], order: 'any', after: null };
  const rows = new Map<string, CanonRow>();
  const places = writeTarget.key.map((name) => writeTarget.columns.findIndex((column) => column.name === name));
  for (const row of findTarget === null || open.length === 0 ? [] : await findTarget(query, open))
    rows.set(JSON.stringify(places.map((place) => row[place] ?? null)), row);
  return records.map((record) => {
    const ledger = entries.get(record.sourceKey) ?? null;
    const targetRow = isOpen(record) ? (rows.get(JSON.stringify(record.targetKey)) ?? null) : null;
    const targetHash = targetRow === null ? null : rowHash(toCanonLine(targetRow));
    return { record, ledger, targetRow, decision: decideRecord({ ...record, ledger, targetHash }) };
  });
}

/** Returns how a session finds rows; null where there is nothing to be found. */
export function finderOf(session: DatastoreSession, isEmpty: boolean): FindRows | null {
  return isEmpty ? null : (query, keys) => session.rows(query, keys);
}

/** Digests over all records: what the source says alone, and what would become of each, one after the other. */
export function openDigests(ground: ImportGround): {
  addSource(chunk: SourceChunk): void;
  /** Of each chunk of the source, in order. */
  chunks: string[];
  addOutcomes(outcome: string, reason: string, records: number): void;
  sourceSha256(): string;
  recordsSha256(): string;
} {
  const { mapping, reader, chunkRecords } = ground;
  const source = createHash('sha256').update(`${digestOf({ mapping, required: reader.required, chunkRecords })}\n`);
  const outcomes = createHash('sha256');
  const chunks: string[] = [];
  // So many records in a row ended in this way: it is said once of them.
  let [last, run] = ['', 0];
  const flush = (): void => void (run > 0 && outcomes.update(`${last}\t${run}\n`));
  return {
    chunks,
    addSource({ sha256 }) {
      source.update(sha256);
      chunks.push(sha256);
    },
    addOutcomes(outcome, reason, records) {
      const name = `${outcome}\t${reason}`;
      if (name !== last) {
        flush();
        [last, run] = [name, 0];
      }
      run += records;
    },
    sourceSha256: () => source.copy().digest('hex'),
    recordsSha256() {
      flush();
      run = 0;
      return outcomes.copy().update(source.copy().digest()).digest('hex');
    },
  };
}
