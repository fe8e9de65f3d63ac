import type { Heading, Nodes, Paragraph } from 'mdast';

import type { Place } from '../../core/launch/place.ts';
import type { Document } from '../document/document.ts';
import { addProblem } from './problem.ts';
import type { Problem } from './problem.ts';
import { readAttributes } from './read-attributes.ts';
import { isId } from './slug.ts';

export interface WrittenAttribute {
  value: string;
  at: Place;
}

/** What stands in the braces of a heading or an item. */
export interface Attributes {
  id: WrittenAttribute | null;
  values: ReadonlyMap<string, WrittenAttribute>;
  /** Place of the opening brace. */
  at: Place;
}

/** The words of a heading or of the first paragraph of an item, apart from what is said to the machine. */
export interface Title {
  /** White space folded; no markup, no `[HUMAN]`, no braces. */
  text: string;
  human: boolean;
  attributes: Attributes | null;
}

const human = /^(?:\*\*|__)?\[HUMAN\](?:\*\*|__)?:?\s*/i;
const braces = /(?:^|\s)(\{(?!\{)[^{}\n]*\}(?!\}))[ \t]*$/gm;

/** Returns the title of a heading or paragraph; faults inside the braces are added to the problems. */
export function readTitle(document: Document, node: Heading | Paragraph, problems: Problem[]): Title {
  const start = node.position?.start.offset ?? 0;
  const written = document.written(node);
  const body = node.type === 'heading' ? written.replace(/[ \t]+#+[ \t]*$/, '') : written;
  const found = [...body.matchAll(braces)];
  const cuts: Cut[] = found.map((match) => {
    const text = match[1] ?? '';
    const from = start + match.index + match[0].indexOf(text);
    return { text, from, to: from + text.length };
  });
  const text = textOf(node, cuts, document).replace(/\s+/g, ' ').trim();
  return {
    text: text.replace(human, '').trim(),
    human: node.type === 'paragraph' && human.test(body.replace(/^\[[ xX]\]\s+/, '')),
    attributes: readBraces(document, cuts, { problems, flags: node.type === 'heading' ? ['recycle'] : [] }),
  };
}

interface Cut {
  text: string;
  from: number;
  to: number;
}

function readBraces(
  document: Document,
  cuts: Cut[],
  { problems, flags }: { problems: Problem[]; flags: readonly string[] },
): Attributes | null {
  const [first, second] = cuts;
  if (first === undefined) return null;
  if (second !== undefined) {
    addProblem(problems, 'attribute_duplicate', document.place(second.from), {
      message: 'one item has braces twice',
      expected: 'one pair of braces',
      got: second.text,
      hint: 'join them at the end of the first line',
    });
  }
  const read = readAttributes(first.text.slice(1, -1), flags);
  const placeOf = (index: number): Place => document.place(first.from + 1 + index);
  for (const { index, ...fault } of read.faults) {
    addProblem(problems, 'attribute_invalid', placeOf(index), { message: 'an attribute cannot be read', ...fault });
  }
  const values = new Map<string, WrittenAttribute>();
  for (const { key, value, index } of read.attributes) {
    const at = placeOf(index);
    if (values.has(key)) addTwice(problems, at, key);
    values.set(key, { value, at });
    if (key === '#' && !isId(value)) addBadId(problems, at, value);
  }
  const id = values.get('#') ?? null;
  values.delete('#');
  return { id, values, at: document.place(first.from) };
}

function addTwice(problems: Problem[], at: Place, key: string): void {
  const name = key === '#' ? 'id' : key;
  addProblem(problems, 'attribute_duplicate', at, {
    message: `${name} is given twice`,
    expected: `one ${name}`,
    got: 'two',
    hint: 'remove one of them',
  });
}

function addBadId(problems: Problem[], at: Place, got: string): void {
  addProblem(problems, 'id_invalid', at, {
    message: 'an id cannot be used',
    expected: 'letters, digits and - _ . +',
    got,
    hint: 'choose another id',
  });
}

/** Text of a node for people. HTML is left out, as GitHub shows none of it in a title; so are the cut stretches. */
function textOf(node: Nodes, cuts: readonly Cut[], document: Document): string {
  if (node.type === 'text' || node.type === 'inlineCode') return withoutCuts(node, cuts, document);
  if (node.type === 'break') return ' ';
  if (node.type === 'image' || node.type === 'imageReference') return node.alt ?? '';
  if (!('children' in node)) return '';
  return node.children.map((child) => textOf(child, cuts, document)).join('');
}

function withoutCuts(
  node: Extract<Nodes, { type: 'text' | 'inlineCode' }>,
  cuts: readonly Cut[],
  document: Document,
): string {
  const from = node.position?.start.offset ?? 0;
  const to = node.position?.end.offset ?? 0;
  let value = node.value;
  for (const cut of cuts) {
    if (cut.to <= from || cut.from >= to) continue;
    const index = value.lastIndexOf(cut.text);
    value =
      index === -1
        ? document.text.slice(from, cut.from) + document.text.slice(cut.to, to)
        : value.slice(0, index) + value.slice(index + cut.text.length);
  }
  return value;
}

/** Returns the text of any node for people, as it stands in titles and table cells. */
export function plainText(node: Nodes, document: Document): string {
  return textOf(node, [], document).replace(/\s+/g, ' ').trim();
}
