import GithubSlugger from 'github-slugger';
import type { Definition, Nodes, Parents } from 'mdast';

import type { Document } from '../document/document.ts';
import { toLinkTarget } from './link-target.ts';
import type { ReadingNode, ReadingType } from './reading-node.ts';

interface Reading {
  document: Document;
  definitions: Map<string, Definition>;
  slugger: GithubSlugger;
}

/** Returns a document as a tree that can be drawn without trusting its author. Pure; a refused document is an empty tree. */
export function toReadingTree(document: Document): ReadingNode {
  const definitions = new Map<string, Definition>();
  collectDefinitions(document.tree, definitions);
  return toNode({ document, definitions, slugger: new GithubSlugger() }, document.tree)[0]!;
}

function collectDefinitions(node: Nodes, found: Map<string, Definition>): void {
  if (node.type === 'definition' && !found.has(node.identifier)) found.set(node.identifier, node);
  if ('children' in node) for (const child of node.children) collectDefinitions(child, found);
}

/** How nodes are called that only hold others. */
const holders: { readonly [type: string]: ReadingType } = {
  root: 'root',
  paragraph: 'paragraph',
  blockquote: 'quote',
  table: 'table',
  tableRow: 'row',
  tableCell: 'cell',
  emphasis: 'emphasis',
  strong: 'strong',
  delete: 'delete',
  thematicBreak: 'rule',
  break: 'break',
};

function toNode(reading: Reading, node: Nodes): ReadingNode[] {
  const line = reading.document.place(node).line;
  switch (node.type) {
    case 'text':
      return toText(node.value, line);
    case 'inlineCode':
      return [{ type: 'inlineCode', line, text: node.value }];
    case 'code':
      return [{ type: 'code', line, text: node.value, label: [node.lang, node.meta].filter(Boolean).join(' ') }];
    case 'yaml':
      return [{ type: 'front', line, text: node.value }];
    case 'html':
      return toMarkup(node.value, line);
    case 'definition':
      return [];
    case 'footnoteReference':
      return [{ type: 'text', line, text: `[${node.label ?? node.identifier}]` }];
    default:
      return toHolder(reading, node, line);
  }
}

function toHolder(reading: Reading, node: Nodes, line: number): ReadingNode[] {
  const children = 'children' in node ? childrenOf(reading, node) : [];
  switch (node.type) {
    case 'heading':
      return [{ type: 'heading', line, level: node.depth, anchor: anchorOf(reading, children), children }];
    case 'list':
      return [{ type: 'list', line, ordered: node.ordered ?? false, level: node.start ?? 1, children }];
    case 'listItem':
      return [
        { type: 'item', line, ...(typeof node.checked === 'boolean' ? { checked: node.checked } : {}), children },
      ];
    case 'footnoteDefinition':
      return [{ type: 'footnote', line, label: node.label ?? node.identifier, children }];
    case 'link':
      return toLink(reading, node.url, { type: 'link', line, children });
    case 'linkReference':
      return toLink(reading, reading.definitions.get(node.identifier)?.url, { type: 'link', line, children });
    case 'image':
      return toLink(reading, node.url, { type: 'image', line, text: node.alt ?? '' });
    case 'imageReference':
      return toLink(reading, reading.definitions.get(node.identifier)?.url, {
        type: 'image',
        line,
        text: node.alt ?? '',
      });
    case 'table':
      return [{ type: 'table', line, align: (node.align ?? []).map((one) => one ?? null), children }];
    default: {
      const type = holders[node.type];
      return type === undefined ? children : [{ type, line, ...('children' in node ? { children } : {}) }];
    }
  }
}

function childrenOf(reading: Reading, { children }: Parents): ReadingNode[] {
  return children.flatMap((child) => toNode(reading, child));
}

/** A link that leads nowhere harmless is its text. */
function toLink({ document }: Reading, url: string | undefined, node: ReadingNode): ReadingNode[] {
  const to = url === undefined ? null : toLinkTarget(url, document.path);
  if (to !== null) return [{ ...node, to }];
  return node.children ?? [{ type: 'text', line: node.line, text: node.text ?? '' }];
}

/** Comments are for writers; everything else of HTML is shown as it was written. */
function toMarkup(value: string, line: number): ReadingNode[] {
  return /^\s*<!--[\s\S]*-->\s*$/u.test(value) ? [] : [{ type: 'markup', line, text: value }];
}

const attributes = /\s*\{#[^{}\n]*\}/gu;

/** What a document says about a criterion or step to us stands apart from what it says to people. */
function toText(value: string, line: number): ReadingNode[] {
  const nodes: ReadingNode[] = [];
  let from = 0;
  for (const { index, 0: found } of value.matchAll(attributes)) {
    if (index > from) nodes.push({ type: 'text', line, text: value.slice(from, index) });
    nodes.push({ type: 'attributes', line, text: found.trim() });
    from = index + found.length;
  }
  if (from < value.length) nodes.push({ type: 'text', line, text: value.slice(from) });
  return nodes;
}

/** The id that the document gives a heading, else the slug that forges make of its words. */
function anchorOf({ slugger }: Reading, children: readonly ReadingNode[]): string {
  const own = children.flatMap(({ type, text }) =>
    type === 'attributes' ? [/^\{#([^\s}]+)/u.exec(text ?? '')?.[1]] : [],
  )[0];
  return own ?? slugger.slug(textOf(children).trim());
}

function textOf(nodes: readonly ReadingNode[]): string {
  return nodes
    .map(({ type, text = '', children = [] }) => (type === 'attributes' ? '' : text + textOf(children)))
    .join('');
}
