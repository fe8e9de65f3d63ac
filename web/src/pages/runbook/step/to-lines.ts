import type { LogPart } from '../../../api/client.generated.ts';
import { toInert } from './to-inert.ts';

/** One line of a log. */
export interface LogLine {
  key: string;
  attempt: number;
  stream: LogPart['stream'];
  text: string;
}

/** The lines of a log: pieces end anywhere, so those of one stream of one attempt are joined before they are cut at line ends. */
export function toLines(parts: readonly LogPart[]): LogLine[] {
  const lines: LogLine[] = [];
  const open = new Map<string, LogLine>();
  for (const { attempt, part, stream, text } of parts) {
    const of = `${attempt} ${stream}`;
    for (const [index, piece] of text.split('\n').entries()) {
      if (index > 0) open.delete(of);
      const line = open.get(of);
      if (line) line.text += piece;
      else if (piece !== '' || index < text.split('\n').length - 1) {
        const begun = { key: `${of} ${part} ${index}`, attempt, stream, text: piece };
        lines.push(begun);
        open.set(of, begun);
      }
    }
  }
  return lines.map((line) => ({ ...line, text: toInert(line.text) }));
}
