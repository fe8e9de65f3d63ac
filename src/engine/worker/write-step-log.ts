import type { StepLog } from '../../core/step/step-kind.ts';
import type { AttemptKey, LogAddition, LogPart } from '../../store/step-record.ts';
import type { MaskStream, Masking } from './worker-parts.ts';

/** The log of one attempt while it is written. */
export interface StepLogWriter {
  log: StepLog;
  /** Writes what is left; resolves when all of it is kept. */
  end(): Promise<void>;
}

const flushMs = 250;
/** What is written at once at most, and what is kept of one attempt; more is counted and not kept. */
const partBytes = 64 * 1024;
const keptBytes = 8 * 1024 * 1024;

interface Writing {
  append: (addition: LogAddition) => Promise<void>;
  key: AttemptKey;
  streams: Map<LogPart['stream'], MaskStream>;
  waiting: LogPart[];
  next: number;
  kept: number;
  dropped: number;
  done: Promise<void>;
}

/**
 * Keeps what a step says, masked across the borders of its writes before any of it is stored. A log that cannot be written does not end the step: it
 * is tried again with the next piece, and the loss is said in the log itself.
 */
export function openStepLog(
  append: (addition: LogAddition) => Promise<void>,
  key: AttemptKey,
  masking: Masking,
): StepLogWriter {
  const stream = (): MaskStream => masking.createStream();
  const streams = new Map<LogPart['stream'], MaskStream>([
    ['out', stream()],
    ['err', stream()],
    ['note', stream()],
  ]);
  const writing: Writing = { append, key, streams, waiting: [], next: 0, kept: 0, dropped: 0, done: Promise.resolve() };
  const timer = setInterval(() => flush(writing), flushMs);
  timer.unref();
  return {
    log(name, chunk) {
      const text = typeof chunk === 'string' && name === 'note' ? `${chunk}\n` : chunk;
      take(writing, name, streams.get(name)!.write(Buffer.from(text as string)));
    },
    async end() {
      clearInterval(timer);
      for (const [name, masked] of streams) take(writing, name, masked.flush());
      if (writing.dropped > 0) push(writing, 'note', `${writing.dropped} bytes more were not kept\n`);
      flush(writing);
      await writing.done;
    },
  };
}

function take(writing: Writing, stream: LogPart['stream'], bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  const room = Math.max(0, keptBytes - writing.kept);
  writing.dropped += Math.max(0, bytes.length - room);
  writing.kept += Math.min(bytes.length, room);
  for (let from = 0; from < Math.min(bytes.length, room); from += partBytes)
    push(writing, stream, Buffer.from(bytes.subarray(from, Math.min(from + partBytes, room))).toString('utf8'));
}

function push(writing: Writing, stream: LogPart['stream'], body: string): void {
  const last = writing.waiting.at(-1);
  const clean = body.replaceAll('\u0000', '\uFFFD');
  if (last?.stream === stream && last.body.length + clean.length < partBytes) last.body += clean;
  else writing.waiting.push({ part: writing.next++, stream, body: clean });
}

function flush(writing: Writing): void {
  const parts = writing.waiting.splice(0);
  if (parts.length === 0) return;
  writing.done = writing.done
    .then(() => writing.append({ key: writing.key, parts }))
    // Kept for the next try; parts that are there already are not written twice.
    .catch(() => void writing.waiting.unshift(...parts));
}
