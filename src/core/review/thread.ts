/** What a person says at a place of a document. */
export interface LoggedComment {
  id: number;
  /** Id of the comment that began the thread; its own where it did. */
  thread: number;
  deed: 'comment' | 'resolve' | 'reopen';
  /** Version that the thread was begun at; later comments repeat it. */
  version: string;
  /** Null where it is about the whole document. */
  line: number | null;
  /** The text of that line as it was. */
  quote: string;
  person: string;
  text: string;
  atMs: number;
}

/** Comments at one place, from the first on. */
export interface Thread {
  id: number;
  version: string;
  /** Where it was begun. */
  writtenLine: number | null;
  quote: string;
  /** Where it stands in the text of now; null where it is about the whole document, or its line is gone. */
  line: number | null;
  /** True where the line that it was about is gone: it stays, and says what the line was. */
  isOutdated: boolean;
  isResolved: boolean;
  comments: LoggedComment[];
}

/** The threads of a document beside the text of now, those that are open first. None is ever lost, whatever becomes of its line. */
export function toThreads(comments: readonly LoggedComment[], text: string): Thread[] {
  const lines = text.split(/\r?\n/u);
  const byThread = Map.groupBy(
    comments.toSorted((a, b) => a.id - b.id),
    ({ thread }) => thread,
  );
  const threads = [...byThread.values()].flatMap((of) => toThread(of, lines));
  return threads.toSorted((a, b) => Number(a.isResolved) - Number(b.isResolved) || a.id - b.id);
}

function toThread(comments: LoggedComment[], lines: readonly string[]): Thread[] {
  const first = comments[0];
  if (!first) return [];
  const { id, version, line: writtenLine, quote } = first;
  const line = writtenLine === null ? null : findLine({ line: writtenLine, quote }, lines);
  const newest = comments.findLast(({ deed }) => deed !== 'comment');
  const isOutdated = writtenLine !== null && line === null;
  return [{ id, version, writtenLine, quote, line, isOutdated, isResolved: newest?.deed === 'resolve', comments }];
}

/** The same line, or the nearest one with the same text; an empty line is nowhere else. */
function findLine({ line, quote }: { line: number; quote: string }, lines: readonly string[]): number | null {
  if (lines[line - 1] === quote) return line;
  if (quote.trim() === '') return null;
  const same = lines.flatMap((text, index) => (text === quote ? [index + 1] : []));
  return same.toSorted((a, b) => Math.abs(a - line) - Math.abs(b - line) || a - b)[0] ?? null;
}
