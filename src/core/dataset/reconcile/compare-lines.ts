import { parseCanonLine } from '../canon-line.ts';
import type { CanonRow, CanonType } from '../canon.ts';
import { DatastoreTrouble } from '../datastore-kind.ts';
import { compareKeys } from '../canon/compare-keys.ts';
import { keyOf, LineReader, textOf } from './line-reader.ts';

/** How much is compared at once: small enough that a difference costs little, large enough that equal tables cost nothing but memory. */
const block = 16 * 1024;

const tellEvery = 100_000;

/** A line that stands on one side only, or on both and not the same. */
export type LineDifference =
  | { kind: 'missing'; source: CanonRow; target: null }
  | { kind: 'extra'; source: null; target: CanonRow }
  | { kind: 'changed'; source: CanonRow; target: CanonRow };

/** What two streams of canonical lines came to, apart from their differences. */
export interface LineCounts {
  source: number;
  target: number;
  sourceBytes: number;
  targetBytes: number;
}

export interface LineQuestion {
  source: AsyncIterable<Uint8Array>;
  target: AsyncIterable<Uint8Array>;
  /** Types of the columns of the key, which come first in every line, in order. */
  key: readonly CanonType[];
  /** True for tables without a key: every column is part of it, and a row may stand there several times. */
  repeats: boolean;
  onDifference(difference: LineDifference): void;
  /** Called every 100,000 lines. */
  onProgress(counts: LineCounts): void;
}

/**
 * Compares two streams of canonical lines in the order of their key, and returns how many lines and bytes there were. Memory is that of two chunks.
 * Throws where a side is not in order or has a key twice, because then nothing that follows could be trusted.
 */
export async function compareLines(question: LineQuestion): Promise<LineCounts> {
  const [source, target] = [new LineReader(question.source), new LineReader(question.target)];
  const counts = (): LineCounts => ({
    source: source.lines,
    target: target.lines,
    sourceBytes: source.bytes,
    targetBytes: target.bytes,
  });
  const order = new OrderGuard(question);
  let told = 0;
  try {
    for (;;) {
      const hasSource = source.ready || (await source.fill());
      const hasTarget = target.ready || (await target.fill());
      if (!hasSource && !hasTarget) return counts();
      if (hasSource && hasTarget && source.passEqual(target, block)) order.forget();
      else compareNext(hasSource ? source : null, hasTarget ? target : null, { question, order });
      if (source.lines + target.lines - told < tellEvery) continue;
      told = source.lines + target.lines;
      question.onProgress(counts());
    }
  } finally {
    await Promise.all([source.close(), target.close()]);
  }
}

/** One step of the merge: the lower key goes first. */
function compareNext(
  source: LineReader | null,
  target: LineReader | null,
  { question, order }: { question: LineQuestion; order: OrderGuard },
): void {
  const [from, to] = [source?.line() ?? null, target?.line() ?? null];
  const fromKey = from && order.check('source', keyOf(from, question.key.length));
  const toKey = to && order.check('target', keyOf(to, question.key.length));
  const place = fromKey === null ? 1 : toKey === null ? -1 : compareKeys(fromKey, toKey, question.key);
  if (place < 0 && from) question.onDifference({ kind: 'missing', source: parseCanonLine(textOf(from)), target: null });
  else if (place > 0 && to) question.onDifference({ kind: 'extra', source: null, target: parseCanonLine(textOf(to)) });
  else if (from && to) compareSame(from, to, question);
  if (place <= 0) source?.next();
  if (place >= 0) target?.next();
  if (place <= 0) order.pass('source');
  if (place >= 0) order.pass('target');
}

function compareSame(from: Uint8Array, to: Uint8Array, question: LineQuestion): void {
  const [source, target] = [textOf(from), textOf(to)];
  if (source !== target)
    question.onDifference({ kind: 'changed', source: parseCanonLine(source), target: parseCanonLine(target) });
}

/** Sees that keys rise. Between two lines that are looked at one by one, both sides were equal byte for byte, so that their order cannot have mattered. */
class OrderGuard {
  readonly #question: LineQuestion;
  readonly #last: { source: CanonRow | null; target: CanonRow | null } = { source: null, target: null };
  readonly #now: { source: CanonRow | null; target: CanonRow | null } = { source: null, target: null };

  constructor(question: LineQuestion) {
    this.#question = question;
  }

  check(side: 'source' | 'target', key: string): CanonRow {
    const row = parseCanonLine(key);
    const last = this.#last[side];
    if (last !== null) {
      const order = compareKeys(last, row, this.#question.key);
      if (order > 0)
        throw new DatastoreTrouble(
          'unordered',
          `${side}: expected rows in the order of their key, got one that comes before the row above it`,
        );
      if (order === 0 && !this.#question.repeats)
        throw new DatastoreTrouble('duplicate_key', `${side}: expected every key once, got one twice`);
    }
    this.#now[side] = row;
    return row;
  }

  pass(side: 'source' | 'target'): void {
    this.#last[side] = this.#now[side];
  }

  forget(): void {
    this.#last.source = null;
    this.#last.target = null;
  }
}
