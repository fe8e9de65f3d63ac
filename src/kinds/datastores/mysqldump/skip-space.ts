/** What is left out between two statements, or two words of one. */
export interface Space {
  /** Behind it; -1 where the text ends before that can be said. */
  end: number;
  /** Comments of people, each without its marks. */
  comments: string[];
}

/**
 * Returns where the next word stands. Comments for certain servers (`/*!40101 ... *\/`, `/*M!100616 ... *\/`) are read as what every server of today does: their content counts, their marks are space.
 */
export function skipSpace(text: string, at: number, isLast: boolean): Space {
  const comments: string[] = [];
  let here = at;
  for (;;) {
    while (text.charCodeAt(here) <= 32) here += 1;
    if (here + 10 > text.length && !isLast) return { end: -1, comments };
    const next = skipMark(text, here, comments);
    if (next === here || next === -1) return { end: next === -1 && isLast ? text.length : next, comments };
    here = next;
  }
}

function skipMark(text: string, at: number, comments: string[]): number {
  const code = text.charCodeAt(at);
  if (code === 35 || (code === 45 && /^--(?:\s|$)/.test(text.slice(at, at + 3)))) return skipLine(text, at, comments);
  if (code === 42 && text.charCodeAt(at + 1) === 47) return at + 2;
  if (code !== 47 || text.charCodeAt(at + 1) !== 42) return at;
  const conditional = /^\/\*M?!\d*/.exec(text.slice(at, at + 10));
  if (conditional) return at + conditional[0].length;
  const end = text.indexOf('*/', at + 2);
  if (end === -1) return -1;
  comments.push(text.slice(at + 2, Math.min(end, at + 200)));
  return end + 2;
}

function skipLine(text: string, at: number, comments: string[]): number {
  const end = text.indexOf('\n', at);
  comments.push(text.slice(at, end === -1 ? undefined : end));
  return end === -1 ? -1 : end + 1;
}
