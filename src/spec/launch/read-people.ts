import { FormatError, parsePersonKey } from '@tminus/verify';

import type { Person } from '../../core/launch/launch.ts';
import type { Place } from '../../core/launch/place.ts';
import type { Draft } from './draft.ts';
import { addProblem } from './problem.ts';
import { refer } from './refer.ts';
import { slugOf } from './slug.ts';
import { addForm, checkId, takeKeys } from './take-keys.ts';
import type { Written, WrittenEntry } from './written-yaml.ts';

/** Reads the people of the front matter: a name each, or a mapping with name, key, human and automation. */
export function readPeople(draft: Draft, entry: WrittenEntry | null): void {
  if (entry === null) return;
  draft.declaresPeople = true;
  if (entry.value.kind !== 'map') {
    addForm(draft.problems, entry.value, 'people', 'a mapping of ids to names');
    return;
  }
  for (const person of entry.value.entries) {
    if (checkId(draft.problems, person, 'a person')) draft.launch.people.push(readPerson(draft, person));
  }
}

function readPerson(draft: Draft, { key: id, at, value }: WrittenEntry): Person {
  if (value.kind === 'scalar') return { id, name: value.text || id, human: id, automation: false, key: null, at };
  const keys = takeKeys(draft.problems, {
    owner: `person ${id}`,
    written: value,
    known: ['name', 'key', 'human', 'automation'],
  });
  const key = keys.text('key');
  if (key !== null) checkKey(draft, { id, key, at: keys.at('key') });
  return {
    id,
    name: keys.text('name') ?? id,
    human: keys.text('human') ?? id,
    automation: keys.flag('automation') ?? false,
    key,
    at,
  };
}

/** A key that cannot be read is told at its line, and not when its person is to sign. */
function checkKey(draft: Draft, { id, key, at }: { id: string; key: string; at: Place }): void {
  try {
    parsePersonKey(key);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    addProblem(draft.problems, 'value_invalid', at, {
      message: `the key of person ${id} cannot be read`,
      expected: error.fault.expected,
      // The first characters only: whoever pasted the wrong half does not find it in the log of a build.
      got: key.slice(0, 12),
      hint: 'paste the line that "tminus key create", or the page of this person in the browser, shows',
    });
  }
}

/** Reads the roles of the front matter: a person or a list of people each. */
export function readRoles(draft: Draft, entries: readonly WrittenEntry[]): void {
  for (const { key, at, value } of entries) {
    if (!checkId(draft.problems, { key, at }, 'a role')) continue;
    holdRole(draft, key, at, namesOf(draft, key, value));
  }
}

function namesOf(draft: Draft, role: string, value: Written): { text: string; at: Place }[] {
  const items = value.kind === 'list' ? value.items : [value];
  return items.flatMap((item) => {
    if (item.kind === 'scalar') return item.value === null ? [] : [{ text: item.text, at: item.at }];
    addForm(draft.problems, item, `role ${role}`, 'a list of people');
    return [];
  });
}

/** Keeps a role with the people who hold it; a role that nobody holds is a problem, as nobody could do what it is asked for. */
export function holdRole(draft: Draft, id: string, at: Place, names: readonly { text: string; at: Place }[]): void {
  const { launch } = draft;
  const known = launch.roles.find((role) => role.id === id);
  const role = known ?? { id, people: [], at };
  if (known === undefined) launch.roles.push(role);
  if (names.length === 0 && role.people.length === 0) {
    addProblem(draft.problems, 'role_empty', at, {
      message: `nobody holds role ${id}`,
      expected: 'at least one person',
      got: 'none',
      hint: 'name a person, or remove the role',
    });
  }
  for (const { text, at: place } of names) {
    if (!draft.declaresPeople) meet(draft, text, place);
    refer(draft, {
      use: `role ${id}`,
      target: 'person',
      name: text,
      at: place,
      settle: (person) => void (role.people.includes(person) || role.people.push(person)),
    });
  }
}

/** Where no people are declared, whoever is named in a role is a person without a key. */
function meet(draft: Draft, name: string, at: Place): void {
  const id = personId(name);
  if (draft.launch.people.some((person) => person.id === id)) return;
  draft.launch.people.push({ id, name, human: id, automation: false, key: null, at });
}

function personId(name: string): string {
  return /^[\w.+-]+$/.test(name) ? name : slugOf(name);
}
