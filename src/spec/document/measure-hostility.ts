/** Limits beyond which a document is refused, so that reading stays within bounded time and memory. */
export const readingLimits = {
  documentBytes: 8 * 1024 * 1024,
  lineLength: 1024 * 1024,
  /** A tree of this many one-line blocks takes about half a gigabyte while it is built. */
  lines: 50_000,
  /** Quotes and lists inside each other, by the signs and the indent before the text of one line. */
  nesting: 100,
  /** Signs that open inline markup within one paragraph. */
  markupInParagraph: 10_000,
  markupInDocument: 300_000,
  /** Sum over all lines of the levels that each one is nested; 10,000 lines at 25 levels each take four seconds. */
  nestingInDocument: 100_000,
} as const;

export type Hostility = {
  code:
    | 'line-too-long'
    | 'too-many-lines'
    | 'nesting-too-deep'
    | 'nesting-too-much'
    | 'markup-too-dense'
    | 'markup-too-much';
  offset: number;
  got: number;
} | null;

const startsBlock = /^\s*(?:$|[|#]|[-*+] |\d{1,9}[.)] |```|~~~)/;

/** Returns the first thing in the text that would make the Markdown parser slow or deep; looks at each line once. */
export function measureHostility(text: string): Hostility {
  const sum = { lines: 0, nesting: 0, markup: 0, paragraph: 0, paragraphStart: 0 };
  for (let start = 0; start <= text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    sum.lines += 1;
    if (sum.lines > readingLimits.lines) return { code: 'too-many-lines', offset: start, got: sum.lines };
    if (end - start > readingLimits.lineLength) return { code: 'line-too-long', offset: start, got: end - start };
    const hostile = measureLine(text.slice(start, end), start, sum);
    if (hostile !== null) return hostile;
    start = end + 1;
  }
  return null;
}

interface Sum {
  nesting: number;
  markup: number;
  paragraph: number;
  paragraphStart: number;
}

function measureLine(line: string, offset: number, sum: Sum): Hostility {
  const depth = nestingOf(line);
  sum.nesting += depth;
  if (depth > readingLimits.nesting) return { code: 'nesting-too-deep', offset, got: depth };
  if (sum.nesting > readingLimits.nestingInDocument) return { code: 'nesting-too-much', offset, got: sum.nesting };
  if (startsBlock.test(line)) {
    sum.paragraph = 0;
    sum.paragraphStart = offset;
  }
  const signs = countMarkup(line);
  sum.paragraph += signs;
  sum.markup += signs;
  if (sum.paragraph > readingLimits.markupInParagraph) {
    return { code: 'markup-too-dense', offset: sum.paragraphStart, got: sum.paragraph };
  }
  return sum.markup > readingLimits.markupInDocument ? { code: 'markup-too-much', offset, got: sum.markup } : null;
}

const opensMarkup = new Set([...'[]*_`<!~&'].map((sign) => sign.charCodeAt(0)));

function countMarkup(line: string): number {
  let count = 0;
  for (let index = 0; index < line.length; index += 1) if (opensMarkup.has(line.charCodeAt(index))) count += 1;
  return count;
}

const containers = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;
const thematicBreak = /^[ \t]*(?:(?:-[ \t]*)+|(?:\*[ \t]*)+)$/;

/** Levels that the start of a line stands for: its containers, and one for every two columns of indent. */
function nestingOf(line: string): number {
  let indent = 0;
  while (line.charCodeAt(indent) === 32 || line.charCodeAt(indent) === 9) indent += 1;
  const levels = indent >> 1;
  const next = line[indent];
  if (next === undefined || !'>-*+0123456789'.includes(next)) return levels;
  const prefix = containers.exec(line)?.[0];
  if (prefix === undefined || thematicBreak.test(line)) return levels;
  return levels + prefix.replace(/[ \t\d]/g, '').length;
}
