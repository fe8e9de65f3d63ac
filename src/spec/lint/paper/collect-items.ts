import type { Item } from './paper.ts';
import type { ScannedLine } from './scan-lines.ts';

const choiceBoxes = /\[[ xX]\].*\[[ xX]\]/;

/**
 * Returns the list items in order, nested by indent. A fence or a paragraph at column 0 ends the text of an item but not the list:
 * the person who numbered the steps wrote one list.
 */
export function collectItems(lines: readonly ScannedLine[]): Item[] {
  const items: Item[] = [];
  const open: Item[] = [];
  for (const line of lines) {
    if (line.kind === 'heading') {
      closeAll(open, line.number - 1, 0);
    } else if (line.kind === 'item') {
      closeAll(open, line.number - 1, line.indent + 1, true);
      const item = openItem(line, open.at(-1) ?? null);
      items.push(item);
      open.push(item);
    } else {
      continueItem(line, open);
    }
  }
  closeAll(open, lines.length, 0);
  return items;
}

function openItem(line: ScannedLine, parent: Item | null): Item {
  const typed = /^\d+/.exec(line.marker);
  const item: Item = {
    line: line.number,
    column: line.column,
    indent: line.indent,
    number: typed === null ? null : Number(typed[0]),
    box: line.box,
    text: line.text.trim(),
    end: line.number,
    parent,
    children: [],
    section: line.section,
    quoted: line.quoted,
    choice: line.raw.includes('[') && choiceBoxes.test(line.raw),
  };
  parent?.children.push(item);
  return item;
}

function continueItem(line: ScannedLine, open: Item[]): void {
  const current = open.at(-1);
  if (current === undefined || line.kind === 'blank' || line.kind === 'comment') return;
  if (line.kind === 'text' && (line.indent > current.indent || line.number === current.end + 1)) {
    if (line.number === current.end + 1) current.text += ` ${line.text.trim()}`;
    for (const item of open) item.end = line.number;
  } else if (line.kind === 'fence' || line.kind === 'code') {
    if (line.indent > 0 || line.number === current.end + 1) for (const item of open) item.end = line.number;
  }
}

/** Closes the items that stand at `indent` or deeper; with `siblings` an item of the same indent is closed, too. */
function closeAll(open: Item[], end: number, indent: number, siblings = false): void {
  while (open.length > 0) {
    const last = open.at(-1);
    if (last === undefined || (siblings && last.indent + 1 < indent)) return;
    if (!siblings && last.indent < indent) return;
    last.end = Math.max(last.line, Math.min(last.end, end));
    open.pop();
    const parent = open.at(-1);
    if (parent !== undefined) parent.end = Math.max(parent.end, last.end);
  }
}
