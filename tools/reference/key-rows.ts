import type { JsonObject, JsonValue } from '@tminus/verify';

import type { ReadSpec } from '../../src/core/check/check.ts';

/** One row of the table of keys: name, what may be written, default, description; all Markdown. */
export type KeyRow = [key: string, value: string, standard: string, description: string];

/** What a check kind and a step kind have in common: a schema, and somebody who reads by it. */
interface SchemaReader {
  jsonSchema: JsonObject;
  readSpec(written: JsonValue): ReadSpec;
}

/** Description that a schema gives to keys which the product fills in and nobody writes. */
const filledIn = 'Filled in.';

/** What may be written for a kind, key by key in the order of its JSON Schema. `spec` is one that the kind accepts. */
export function toKeyRows(reader: SchemaReader, spec: JsonObject): KeyRow[] {
  const properties = objectOf(reader.jsonSchema['properties']);
  const required = new Set(listOf(reader.jsonSchema['required']).map(String));
  return Object.entries(properties)
    .map(([key, value]) => [key, objectOf(value)] as const)
    .filter(([, node]) => describe(node) !== filledIn)
    .map(([key, node]) => {
      const unit = unitOf(reader, spec, key, node);
      const standard = required.has(key) ? 'required' : standardOf(node['default'], unit);
      return [`\`${key}\``, unit === null ? typeOf(node) : unit.name, standard, describe(node)];
    });
}

interface Unit {
  name: string;
  factors: readonly (readonly [string, number])[];
}

const duration: Unit = {
  name: 'duration: `500ms`, `5s`, `2m`',
  factors: [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
    ['ms', 1],
  ],
};
const size: Unit = {
  name: 'size: `64KiB`, `10MB`',
  factors: [
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
    ['B', 1],
  ],
};

/** A schema cannot say that `5s` is meant, so the kind itself is asked which unit it takes for this key. */
function unitOf(reader: SchemaReader, spec: JsonObject, key: string, node: JsonObject): Unit | null {
  const { pattern } = node;
  if (typeof pattern === 'string' && pattern.endsWith('(ms|s|m|h|d)$'))
    return { ...duration, name: 'duration: `15m`, `24h`' };
  const isMeasure = alternatives(node).some((each) => JSON.stringify(each['type']) === '["number","string"]');
  if (!isMeasure) return null;
  const takes = (value: string): boolean => reader.readSpec({ ...spec, [key]: value }).ok;
  if (takes('5s') || takes('2m')) return duration;
  return takes('64KiB') || takes('2MiB') ? size : null;
}

function standardOf(value: JsonValue | undefined, unit: Unit | null): string {
  if (value === undefined || value === null) return '';
  if (unit === null || typeof value !== 'number') return `\`${JSON.stringify(value).replaceAll('"', '')}\``;
  const [name, factor] = unit.factors.find(([, each]) => value !== 0 && value % each === 0) ?? ['', 1];
  return `\`${value / factor}${name}\``;
}

function describe(node: JsonObject): string {
  const own = node['description'];
  if (typeof own === 'string') return own;
  const inner = alternatives(node).find((each) => typeof each['description'] === 'string');
  return typeof inner?.['description'] === 'string' ? inner['description'] : '';
}

function typeOf(node: JsonObject): string {
  const parts = alternatives(node).filter((each) => each['type'] !== 'null');
  return [...new Set(parts.map((part) => plainType(part)))].join(' or ');
}

function plainType(node: JsonObject): string {
  const known = listOf(node['enum']);
  if (known.length > 0) return known.map((value) => `\`${JSON.stringify(value).replaceAll('"', '')}\``).join(', ');
  const types = typeof node['type'] === 'string' ? [node['type']] : listOf(node['type']).map(String);
  return types
    .filter((type) => type !== 'null')
    .map((type) => nameOf(type, node))
    .join(' or ');
}

function nameOf(type: string, node: JsonObject): string {
  if (type === 'array') return `list of ${typeOf(objectOf(node['items']))}`;
  const keys = Object.keys(objectOf(node['properties']));
  if (type === 'object' && keys.length > 0) return `mapping with ${keys.map((key) => `\`${key}\``).join(', ')}`;
  if (type === 'object') return `mapping of ${typeOf(objectOf(node['additionalProperties']))}`;
  if (type === 'integer') return `whole number${limits(node)}`;
  if (type === 'boolean') return '`true`, `false`';
  return type === 'string' ? 'text' : type;
}

function limits(node: JsonObject): string {
  const { minimum, maximum } = node;
  if (typeof minimum !== 'number') return '';
  return typeof maximum === 'number' && maximum < 1e9 ? ` from ${minimum} to ${maximum}` : `, at least ${minimum}`;
}

function alternatives(node: JsonObject): JsonObject[] {
  const inner = listOf(node['anyOf']).map((each) => objectOf(each));
  return inner.length === 0 ? [node] : inner.flatMap((each) => alternatives(each));
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
