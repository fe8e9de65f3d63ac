import type { JsonValue } from '@tminus/verify';
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Node } from 'yaml';

import type { Place } from '../../core/launch/place.ts';
import type { Problem } from './problem.ts';
import { addProblem, short } from './problem.ts';

/** A YAML value as written, every part with its place. */
export type Written =
  | { kind: 'map'; entries: WrittenEntry[]; at: Place }
  | { kind: 'list'; items: Written[]; at: Place }
  | {
      kind: 'scalar';
      value: string | number | boolean | null;
      /** As written, without quotes. */ text: string;
      at: Place;
    };

export interface WrittenEntry {
  key: string;
  at: Place;
  value: Written;
}

const largestText = 256 * 1024;
const deepest = 50;

interface Scene {
  place: (offset: number) => Place;
  problems: Problem[];
}

/**
 * Returns the value that a YAML text stands for, or null with the problems added.
 * Aliases, tags, duplicate keys and `__proto__` are refused: none of them belongs in a declaration, and each is a way to hide or to
 * swell one.
 */
export function readYaml(text: string, scene: Scene): Written | null {
  const before = scene.problems.length;
  if (!isWithinLimits(text, scene)) return null;
  const document = composeYaml(text, scene);
  if (document === null) return null;
  const written = document.contents === null ? emptyScalar(scene, 0) : toWritten(document.contents, scene);
  return scene.problems.length === before ? written : null;
}

function composeYaml(text: string, scene: Scene): ReturnType<typeof parseDocument> | null {
  const lineCounter = new LineCounter();
  const options = {
    lineCounter,
    uniqueKeys: true,
    strict: true,
    schema: 'core',
    prettyErrors: false,
    logLevel: 'silent',
    merge: false,
    keepSourceTokens: false,
  } as const;
  try {
    const document = parseDocument(text, options);
    for (const error of document.errors) reportSyntax(error, scene);
    return document;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    addProblem(scene.problems, 'yaml_invalid', scene.place(0), {
      message: 'the YAML is nested too deeply',
      expected: `at most ${deepest} levels`,
      got: 'more',
      hint: 'flatten it',
    });
    return null;
  }
}

function reportSyntax(error: { code: string; message: string; pos: [number, number] }, scene: Scene): void {
  const at = scene.place(error.pos[0]);
  if (error.code === 'DUPLICATE_KEY') {
    addProblem(scene.problems, 'key_duplicate', at, {
      message: 'a key stands twice in one mapping',
      expected: 'every key once',
      got: 'the same key again',
      hint: 'remove one of the two',
    });
    return;
  }
  const message = short(error.message).replace(/\.$/, '');
  addProblem(scene.problems, 'yaml_invalid', at, {
    message: 'the YAML cannot be read',
    expected: 'YAML 1.2',
    got: message.charAt(0).toLowerCase() + message.slice(1),
    hint: 'mend the syntax at this place',
  });
}

function isWithinLimits(text: string, scene: Scene): boolean {
  if (text.length > largestText) {
    addProblem(scene.problems, 'yaml_invalid', scene.place(0), {
      message: 'the YAML is too large',
      expected: `at most ${largestText} characters`,
      got: `${text.length}`,
      hint: 'move data into a file of its own',
    });
    return false;
  }
  let depth = 0;
  for (const match of text.matchAll(/[[{]|[\]}]|^[ ]*(?:- ?)*/gm)) {
    const opened = match[0];
    if (opened === '[' || opened === '{') depth += 1;
    else if (opened === ']' || opened === '}') depth = Math.max(0, depth - 1);
    if (depth <= deepest && opened.length <= 4 * deepest) continue;
    addProblem(scene.problems, 'yaml_invalid', scene.place(match.index), {
      message: 'the YAML is nested too deeply',
      expected: `at most ${deepest} levels`,
      got: 'more',
      hint: 'flatten it',
    });
    return false;
  }
  return true;
}

function emptyScalar(scene: Scene, offset: number): Written {
  return { kind: 'scalar', value: null, text: '', at: scene.place(offset) };
}

