import type { Place } from '../../core/launch/place.ts';
import { decodeBytes } from './decode-bytes.ts';
import { readDocument } from './read-document.ts';
import { repairMojibake } from './repair-mojibake.ts';

/**
 * Markdown of the item of a list that begins at a place, without its bullet and the indentation of its list; null where none does. Only the lines up to `endLine`,
 * on which the next item begins at the latest, are read (null: to the end): a whole document of 2,000 steps takes a second to read.
 */
export function itemText(
  bytes: Uint8Array,
  { line, column }: Pick<Place, 'line' | 'column'>,
  endLine: number | null,
): string | null {
  const { text } = repairMojibake(decodeBytes(bytes).text);
  const lines = text.split('\n').slice(line - 1, endLine === null ? undefined : endLine - 1);
  const piece = readDocument('', new TextEncoder().encode(lines.map(withoutIndent(column)).join('\n')));
  const [list] = piece.tree.children;
  const item = list?.type === 'list' && piece.place(list).line === 1 ? list.children[0] : undefined;
  const start = item?.children[0]?.position?.start;
  const end = item?.position?.end.offset;
  if (start?.offset === undefined || end === undefined) return null;
  return piece.text.slice(start.offset, end).split('\n').map(withoutIndent(start.column)).join('\n');
}

/** Takes the blanks away that stand before a column, and nothing else. */
function withoutIndent(column: number): (text: string) => string {
  const indent = new RegExp(`^ {0,${column - 1}}`, 'u');
  return (text) => text.replace(indent, '');
}
