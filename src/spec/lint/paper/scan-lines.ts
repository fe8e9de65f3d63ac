import { hideComments } from './hide-comments.ts';
import {
  blankCode,
  boxMark,
  breakMark,
  definitionMark,
  delimiterRow,
  fenceMark,
  headingMark,
  itemMark,
  quoteMark,
  underline,
} from './line-marks.ts';
import type { Comment, Line, LineKind, Section } from './paper.ts';

/** A line as scanned, with what only the collectors need. */
export interface ScannedLine extends Line {
  level: number;
  marker: string;
  box: 'open' | 'ticked' | null;
  fence: { mark: string; info: string; closing: boolean } | null;
}

interface Scan {
  lines: ScannedLine[];
  comments: Comment[];
  fence: { character: string; length: number; quoted: boolean } | null;
  comment: Comment | null;
  front: 'open' | 'closed';
  inTable: boolean;
  inList: boolean;
}

const nowhere: Section = { index: 0, title: '', level: 0, line: 1, column: 1, end: 0, parent: null };

/** Gives each line its kind and its text; looks at each line once. */
export function scanLines(raws: readonly string[]): { lines: ScannedLine[]; comments: Comment[] } {
  const closes =
    raws[0]?.trimEnd() === '---' ? raws.findIndex((raw, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(raw)) : -1;
  const scan: Scan = {
    lines: [],
    comments: [],
    fence: null,
    comment: null,
    front: closes > 0 ? 'open' : 'closed',
    inTable: false,
    inList: false,
  };
  for (const [index, raw] of raws.entries()) {
    if (index <= closes) push(scan, raw, 'front', {});
    else scanLine(scan, raw, raws[index + 1] ?? '');
  }
  return { lines: scan.lines, comments: scan.comments };
}

function push(scan: Scan, raw: string, kind: LineKind, more: Partial<ScannedLine>): ScannedLine {
  const line: ScannedLine = {
    number: scan.lines.length + 1,
    raw,
    kind,
    text: raw,
    column: 1,
    indent: 0,
    quoted: false,
    prose: '',
    section: nowhere,
    level: 0,
    marker: '',
    box: null,
    fence: null,
    ...more,
  };
  scan.lines.push(line);
  return line;
}

function scanLine(scan: Scan, raw: string, next: string): void {
  if (scan.comment !== null) return continueComment(scan, raw);
  const prefix = raw.includes('>') ? (quoteMark.exec(raw)?.[0] ?? '') : '';
  const body = prefix === '' ? raw : raw.slice(prefix.length);
  if (scan.fence !== null && (!scan.fence.quoted || prefix !== '')) return continueFence(scan, raw, body);
  scan.fence = null;
  const quoted = prefix !== '';
  const shown = body.includes('<!--') ? withoutComments(scan, body, prefix.length) : body;
  if (shown.trim() === '') {
    push(scan, raw, shown === body ? 'blank' : 'comment', { quoted });
    scan.inTable = false;
    return;
  }
  scanBlock(scan, { raw, shown, offset: prefix.length, quoted, next });
}

interface Block {
  raw: string;
  shown: string;
  offset: number;
  quoted: boolean;
  next: string;
}

function scanBlock(scan: Scan, block: Block): void {
  const { raw, shown, offset, quoted } = block;
  const indent = offset + shown.length - shown.trimStart().length;
  const first = shown.charCodeAt(indent - offset);
  const fence = first === 96 || first === 126 ? fenceMark.exec(shown) : null;
  if (fence !== null) {
    const mark = fence[2] ?? '';
    scan.fence = { character: mark[0] ?? '`', length: mark.length, quoted };
    push(scan, raw, 'fence', {
      indent,
      quoted,
      column: indent + 1,
      fence: { mark, info: (fence[3] ?? '').trim(), closing: false },
    });
    return;
  }
  const heading = first === 35 ? headingMark.exec(shown) : null;
  if (heading !== null) {
    scan.inList = scan.inTable = false;
    const text = heading[3] ?? '';
    push(scan, raw, 'heading', {
      text,
      indent,
      quoted,
      column: Math.max(1, raw.indexOf(text, indent) + 1),
      level: heading[2]?.length ?? 1,
      prose: blankCode(text),
    });
    return;
  }
  if (scanRule(scan, block, indent) || scanItem(scan, block, indent)) return;
  scanText(scan, block, indent);
}

/** Thematic breaks, underlined headings, table rows and link definitions. */
function scanRule(scan: Scan, { raw, shown, quoted, next, offset }: Block, indent: number): boolean {
  const previous = scan.lines.at(-1);
  if (
    underline.test(shown) &&
    previous?.kind === 'text' &&
    !quoted &&
    !previous.quoted &&
    previous.indent < 4 &&
    !scan.inList
  ) {
    previous.kind = 'heading';
    previous.level = shown.trimStart().startsWith('=') ? 1 : 2;
    push(scan, raw, 'break', {});
    return true;
  }
  if (breakMark.test(shown)) {
    push(scan, raw, 'break', { quoted });
    scan.inTable = scan.inList = false;
    return true;
  }
  if (shown.includes('|')) {
    const nextBody = next.replace(quoteMark, '');
    if (scan.inTable || (nextBody.includes('|') && nextBody.includes('-') && delimiterRow.test(nextBody))) {
      scan.inTable = true;
      push(scan, raw, 'table', { text: shown, indent, quoted, column: offset + 1, prose: blankCode(shown) });
      return true;
    }
  }
  scan.inTable = false;
  if (shown.includes(']:') && definitionMark.test(shown) && !/^ {0,3}\[\^/.test(shown)) {
    push(scan, raw, 'definition', { text: shown, indent, quoted });
    return true;
  }
  return false;
}

function scanItem(scan: Scan, { raw, shown, offset, quoted }: Block, indent: number): boolean {
  const match = itemMark.exec(shown);
  if (
    match === null ||
    (indent > 3 &&
      !scan.inList &&
      scan.lines.at(-1)?.kind !== 'text' &&
      /^[ \t]{4}/.test(shown) &&
      !/[•◦▪‣]/.test(match[2] ?? ''))
  )
    return false;
  scan.inList = true;
  const rest = match[3] ?? '';
  const box = boxMark.exec(rest);
  const text = box === null ? rest : rest.slice(box[0].length);
  push(scan, raw, 'item', {
    text,
    indent,
    quoted,
    marker: match[2] ?? '-',
    box: box === null ? null : box[1] === ' ' ? 'open' : 'ticked',
    column: offset + shown.length - text.length + 1,
    prose: blankCode(text),
  });
  return true;
}

function scanText(scan: Scan, { raw, shown, quoted, offset }: Block, indent: number): void {
  const previous = scan.lines.at(-1);
  const afterBlank = previous === undefined || previous.kind === 'blank' || previous.kind === 'code';
  if (indent - offset >= 4 && !scan.inList && afterBlank && !quoted) {
    push(scan, raw, 'code', { indent });
    return;
  }
  if (indent === 0 && afterBlank) scan.inList = false;
  const text = shown.trim();
  push(scan, raw, 'text', { text, indent, quoted, column: indent + 1, prose: blankCode(text) });
}

function withoutComments(scan: Scan, body: string, offset: number): string {
  const { shown, comments, open } = hideComments(body, { line: scan.lines.length + 1, offset });
  scan.comments.push(...comments);
  scan.comment = open;
  return shown;
}

function continueFence(scan: Scan, raw: string, body: string): void {
  const fence = scan.fence;
  if (fence === null) return;
  const trimmed = body.trim();
  const closing =
    trimmed.length >= fence.length &&
    trimmed[0] === fence.character &&
    [...trimmed].every((character) => character === fence.character);
  if (closing) scan.fence = null;
  push(scan, raw, closing ? 'fence' : 'code', {
    text: body,
    quoted: fence.quoted,
    fence: closing ? { mark: trimmed, info: '', closing: true } : null,
  });
}

function continueComment(scan: Scan, raw: string): void {
  const comment = scan.comment;
  if (comment === null) return;
  const end = raw.indexOf('-->');
  comment.text += `\n${end === -1 ? raw : raw.slice(0, end)}`;
  comment.end = scan.lines.length + 1;
  if (end !== -1) scan.comment = null;
  push(scan, raw, 'comment', {});
}
