/** Limits beyond which a document is refused, so that reading stays within bounded time and memory. */
export const readingLimits = {
  documentBytes: 8 * 1024 * 1024,
  lineLength: 1024 * 1024,
  /** A tree of this many one-line blocks takes about half a gigabyte while it is built. */
  lines: 50_000,
  /** Block quotes and lists inside each other on one line. */
  nesting: 100,
  /** Columns of white space before the text of a line, which is how lists nest over several lines. */
  indent: 200,
  /** Signs that open inline markup within one paragraph. */
  markupInParagraph: 10_000,
} as const;

export type Hostility = {
  code: 'line-too-long' | 'too-many-lines' | 'nesting-too-deep' | 'markup-too-dense';
  offset: number;
  got: number;
} | null;

const markup = /[[\]*_`<!~&]/g;
const startsBlock = /^\s*(?:$|[|#]|[-*+] |\d{1,9}[.)] |```|~~~)/;

/** Returns the first thing in the text that would make the Markdown parser slow or deep; looks at each line once. */
export function measureHostility(text: string): Hostility {
  let paragraph = { start: 0, markup: 0 };
  let lines = 0;
  for (let start = 0; start <= text.length;) {
    lines += 1;
    if (lines > readingLimits.lines) return { code: 'too-many-lines', offset: start, got: lines };
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    if (end - start > readingLimits.lineLength) return { code: 'line-too-long', offset: start, got: end - start };
    const line = text.slice(start, end);
    const depth = nestingOf(line);
    if (depth > readingLimits.nesting) return { code: 'nesting-too-deep', offset: start, got: depth };
    if (startsBlock.test(line)) paragraph = { start, markup: 0 };
    paragraph.markup += line.length < 2 ? line.length : countMarkup(line);
    if (paragraph.markup > readingLimits.markupInParagraph) {
      return { code: 'markup-too-dense', offset: paragraph.start, got: paragraph.markup };
    }
    start = end + 1;
  }
  return null;
}

function countMarkup(line: string): number {
  markup.lastIndex = 0;
  let count = 0;
  while (markup.test(line)) count += 1;
  return count;
}

const containers = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/;
const thematicBreak = /^[ \t]*(?:(?:-[ \t]*)+|(?:\*[ \t]*)+)$/;

function nestingOf(line: string): number {
  const indent = line.length - line.trimStart().length;
  if (indent > readingLimits.indent) return indent;
  if (line.length < readingLimits.nesting) return 0;
  const prefix = containers.exec(line)?.[0];
  if (prefix === undefined || thematicBreak.test(line)) return 0;
  return prefix.replace(/[ \t\d]/g, '').length;
}
