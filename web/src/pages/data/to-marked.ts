/** A text in three parts: what it begins with like the other, what differs, what it ends with like the other. */
export interface MarkedText {
  before: string;
  differs: string;
  after: string;
}

/** Splits two texts where they differ; characters outside the basic plane are never cut in two. */
export function toMarked(source: string, target: string): { source: MarkedText; target: MarkedText } {
  const [a, b] = [[...source], [...target]];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  const most = Math.min(a.length, b.length) - start;
  while (end < most && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const split = (text: readonly string[]): MarkedText => ({
    before: text.slice(0, start).join(''),
    differs: text.slice(start, text.length - end).join(''),
    after: text.slice(text.length - end).join(''),
  });
  return { source: split(a), target: split(b) };
}
