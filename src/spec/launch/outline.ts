import type { Blockquote, Code, Heading, List, ListItem, RootContent, Table } from 'mdast';

import type { Place } from '../../core/launch/place.ts';
import type { Document } from '../document/document.ts';
import type { Problem } from './problem.ts';
import { readTitle } from './read-title.ts';
import type { Title } from './read-title.ts';

/** A heading with what stands under it, up to the next heading of any level. The part before the first heading has level 0. */
export interface Section {
  title: Title;
  level: number;
  parent: Section | null;
  at: Place;
  items: Item[];
  /** Fences, tables and quotes that stand under the heading itself, not under an item. */
  fences: Code[];
  tables: Table[];
  quotes: Blockquote[];
  nodes: RootContent[];
}

/** An item of a list with what stands under it. */
export interface Item {
  title: Title;
  ordered: boolean;
  checkbox: boolean;
  at: Place;
  items: Item[];
  fences: Code[];
  tables: Table[];
  quotes: Blockquote[];
}

/** Returns the sections of a document in their order. */
export function outlineOf(document: Document, problems: Problem[]): Section[] {
  const sections: Section[] = [
    emptySection({ text: '', human: false, attributes: null }, { level: 0, parent: null, at: document.place(0) }),
  ];
  for (const node of document.tree.children) {
    if (node.type === 'heading') sections.push(openSection(node, sections, document, problems));
    else fillSection(sections[sections.length - 1], node, document, problems);
  }
  return sections;
}

function emptySection(title: Title, rest: Pick<Section, 'level' | 'parent' | 'at'>): Section {
  return { title, ...rest, items: [], fences: [], tables: [], quotes: [], nodes: [] };
}

function openSection(node: Heading, sections: Section[], document: Document, problems: Problem[]): Section {
  const parent = sections.findLast((section) => section.level < node.depth && section.level > 0) ?? null;
  const enclosing = parent !== null && isOpen(parent, sections, node.depth) ? parent : null;
  return emptySection(readTitle(document, node, problems), {
    level: node.depth,
    parent: enclosing,
    at: document.place(node),
  });
}

/** A section encloses a later heading as long as no heading of its own level or above stands between. */
function isOpen(section: Section, sections: readonly Section[], depth: number): boolean {
  const later = sections.slice(sections.indexOf(section) + 1);
  return section.level < depth && later.every(({ level }) => level > section.level);
}

function fillSection(section: Section | undefined, node: RootContent, document: Document, problems: Problem[]): void {
  if (section === undefined) return;
  section.nodes.push(node);
  if (node.type === 'list') section.items.push(...itemsOf(node, document, problems));
  else keepBlock(section, node);
}

function keepBlock(owner: Pick<Section, 'fences' | 'tables' | 'quotes'>, node: RootContent): void {
  if (node.type === 'code') owner.fences.push(node);
  if (node.type === 'table') owner.tables.push(node);
  if (node.type === 'blockquote') owner.quotes.push(node);
}

function itemsOf(list: List, document: Document, problems: Problem[]): Item[] {
  return list.children.map((node) => itemOf(node, list.ordered === true, document, problems));
}

function itemOf(node: ListItem, ordered: boolean, document: Document, problems: Problem[]): Item {
  const first = node.children[0];
  const title =
    first?.type === 'paragraph' ? readTitle(document, first, problems) : { text: '', human: false, attributes: null };
  const item: Item = {
    title,
    ordered,
    checkbox: typeof node.checked === 'boolean',
    at: document.place(node),
    items: [],
    fences: [],
    tables: [],
    quotes: [],
  };
  for (const child of node.children) {
    if (child.type === 'list') item.items.push(...itemsOf(child, document, problems));
    else keepBlock(item, child);
  }
  return item;
}
