import { blankCode } from './line-marks.ts';
import type { Comment } from './paper.ts';

/** Returns a line with its HTML comments blanked at the same columns; `open` is the comment that goes on over the next lines. */
export function hideComments(
  body: string,
  { line, offset }: { line: number; offset: number },
): { shown: string; comments: Comment[]; open: Comment | null } {
  const prose = blankCode(body);
  const comments: Comment[] = [];
  let shown = body;
  for (let at = prose.indexOf('<!--'); at !== -1; at = prose.indexOf('<!--', at + 4)) {
    const close = prose.indexOf('-->', at + 4);
    const end = close === -1 ? body.length : close + 3;
    const text = body.slice(at + 4, close === -1 ? body.length : close);
    const comment = { line, column: offset + at + 1, end: line, text };
    comments.push(comment);
    shown = shown.slice(0, at) + ' '.repeat(end - at) + shown.slice(end);
    if (close === -1) return { shown, comments, open: comment };
  }
  return { shown, comments, open: null };
}
