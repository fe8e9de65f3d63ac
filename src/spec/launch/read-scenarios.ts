import type { Code, ListItem, Nodes, Paragraph, RootContent } from 'mdast';

import type { Scenario } from '../../core/launch/launch.ts';
import type { Place } from '../../core/launch/place.ts';
import type { Scene } from './draft.ts';
import type { Section } from './outline.ts';
import { plainText } from './read-title.ts';
import { refer } from './refer.ts';
import { nameIt } from './take-attributes.ts';

const shape = /(?:^|\s)given\b:?\s+(.+?)\s+when\b:?\s+(.+?)\s+then\b:?\s+(.+)$/is;
const heading = /^scenario(?:\s+\d+)?\s*[:.–—-]\s*/i;

interface Found {
  title: string;
  text: string;
  at: Place;
  /** Names of what proves it: links to `#id`, and code spans that are nothing but a known id. */
  links: { name: string; at: Place }[];
  guesses: string[];
}

/** Reads the Given / When / Then scenarios of a section: in paragraphs, list items and gherkin fences. */
export function readScenarios(scene: Scene, section: Section): void {
  const pieces: Found[] = [];
  for (const node of section.nodes) collect(scene, node, section, pieces);
  joinSplit(pieces).forEach((found) => keep(scene, found, section));
}

function collect(scene: Scene, node: RootContent | ListItem, section: Section, into: Found[]): void {
  if (node.type === 'paragraph') into.push(toPiece(scene, node));
  if (node.type === 'code' && ['gherkin', 'feature'].includes(node.lang ?? '')) into.push(...fromGherkin(scene, node));
  if (node.type === 'list') for (const item of node.children) into.push(fromItem(scene, item));
}

function toPiece(scene: Scene, node: Paragraph | ListItem): Found {
  const links: Found['links'] = [];
  const guesses: string[] = [];
  visit(node, (inner) => {
    if (inner.type === 'link' && inner.url.includes('#'))
      links.push({ name: decode(inner.url.slice(inner.url.indexOf('#') + 1)), at: scene.document.place(inner) });
    if (inner.type === 'inlineCode') guesses.push(inner.value);
  });
  return { title: '', text: withSpaces(scene, node), at: scene.document.place(node), links, guesses };
}

function fromItem(scene: Scene, item: ListItem): Found {
  return toPiece(scene, item);
}

/** Children of an item are lines of their own: their texts must not run into each other. */
function withSpaces(scene: Scene, node: Nodes): string {
  if (node.type === 'paragraph' || !('children' in node))
    return plainText(node, scene.document)
      .replace(/\{[^{}]*\}$/, '')
      .trim();
  return node.children.map((child) => withSpaces(scene, child)).join(' ');
}

function visit(node: Nodes, see: (node: Nodes) => void): void {
  see(node);
  if ('children' in node) for (const child of node.children) visit(child, see);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fromGherkin(scene: Scene, node: Code): Found[] {
  return node.value.split(/^(?=\s*Scenario\b)/m).map((part) => {
    const title = /^\s*Scenario[^:\n]*:\s*(.*)$/m.exec(part)?.[1] ?? '';
    const text = part
      .replace(/^\s*(?:Feature|Scenario)[^\n]*$/gm, '')
      .replace(/\s+/g, ' ')
      .trim();
    return { title, text, at: scene.document.place(node), links: [], guesses: [] };
  });
}

/** A scenario may stand in one piece, or in three that follow each other; a piece `Scenario: title` names the next one. */
function joinSplit(pieces: readonly Found[]): Found[] {
  const found: Found[] = [];
  let title = '';
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index];
    if (piece === undefined) continue;
    const [given, when, then] = [piece, pieces[index + 1], pieces[index + 2]];
    const alone = shape.test(piece.text);
    if (
      !alone &&
      /^given\b/i.test(piece.text) &&
      when !== undefined &&
      then !== undefined &&
      /^when\b/i.test(when.text) &&
      /^then\b/i.test(then.text)
    ) {
      const three = [given, when, then];
      found.push({
        ...piece,
        title,
        text: three.map(({ text }) => text).join(' '),
        links: three.flatMap(({ links }) => links),
        guesses: three.flatMap(({ guesses }) => guesses),
      });
      index += 2;
      title = '';
    } else if (alone && /^(?:scenario\b.{0,200}?\s)?given\b/is.test(piece.text)) {
      found.push({ ...piece, title: piece.title || title || titleBefore(piece.text) });
      title = '';
    } else {
      title = heading.test(piece.text) ? piece.text.replace(heading, '') : '';
    }
  }
  return found;
}

function titleBefore(text: string): string {
  return (/^(.*?)\s*\bgiven\b/is.exec(text)?.[1] ?? '').replace(heading, '').trim();
}

function keep({ draft }: Scene, found: Found, section: Section): void {
  const [, given, when, outcome] = shape.exec(found.text) ?? [];
  if (given === undefined || when === undefined || outcome === undefined) return;
  const named = heading.test(section.title.text);
  const title = found.title || (named ? section.title.text.replace(heading, '') : given);
  const own = named ? section.title.attributes : null;
  const id = nameIt(draft, { attributes: own, title, family: 'scenario', what: 'scenario', at: found.at });
  const scenario: Scenario = { id, title, given, when, outcome, boundTo: [], at: found.at };
  for (const { value, at } of provers(own?.values.get('proof'))) bind(scenario, value, at, true);
  for (const { name, at } of found.links) bind(scenario, name, at, false);
  for (const name of found.guesses) bind(scenario, name, found.at, false);
  draft.launch.scenarios.push(scenario);

  function bind(target: Scenario, name: string, at: Place, strict: boolean): void {
    const settle = (known: string): void => void (target.boundTo.includes(known) || target.boundTo.push(known));
    refer(draft, {
      use: `proof of scenario ${id}`,
      target: 'step or criterion',
      name,
      at,
      settle,
      ...(strict ? {} : { optional: true }),
    });
  }
}

function provers(written: { value: string; at: Place } | undefined): { value: string; at: Place }[] {
  return (written?.value ?? '')
    .split(',')
    .filter((value) => value !== '')
    .map((value) => ({ value: value.trim(), at: written?.at ?? { file: '', line: 1, column: 1 } }));
}
