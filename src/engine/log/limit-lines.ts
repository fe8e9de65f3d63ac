import type { LogLine } from './open-log.ts';

/** A line on its way to people, and how many like it were kept back since the last. */
export interface LimitedLine {
  line: LogLine;
  /** Lines of the same key that were not sent. */
  suppressed: number;
}

/** Lets one line for each key through in a time, and counts the others. */
export interface LineLimit {
  /** The line, where it may be sent now; null where it is only counted. */
  take(line: LogLine, nowMs: number): LimitedLine | null;
  /** What was kept back and has waited long enough: the last line of each key with its count. */
  due(nowMs: number): LimitedLine[];
  /** Lines that were not even counted by key, because there were too many keys. */
  readonly overflow: number;
}

interface Kept {
  sentMs: number;
  suppressed: number;
  last: LogLine;
}

const mostKeys = 1_000;

/** A limit of one line a minute for each key (C21). What was kept back is told when the minute is over, also where nothing like it comes any more. */
export function createLineLimit(everyMs = 60_000): LineLimit {
  const keys = new Map<string, Kept>();
  let overflow = 0;
  return {
    get overflow() {
      return overflow;
    },
    take(line, nowMs) {
      const key = keyOf(line);
      const kept = keys.get(key);
      if (kept !== undefined && nowMs - kept.sentMs < everyMs) {
        keys.set(key, { ...kept, suppressed: kept.suppressed + 1, last: line });
        return null;
      }
      if (kept === undefined && keys.size >= mostKeys) {
        overflow += 1;
        return null;
      }
      keys.set(key, { sentMs: nowMs, suppressed: 0, last: line });
      return { line, suppressed: kept?.suppressed ?? 0 };
    },
    due(nowMs) {
      const over = [...keys].filter(([, { sentMs }]) => nowMs - sentMs >= everyMs);
      return over.flatMap(([key, { suppressed, last }]) => {
        keys.delete(key);
        if (suppressed === 0) return [];
        keys.set(key, { sentMs: nowMs, suppressed: 0, last });
        return [{ line: last, suppressed: suppressed - 1 }];
      });
    },
  };
}

/** What makes lines alike: their level, their code, and their words without the numbers and ids in them. */
function keyOf({ level, message, fields }: LogLine): string {
  const words = message.replaceAll(/[\da-f]{8,}|\d+/giu, '#').slice(0, 200);
  return `${level} ${String(fields['code'] ?? '')} ${words}`;
}
