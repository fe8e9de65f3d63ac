import type { Link } from './paper.ts';
import type { ScannedLine } from './scan-lines.ts';

const bareAddress = /(?<![(<"'=\w/])(?:https?|ftp):\/\/[^\s<>"'`|\])]+/g;

/** Returns links, images, autolinks and bare addresses with their places; the text of a link may begin on the line above. */
export function collectLinks(lines: readonly ScannedLine[], definitions: ReadonlyMap<string, string>): Link[] {
  const links: Link[] = [];
  for (const line of lines) {
    if (line.prose === '') continue;
    const { prose } = line;
    if (prose.includes('](')) addInline(links, line);
    if (prose.includes('://')) addBare(links, line);
    if (definitions.size > 0 && prose.includes('[')) addReferences(links, line, definitions);
  }
  return links;
}

function addInline(links: Link[], line: ScannedLine): void {
  for (let at = line.prose.indexOf(']('); at !== -1; at = line.prose.indexOf('](', at + 2)) {
    const target = readTarget(line.text, at + 2);
    const open = openingOf(line.prose, at);
    const image = open > 0 && line.prose[open - 1] === '!';
    links.push({ target, image, line: line.number, column: line.column + Math.max(0, image ? open - 1 : open) });
  }
}

function readTarget(text: string, start: number): string {
  if (text[start] === '<') return text.slice(start + 1, Math.max(start + 1, text.indexOf('>', start)));
  let depth = 0;
  let end = start;
  for (; end < text.length; end += 1) {
    const character = text[end];
    if (character === '(') depth += 1;
    else if (character === ')') {
      if (depth === 0) break;
      depth -= 1;
    } else if (character === ' ') break;
  }
  return text.slice(start, end);
}

function openingOf(prose: string, close: number): number {
  let depth = 0;
  for (let at = close - 1; at >= 0; at -= 1) {
    if (prose[at] === ']') depth += 1;
    else if (prose[at] === '[') {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return 0;
}

function addBare(links: Link[], line: ScannedLine): void {
  for (const match of line.prose.matchAll(bareAddress)) {
    links.push({
      target: match[0].replace(/[.,;:!?*_]+$/, ''),
      image: false,
      line: line.number,
      column: line.column + match.index,
    });
  }
}

function addReferences(links: Link[], line: ScannedLine, definitions: ReadonlyMap<string, string>): void {
  for (const match of line.text.matchAll(/(!?)\[([^\][]+)\](?:\[([^\][]*)\])?(?![([:])/g)) {
    const label = (match[3] === undefined || match[3] === '' ? (match[2] ?? '') : match[3]).toLowerCase();
    const target = definitions.get(label);
    if (target !== undefined)
      links.push({ target, image: match[1] === '!', line: line.number, column: line.column + match.index });
  }
}
