import { closest } from 'fastest-levenshtein';
import { z } from 'zod';

import type { JsonObject, JsonValue } from '@tminus/verify';

import type { ReadSpec, SpecFault } from '../../core/check/check.ts';

type Issue = z.core.$ZodIssue;

/** What people who write YAML call the types of Zod. */
const plainNames = new Map([
  ['int', 'a whole number'],
  ['string', 'a text'],
  ['array', 'a list'],
  ['object', 'a mapping'],
  ['record', 'a mapping'],
  ['boolean', 'true or false'],
]);

/**
 * Reads what was written for a check by a Zod schema of strict objects: the spec with defaults filled in, or every fault at once,
 * each with its path and, for a key or word that is not known, the nearest one that is.
 */
export function readSchema(schema: z.ZodType, written: JsonValue): ReadSpec {
  const read = schema.safeParse(written);
  if (read.success) return { ok: true, spec: JSON.parse(JSON.stringify(read.data)) as JsonObject };
  return { ok: false, faults: read.error.issues.flatMap((issue) => toFaults(issue, { schema, written, base: [] })) };
}

/** What may be written, as JSON Schema 2020-12, for the reference page. */
export function toJsonSchema(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject;
}

interface Scene {
  schema: z.ZodType;
  written: JsonValue;
  base: (string | number)[];
}

function toFaults(issue: Issue, scene: Scene): SpecFault[] {
  const path = [...scene.base, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, scene.schema));
  if (issue.code === 'invalid_union') return fromUnion(issue, { ...scene, base: path });
  const value = valueAt(scene.written, path);
  const got = value === undefined ? 'nothing' : shown(value);
  if (issue.code === 'invalid_value') return [notAmong(issue.values.map(String), value, { path, got })];
  return [
    {
      path,
      expected: expectedBy(issue),
      got,
      hint: value === undefined ? `add ${String(path.at(-1) ?? 'the mapping')}` : 'correct the value',
    },
  ];
}

/** The alternative that was meant is the one that got furthest: its faults are told, not those of all others. */
function fromUnion(issue: Extract<Issue, { code: 'invalid_union' }>, scene: Scene): SpecFault[] {
  const value = valueAt(scene.written, scene.base);
  const tops = issue.errors.filter((errors) =>
    errors.some((inner) => inner.path.length === 0 && inner.code === 'invalid_type'),
  );
  const deeper = issue.errors.filter((errors) => !tops.includes(errors)).toSorted((a, b) => a.length - b.length)[0];
  if (deeper) return deeper.flatMap((inner) => toFaults(inner, scene));
  const wanted = issue.errors.flat().map((inner) => expectedBy(inner));
  return [
    {
      path: scene.base,
      expected: [...new Set(wanted)].join(' or ') || 'one of the known forms',
      got: value === undefined ? 'nothing' : shown(value),
      hint: 'write one of the forms',
    },
  ];
}

function unknownKey(key: string, path: (string | number)[], schema: z.ZodType): SpecFault {
  const known = knownKeys(toJsonSchema(schema), path);
  const hint = known.length === 0 ? 'remove it' : `did you mean ${closest(key, known)}?`;
  return {
    path: [...path, key],
    expected: known.length === 0 ? 'no further key' : `one of ${known.join(', ')}`,
    got: key,
    hint,
  };
}

function notAmong(
  known: string[],
  value: JsonValue | undefined,
  at: { path: (string | number)[]; got: string },
): SpecFault {
  const hint =
    typeof value === 'string' && known.length > 0
      ? `did you mean ${closest(value, known)}?`
      : `write one of ${known.join(', ')}`;
  return { path: at.path, expected: known.length === 1 ? known[0]! : `one of ${known.join(', ')}`, got: at.got, hint };
}

function expectedBy(issue: Issue): string {
  if (issue.code === 'invalid_type') return plainNames.get(issue.expected) ?? `a ${issue.expected}`;
  if (issue.code === 'too_small')
    return `${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}`;
  if (issue.code === 'too_big')
    return `${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}`;
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  return issue.message.replace(/^Invalid input: expected /, '').replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  if (origin === 'array') return ' items';
  return origin === 'object' ? ' keys' : '';
}

function knownKeys(jsonSchema: JsonObject, path: readonly (string | number)[]): string[] {
  let nodes: JsonObject[] = [jsonSchema];
  for (const step of path) nodes = nodes.flatMap((node) => alternatives(node)).flatMap((node) => child(node, step));
  return [
    ...new Set(
      nodes
        .flatMap((node) => alternatives(node))
        .flatMap((node) => Object.keys((node['properties'] ?? {}) as JsonObject)),
    ),
  ];
}

function alternatives(node: JsonObject): JsonObject[] {
  const inner = [...((node['anyOf'] ?? []) as JsonObject[]), ...((node['oneOf'] ?? []) as JsonObject[])];
  return inner.length === 0 ? [node] : inner.flatMap((each) => alternatives(each));
}

function child(node: JsonObject, step: string | number): JsonObject[] {
  const properties = (node['properties'] ?? {}) as JsonObject;
  const found =
    typeof step === 'number'
      ? node['items']
      : Object.hasOwn(properties, step)
        ? properties[step]
        : node['additionalProperties'];
  return typeof found === 'object' && found !== null && !Array.isArray(found) ? [found] : [];
}

function valueAt(written: JsonValue, path: readonly (string | number)[]): JsonValue | undefined {
  let value: JsonValue | undefined = written;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as unknown as Record<string | number, JsonValue>)[step];
  }
  return value;
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
