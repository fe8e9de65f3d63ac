import { shorten } from '../paper/line-marks.ts';
import type { Line, Paper } from '../paper/paper.ts';

/** Where something stands, with a word on what it is. */
export interface NotedPlace {
  line: number;
  column: number;
  note: string;
}

/** Returns the first match of a pattern in each wanted line, code left out. */
export function placesOf(paper: Paper, pattern: RegExp, wanted: (line: Line) => boolean = () => true): NotedPlace[] {
  return paper.lines.flatMap((line) => {
    const match = line.prose === '' || !wanted(line) ? null : pattern.exec(line.prose);
    return match === null
      ? []
      : [{ line: line.number, column: line.column + match.index, note: shorten(match[0], 40) }];
  });
}

/** True for lines of paragraphs and lists. */
export function inPlainText(line: Line): boolean {
  return line.kind === 'text' || line.kind === 'item';
}

/** True where any line says it, code included: an undo may stand in a command only. */
export function says(paper: Paper, pattern: RegExp): boolean {
  return paper.lines.some(
    (line) => line.kind !== 'front' && line.kind !== 'comment' && line.raw !== '' && pattern.test(line.raw),
  );
}

/** Place of the title, for what is missing as a whole. */
export function topOf(paper: Paper): { line: number; column: number } {
  const section = paper.sections.find((entry) => entry.level > 0);
  return { line: section?.line ?? 1, column: section?.column ?? 1 };
}
