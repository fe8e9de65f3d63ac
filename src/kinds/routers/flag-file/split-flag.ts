import { applyEdits, modify, parseTree, findNodeAtLocation, getNodeValue } from 'jsonc-parser';
import type { JSONPath, Node, ParseError } from 'jsonc-parser';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import { assertWeight, toWeightParts } from '../weight-parts.ts';
import type { WeightParts } from '../weight-parts.ts';
import type { FlagFileOptions } from './schema.ts';

/** Smallest step that flagd keeps exactly: its buckets are finer, but files are read by people. */
const largestPart = 10_000;

/** Where a flag has its split, and what stands there. */
interface Split {
  path: JSONPath;
  weight: number;
  /** What the users are sorted by, where the flag says it. */
  key: unknown[];
  canaryFirst: boolean;
}

/** Returns the weight that the flag gives the canary. Throws `RouterTrouble` where it gives other variants requests, or nobody asks the flag. */
export function readFlagWeight(text: string, options: FlagFileOptions): number {
  const [own, rest] = findSplits(text, options);
  if (own === undefined || rest === undefined || options.first === null) return own?.weight ?? Number.NaN;
  if (rest.weight > 0 && own.weight < 100)
    throw new RouterTrouble(
      'split_unclear',
      `flag ${options.flag}: expected nobody else on ${options.canary} before all of those who go first, got ${own.weight} % of those and ${rest.weight} % of the others`,
    );
  return toMicro((own.weight * options.first + rest.weight * (100 - options.first)) / 100) / 1e6;
}

/**
 * Returns the text with the weight in it, and with every byte elsewhere as it was. The canary stands where it stood, so that users who are on it stay there while
 * the weight rises: `fractional` gives buckets out in the order of its variants.
 */
export function writeFlagWeight(text: string, weight: number, options: FlagFileOptions): string {
  const all = partsOf(weight, options.first);
  const splits = findSplits(text, options).map((split, at) => ({ ...split, parts: all[at]! }));
  // From the last to the first, so that what comes before keeps its place.
  return splits.toReversed().reduce((written, { path, key, canaryFirst, parts }) => {
    const pairs = [
      [options.canary, parts.canary],
      [options.stable, parts.stable],
    ];
    const value = [...key, ...(canaryFirst ? pairs : pairs.toReversed())];
    const split = findNodeAtLocation(parseFlags(written), path);
    // What is there is replaced as it stands: laid out anew at each change, a file of one line would grow without end.
    if (split !== undefined)
      return `${written.slice(0, split.offset)}${JSON.stringify(value)}${written.slice(split.offset + split.length)}`;
    return applyEdits(written, modify(written, path, value, { formattingOptions: formattingOf(written) }));
  }, text);
}

/** Of one split both parts; of two, those of the users who go first and of the others, each as percent of all users. */
function partsOf(weight: number, first: number | null): WeightParts[] {
  if (first === null) return [toWeightParts(weight, { canary: 1, stable: 1 }, largestPart)];
  assertWeight(weight);
  const canary = Math.min(weight, first);
  return [
    { canary, stable: toMicro(first - canary) / 1e6 },
    { canary: toMicro(weight - canary) / 1e6, stable: toMicro(100 - first - (weight - canary)) / 1e6 },
  ].map((parts) => toWhole(parts, weight));
}

/** Buckets are given out by whole numbers. */
function toWhole({ canary, stable }: WeightParts, weight: number): WeightParts {
  const factor = [1, 10, 100].find((times) =>
    [canary, stable].every((part) => Number.isInteger(toMicro(part * times) / 1e6)),
  );
  if (factor === undefined)
    throw new RouterTrouble(
      'weight',
      `weight ${weight}: expected at most two decimals, got more; choose a rounder one`,
    );
  return { canary: toMicro(canary * factor) / 1e6, stable: toMicro(stable * factor) / 1e6 };
}

/** Percent with up to six decimals as a whole number. */
function toMicro(percent: number): number {
  return Math.round(percent * 1e6);
}