function toWritten(node: Node, scene: Scene): Written {
  const offset = node.range?.[0] ?? 0;
  const at = scene.place(offset);
  refuseTagAndAnchor(node, at, scene);
  if (isMap(node)) return { kind: 'map', entries: node.items.map((pair) => toEntry(pair, scene)), at };
  if (isSeq(node))
    return {
      kind: 'list',
      items: node.items.map((item) => (isPair(item) ? emptyScalar(scene, offset) : toWritten(item as Node, scene))),
      at,
    };
  if (isScalar(node)) return toScalar(node.value, node.source ?? '', at, scene);
  return { kind: 'scalar', value: null, text: '', at };
}

function toScalar(value: unknown, source: string, at: Place, scene: Scene): Written {
  const text = typeof value === 'string' ? value : source;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    addProblem(scene.problems, 'value_invalid', at, {
      message: 'a number has no value',
      expected: 'a finite number',
      got: source,
      hint: 'write a number, or quote the word',
    });
  }
  const known = value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return { kind: 'scalar', value: known ? value : text, text, at };
}

function toEntry(pair: { key: unknown; value: unknown }, scene: Scene): WrittenEntry {
  const keyNode = pair.key as Node | null;
  const offset = keyNode?.range?.[0] ?? 0;
  const at = scene.place(offset);
  const key = isScalar(keyNode) ? keyText(keyNode.value) : '';
  if (keyNode !== null) refuseTagAndAnchor(keyNode, at, scene);
  if (!isScalar(keyNode) && !isAlias(keyNode)) {
    addProblem(scene.problems, 'yaml_invalid', at, {
      message: 'a key is not a word',
      expected: 'a plain key',
      got: 'a list or mapping',
      hint: 'write a word before the colon',
    });
  }
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
    addProblem(scene.problems, 'key_forbidden', at, {
      message: `the key ${key} is not allowed`,
      expected: 'any other name',
      got: key,
      hint: 'rename the key',
    });
  }
  const value =
    pair.value === null || pair.value === undefined
      ? emptyScalar(scene, keyNode?.range?.[1] ?? offset)
      : toWritten(pair.value as Node, scene);
  return { key, at, value };
}

/** Keys may be numbers or booleans in YAML; they are names here. */
function keyText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** One problem a text is enough: a bomb is made of thousands. */
function refuseTagAndAnchor(node: Node, at: Place, scene: Scene): void {
  const anchored = 'anchor' in node && node.anchor !== undefined;
  if (
    (isAlias(node) || anchored) &&
    !scene.problems.some(({ code, file }) => code === 'yaml_alias' && file === at.file)
  ) {
    addProblem(scene.problems, 'yaml_alias', at, {
      message: 'anchors and aliases are not allowed',
      expected: 'the value itself',
      got: isAlias(node) ? `*${node.source}` : `&${String(node.anchor)}`,
      hint: 'write the value out where it is used',
    });
  }
  if (node.tag !== undefined) {
    addProblem(scene.problems, 'yaml_tag', at, {
      message: 'tags are not allowed',
      expected: 'a plain value',
      got: node.tag,
      hint: 'remove the tag',
    });
  }
}

/** Returns the JSON that a written value stands for. */
export function toJson(written: Written): JsonValue {
  if (written.kind === 'scalar') return written.value;
  if (written.kind === 'list') return written.items.map(toJson);
  return Object.fromEntries(written.entries.map(({ key, value }) => [key, toJson(value)]));
}

/** Returns the place of the part that a path of keys and indexes leads to, or of the nearest part above it. */
export function placeInside(written: Written, path: readonly (string | number)[]): Place {
  const [step, ...rest] = path;
  if (step === undefined) return written.at;
  if (written.kind === 'map') {
    const entry = written.entries.find(({ key }) => key === String(step));
    if (entry === undefined) return written.at;
    return rest.length === 0 ? entry.at : placeInside(entry.value, rest);
  }
  const item = written.kind === 'list' ? written.items[Number(step)] : undefined;
  return item === undefined ? written.at : placeInside(item, rest);
}
