import type { Nodes, Root, RootContent } from 'mdast';

/** Lines after which a new piece is begun at the next safe place. */
const pieceLines = 300;
const definition = /^[ \t>*+-]*\[[^\]\n]+\]:/m;
const largestDefinitions = 16_384;

/**
 * Returns the tree of a long text, parsed piece by piece: the parser takes quadratic time in the number of blocks
 * (10,000 quotes: 13 s whole, 0.3 s in pieces).
 * A piece begins at a line in column 1 after an empty line that is no list item, which closes every list and quote; where the block
 * before it may still be open (a fence, HTML), the piece is made longer. Definitions are given to every piece, as they
 * hold for the whole document.
 */
export function parsePieces(text: string, parse: (text: string) => Root): Root {
  const starts = pieceStarts(text);
  if (starts.length === 1) return parse(text);
  const alone = parseAll(text, { starts, definitions: '', parse });
  if (!definition.test(text)) return alone;
  const definitions = definitionsOf(alone).join('\n\n');
  if (definitions.length > largestDefinitions) return parse(text);
  return definitions === '' ? alone : parseAll(text, { starts, definitions, parse });
}

/** A stand-in for every definition: what a reference leads to does not matter for the tree, only that it leads somewhere. */
function definitionsOf(node: Nodes): string[] {
  if (node.type === 'definition') return [`[${escapeLabel(node.label ?? node.identifier)}]: #`];
  const own = node.type === 'footnoteDefinition' ? [`[^${escapeLabel(node.label ?? node.identifier)}]: #`] : [];
  return 'children' in node ? [...own, ...node.children.flatMap(definitionsOf)] : own;
}

function escapeLabel(label: string): string {
  return label.replace(/[\\[\]&]/g, '\\$&').replace(/\s+/g, ' ');
}

interface Pieces {
  starts: number[];
  definitions: string;
  parse: (text: string) => Root;
}

function parseAll(text: string, pieces: Pieces): Root {
  const { starts } = pieces;
  const children: RootContent[] = [];
  let line = 0;
  for (let first = 0; first < starts.length;) {
    const piece = parseClosedPiece(text, { ...pieces, first });
    const from = starts[first] ?? 0;
    for (const child of piece.children) {
      movePlaces(child, from, line);
      children.push(child);
    }
    line += countLines(text, from, piece.end);
    first = piece.next;
  }
  const end = { line: line + 1, column: text.length - text.lastIndexOf('\n'), offset: text.length };
  return { type: 'root', children, position: { start: { line: 1, column: 1, offset: 0 }, end } };
}

interface Cut extends Pieces {
  first: number;
}

/**
 * Parses from a start to the nearest later start at which nothing is open; the reach doubles, so that no text is parsed more than
 * thrice. The definitions stand before the piece, where nothing that the piece leaves open can swallow them;
 * a rule parts them, since an indented line would continue a footnote.
 */
function parseClosedPiece(text: string, cut: Cut): { children: RootContent[]; next: number; end: number } {
  const prefix = cut.definitions === '' ? '' : `${cut.definitions}\n\n***\n\n`;
  for (let reach = 1; ; reach *= 2) {
    const next = Math.min(cut.first + reach, cut.starts.length);
    const from = cut.starts[cut.first] ?? 0;
    const end = cut.starts[next] ?? text.length;
    const tree = cut.parse(prefix + text.slice(from, end));
    const children = tree.children.filter((child) => (child.position?.start.offset ?? 0) >= prefix.length);
    const last = children.at(-1);
    const open = last !== undefined && (last.type === 'code' || last.type === 'html');
    if (open && next < cut.starts.length) continue;
    for (const child of children) movePlaces(child, -prefix.length, -countLines(prefix, 0, prefix.length));
    return { children, next, end };
  }
}

const safeStart = /^(?![-*+][ \t\n]|\d{1,9}[.)][ \t\n]|[ \t\n]|---|```|~~~|<|\[)/;

function pieceStarts(text: string): number[] {
  const starts = [0];
  let lines = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    if (newline === -1) break;
    lines += 1;
    const empty = newline === start;
    start = newline + 1;
    if (lines < pieceLines || !empty || !safeStart.test(text.slice(start, start + 12))) continue;
    starts.push(start);
    lines = 0;
  }
  return starts;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

/** Moves every place of a tree by an offset and a number of lines, as the text before it was parsed apart from it. */
export function movePlaces(node: Nodes, offset: number, lines: number): void {
  if (offset === 0 && lines === 0) return;
  for (const point of [node.position?.start, node.position?.end]) {
    if (point === undefined) continue;
    point.line += lines;
    point.offset = (point.offset ?? 0) + offset;
  }
  if ('children' in node) for (const child of node.children) movePlaces(child, offset, lines);
}