function findSplits(text: string, options: FlagFileOptions): Split[] {
  const root = parseFlags(text);
  const at: JSONPath = ['flags', options.flag];
  const flag = findNodeAtLocation(root, at);
  if (flag === undefined)
    throw new RouterTrouble(
      'flag_missing',
      `flag ${options.flag}: expected it in ${options.file}, got ${namesIn(findNodeAtLocation(root, ['flags']))}`,
    );
  const state = textAt(root, [...at, 'state']);
  if (state !== 'ENABLED')
    throw new RouterTrouble(
      'flag_disabled',
      `flag ${options.flag}: expected state ENABLED, got ${state ?? 'none'}; apps use the value in their code`,
    );
  for (const variant of [options.stable, options.canary])
    if (findNodeAtLocation(root, [...at, 'variants', variant]) === undefined)
      throw new RouterTrouble(
        'variant_missing',
        `flag ${options.flag}: expected variant ${variant}, got ${namesIn(findNodeAtLocation(root, [...at, 'variants']))}`,
      );
  const targeting = findNodeAtLocation(root, [...at, 'targeting']);
  const found = targeting === undefined ? [] : findFractional(targeting, [...at, 'targeting']);
  const wanted = options.first === null ? 1 : 2;
  if (found.length === wanted) return found.map(({ node, path }) => readFractional(node, path, options));
  if (options.first !== null || found.length > 1 || (targeting?.children ?? []).length > 0)
    throw new RouterTrouble(
      'split_unclear',
      `flag ${options.flag}: expected ${wanted === 1 ? 'one fractional' : 'two fractionals, for those who go first and for the others,'} in its targeting, got ${found.length}`,
    );
  return [readDefault(textAt(root, [...at, 'defaultVariant']), at, options)];
}

/** A flag without targeting gives everybody its default: all or none. */
function readDefault(variant: string | null, at: JSONPath, { flag, stable, canary }: FlagFileOptions): Split {
  if (variant !== stable && variant !== canary)
    throw new RouterTrouble(
      'split_unclear',
      `flag ${flag}: expected defaultVariant ${stable} or ${canary}, got ${variant ?? 'none'}`,
    );
  return { path: [...at, 'targeting', 'fractional'], weight: variant === canary ? 100 : 0, key: [], canaryFirst: true };
}

function readFractional(node: Node, path: JSONPath, { flag, stable, canary }: FlagFileOptions): Split {
  const entries = getNodeValue(node) as unknown;
  const unclear = (got: string): RouterTrouble =>
    new RouterTrouble(
      'split_unclear',
      `flag ${flag}: expected fractional with ${canary} and ${stable} only, got ${got}`,
    );
  if (!Array.isArray(entries)) throw unclear('no list');
  // The first entry may be the rule for the key; every other is a variant.
  const key = entries.slice(0, 1).filter((entry) => !isPair(entry));
  const pairs: unknown[] = entries.slice(key.length);
  const names = pairs.map((entry) => (isPair(entry) ? entry[0] : '?'));
  if (names.length !== 2 || !names.includes(stable) || !names.includes(canary)) throw unclear(names.join(', '));
  const weightOf = (name: string): unknown => pairs.filter(isPair).find(([each]) => each === name)?.[1] ?? 1;
  const [ours, theirs] = [weightOf(canary), weightOf(stable)];
  if (typeof ours !== 'number' || typeof theirs !== 'number') throw unclear('weights that are rules');
  if (!(ours >= 0 && theirs >= 0 && ours + theirs > 0)) throw unclear(`weights ${ours} and ${theirs}`);
  return { path, weight: (100 * ours) / (ours + theirs), key, canaryFirst: names[0] === canary };
}

function isPair(entry: unknown): entry is [string, unknown?] {
  return Array.isArray(entry) && typeof entry[0] === 'string' && entry.length <= 2;
}

/** Rules may stand around it: some tenants first, the rest by share. */
function findFractional(node: Node, path: JSONPath): { node: Node; path: JSONPath }[] {
  if (node.type === 'array') return (node.children ?? []).flatMap((child, at) => findFractional(child, [...path, at]));
  if (node.type !== 'object') return [];
  return (node.children ?? []).flatMap(({ children = [] }) => {
    const [name, value] = children;
    if (name === undefined || value === undefined) return [];
    const inner = [...path, name.value as string];
    return name.value === 'fractional' ? [{ node: value, path: inner }] : findFractional(value, inner);
  });
}

function parseFlags(text: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  if (root === undefined || errors.length > 0)
    throw new RouterTrouble(
      'unreadable',
      `expected a file of flags in JSON, got something else at byte ${errors[0]?.offset ?? 0}`,
    );
  return root;
}

function textAt(root: Node, path: JSONPath): string | null {
  const node = findNodeAtLocation(root, path);
  return node?.type === 'string' ? (node.value as string) : null;
}

function namesIn(node: Node | undefined): string {
  const names = (node?.children ?? []).map(({ children }) => String(children?.[0]?.value));
  return names.length === 0 ? 'none' : names.slice(0, 10).join(', ');
}

/** New text is written as the file is: with its indentation and its ends of lines. */
function formattingOf(text: string): { tabSize: number; insertSpaces: boolean; eol: string } {
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  return { tabSize: indent.length, insertSpaces: !indent.startsWith('\t'), eol: text.includes('\r\n') ? '\r\n' : '\n' };
}
