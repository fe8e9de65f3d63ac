import type { Code } from 'mdast';

import type { Place } from '../../core/launch/place.ts';
import type { Document } from '../document/document.ts';
import { addProblem } from './problem.ts';
import type { Problem } from './problem.ts';
import { readAttributes } from './read-attributes.ts';
import type { WrittenAttribute } from './read-title.ts';

/** Words behind `yaml` that make a fence a declaration. */
export const yamlBlocks = ['check', 'step', 'rollout', 'rollback', 'dataset', 'metric'] as const;

/** A fence with its info string read. */
export interface WrittenFence {
  language: string;
  /** `check` of ```` ```yaml check ````; null where the language alone says what it is. */
  block: string | null;
  attributes: ReadonlyMap<string, WrittenAttribute>;
  text: string;
  at: Place;
  /** Line from 0 and column from 1 inside the fence, to the original file. */
  place: (line: number, column: number) => Place;
  /** Offset into `text`, to the original file. */
  placeOfOffset: (offset: number) => Place;
}

const shown = new Set([
  '',
  'text',
  'txt',
  'plaintext',
  'output',
  'console',
  'log',
  'json',
  'diff',
  'markdown',
  'md',
  'mermaid',
  'csv',
  'html',
  'xml',
]);

/** Whether a fence is there to be looked at: no language, or one that nothing runs. */
export function isShown(fence: Code): boolean {
  return shown.has((fence.lang ?? '').toLowerCase());
}

/** Returns a fence with its attributes; faults of the info string are added to the problems. */
export function readFence(document: Document, node: Code, problems: Problem[]): WrittenFence {
  const language = (node.lang ?? '').toLowerCase();
  const meta = node.meta ?? '';
  const block = language === 'yaml' || language === 'yml' ? (/^[A-Za-z][\w-]*(?=\s|$)/.exec(meta)?.[0] ?? null) : null;
  const start = node.position?.start.offset ?? 0;
  const firstLine = document.text.slice(start, endOfLine(document.text, start));
  const infoStart = start + Math.max(0, firstLine.lastIndexOf(meta)) + (block?.length ?? 0);
  const attributes = new Map<string, WrittenAttribute>();
  const read = readAttributes(meta.slice(block?.length ?? 0), ['probe']);
  for (const { index, ...fault } of read.faults) {
    addProblem(problems, 'attribute_invalid', document.place(infoStart + index), {
      message: 'an attribute of the fence cannot be read',
      ...fault,
    });
  }
  for (const { key, value, index } of read.attributes) {
    const at = document.place(infoStart + index);
    if (attributes.has(key))
      addProblem(problems, 'attribute_duplicate', at, {
        message: `${key} is given twice`,
        expected: `one ${key}`,
        got: 'two',
        hint: 'remove one of them',
      });
    attributes.set(key, { value, at });
  }
  const place = placesInside(document, node);
  return {
    language,
    block,
    attributes,
    text: node.value,
    at: document.place(node),
    place,
    placeOfOffset: (offset) => placeOfOffset(node.value, offset, place),
  };
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** The indent of a fence inside an item is no part of its text, so a column is found by looking for the text at the end of its line. */
function placesInside(document: Document, node: Code): (line: number, column: number) => Place {
  return (line, column) => {
    let start = node.position?.start.offset ?? 0;
    for (let skipped = 0; skipped <= line; skipped += 1)
      start = Math.min(endOfLine(document.text, start) + 1, document.text.length);
    const written = document.text.slice(start, endOfLine(document.text, start));
    const own = node.value.split('\n')[line] ?? '';
    const indent = written.endsWith(own) ? written.length - own.length : 0;
    return document.place(Math.min(start + indent + Math.max(column, 1) - 1, start + written.length));
  };
}

function placeOfOffset(text: string, offset: number, place: (line: number, column: number) => Place): Place {
  const before = text.slice(0, offset).split('\n');
  return place(before.length - 1, (before.at(-1)?.length ?? 0) + 1);
}

/** Returns the attributes as the kinds take them. */
export function attributeRecord(attributes: ReadonlyMap<string, WrittenAttribute>): { [key: string]: string } {
  return Object.fromEntries([...attributes].map(([key, { value }]) => [key, value]));
}
