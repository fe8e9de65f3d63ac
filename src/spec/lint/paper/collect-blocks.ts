import { delimiterRow } from './line-marks.ts';
import type { Cell, Fence, Item, Paragraph, Table } from './paper.ts';
import type { ScannedLine } from './scan-lines.ts';

/** Returns the tables; a comment line inside one does not end it, because the writer meant one table. */
export function collectTables(lines: readonly ScannedLine[]): Table[] {
  const tables: Table[] = [];
  let table: Table | null = null;
  for (const [index, line] of lines.entries()) {
    if (line.kind === 'comment' && table !== null) continue;
    if (line.kind !== 'table') table = null;
    else if (table === null && isHeader(lines[index + 1])) {
      table = { line: line.number, header: cellsOf(line), rows: [], section: line.section };
      tables.push(table);
    } else if (table !== null && !delimiterRow.test(line.text)) table.rows.push(cellsOf(line));
  }
  return tables;
}

function isHeader(next: ScannedLine | undefined): boolean {
  return next !== undefined && next.kind === 'table' && delimiterRow.test(next.text);
}

function cellsOf(line: ScannedLine): Cell[] {
  const cells: Cell[] = [];
  let start = line.text.trimStart().startsWith('|') ? line.text.indexOf('|') + 1 : 0;
  for (let at = start; at <= line.text.length; at += 1) {
    const character = line.text[at];
    const escaped = line.text[at - 1] === '\\';
    if (at < line.text.length && (character !== '|' || escaped || (line.prose[at] === ' ' && character === '|')))
      continue;
    const raw = line.text.slice(start, at);
    if (at < line.text.length || raw.trim() !== '') {
      cells.push({
        text: raw.trim(),
        line: line.number,
        column: line.column + start + raw.length - raw.trimStart().length,
      });
    }
    start = at + 1;
  }
  return cells;
}

/** Returns the fences, each with the item above it. */
export function collectFences(lines: readonly ScannedLine[], items: readonly Item[]): Fence[] {
  const fences: Fence[] = [];
  let fence: Fence | null = null;
  let next = 0;
  for (const line of lines) {
    while (next < items.length && (items[next]?.line ?? 0) < line.number) next += 1;
    if (line.kind === 'fence' && line.fence !== null) {
      if (fence !== null && line.fence.closing) {
        fence.closing = line.fence.mark;
        fence.end = line.number;
        fence = null;
      } else {
        fence = openFence(line, ownerOf(items[next - 1], line));
        fences.push(fence);
      }
    } else if (line.kind === 'code' && fence !== null) {
      fence.lines.push(line.text);
      fence.end = line.number;
    } else fence = null;
  }
  return fences;
}

function openFence(line: ScannedLine, item: Item | null): Fence {
  const info = line.fence?.info ?? '';
  const language = /^[\w+#.-]+/.exec(info)?.[0]?.toLowerCase() ?? '';
  return {
    line: line.number,
    column: line.column,
    indent: line.indent,
    language,
    info,
    mark: line.fence?.mark ?? '```',
    closing: null,
    end: line.number,
    lines: [],
    section: line.section,
    item,
  };
}

function ownerOf(item: Item | undefined, line: ScannedLine): Item | null {
  return item !== undefined && item.section === line.section && line.number <= item.end + 1 ? item : null;
}

/** Returns the runs of plain text outside lists and tables. */
export function collectParagraphs(lines: readonly ScannedLine[]): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let paragraph: Paragraph | null = null;
  let inItem = false;
  for (const line of lines) {
    if (line.kind === 'item') inItem = true;
    else if (line.kind === 'blank' || line.kind === 'heading') inItem = false;
    if (line.kind !== 'text' || inItem) {
      paragraph = null;
    } else if (paragraph === null || paragraph.quoted !== line.quoted) {
      paragraph = { line: line.number, end: line.number, text: line.text, section: line.section, quoted: line.quoted };
      paragraphs.push(paragraph);
    } else {
      paragraph.end = line.number;
      paragraph.text += ` ${line.text}`;
    }
  }
  return paragraphs;
}
