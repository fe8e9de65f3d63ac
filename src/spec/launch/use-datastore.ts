import type { JsonObject, JsonValue } from '@tminus/verify';

import type { Draft } from './draft.ts';
import { addProblem, hintFor, short } from './problem.ts';
import type { WrittenAttribute } from './read-title.ts';

/** Stands for the url of a datastore that nobody declared, so that the rest of what is written can be read. */
export const unknownDatastore = 'datastore.unknown.url';

/** Who names a datastore: a check gets its password from the environment, a step from the secrets. */
type Family = 'check' | 'step';

/** A kind that may name a datastore instead of a url; others have no key `on`, or mean something else by it. */
interface Takes {
  jsonSchema: JsonObject;
}

function takesDatastore({ jsonSchema }: Takes): boolean {
  const properties = jsonSchema['properties'];
  return typeof properties === 'object' && properties !== null && 'on' in properties && 'url' in properties;
}

/** What a check or step says about itself, with `on` replaced by what the datastore of that name declares. */
export function useDatastoreOfFence(
  draft: Draft,
  attributes: ReadonlyMap<string, WrittenAttribute>,
  { owner, family, reader }: { owner: string; family: Family; reader: Takes },
): Map<string, WrittenAttribute> {
  const on = attributes.get('on');
  if (on === undefined || attributes.has('url') || !takesDatastore(reader)) return new Map(attributes);
  const given = connectionOf(draft, on, { owner, family });
  const rest = [...attributes].filter(([key]) => key !== 'on');
  return new Map([...Object.entries(given).map(([key, value]) => [key, { value, at: on.at }] as const), ...rest]);
}

/** The same for a mapping, and for the mapping of a check inside of a step. */
export function useDatastore(
  draft: Draft,
  spec: JsonValue,
  { owner, family, reader, at }: { owner: string; family: Family; reader: Takes; at: WrittenAttribute['at'] },
): JsonValue {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return spec;
  const { on, ...rest } = spec;
  if (typeof on !== 'string' || 'url' in rest || !takesDatastore(reader)) return spec;
  return { ...connectionOf(draft, { value: on, at }, { owner, family }), ...rest };
}

/**
 * Returns the keys that `on` stands for. The url is left as a template, so that it is filled in for the environment that is aimed at and evidence is
 * bound to what was really asked. A name that nothing bears still gives a url: its problem is told once, and not again by the kind.
 */
function connectionOf(
  draft: Draft,
  { value: name, at }: WrittenAttribute,
  { owner, family }: { owner: string; family: Family },
): { [key: string]: string } {
  const { datastores, secrets } = draft.launch;
  const datastore = datastores.find(({ id }) => id === name);
  const url = `{{ ${datastore === undefined ? unknownDatastore : `datastore.${datastore.id}.url`} }}`;
  if (datastore === undefined) {
    const known = datastores.map(({ id }) => id);
    addProblem(draft.problems, 'reference_unknown', at, {
      message: `${owner} names a datastore that does not exist`,
      expected: known.length === 0 ? 'a datastore; none is declared' : `one of ${known.slice(0, 12).join(', ')}`,
      got: short(name),
      hint: hintFor(name, known, 'declare it under datastores in the front matter, or write the url'),
    });
    return { url };
  }
  if (datastore.password === null) return { url };
  if (family === 'step') return { url, password: `{{ secret "${datastore.password}" }}` };
  const reference = secrets.find(({ id }) => id === datastore.password)?.reference ?? null;
  const variable = reference?.['env'];
  if (typeof variable === 'string') return { url, passwordEnv: variable };
  if (reference !== null)
    addProblem(draft.problems, 'value_invalid', at, {
      message: `${owner} cannot have the password of datastore ${name}`,
      expected: 'a secret that is kept in env: checks read no other store',
      got: `${datastore.password}, kept in ${Object.keys(reference)[0] ?? 'nothing'}`,
      hint: 'declare a secret { env: VARIABLE } for the reader of the checks, and a datastore that names it',
    });
  return { url };
}
