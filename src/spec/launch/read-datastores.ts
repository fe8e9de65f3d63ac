import { datastoreKindNames, holdsPassword, kindOfUrl } from '../../core/dataset/kind-of-url.ts';
import type { Datastore, DatastoreKindName } from '../../core/dataset/dataset.ts';
import type { Draft } from './draft.ts';
import { looksLikeSecret } from './looks-like-secret.ts';
import { addProblem, hintFor, nearestWord, short } from './problem.ts';
import { refer } from './refer.ts';
import { addForm, checkId, takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { Written, WrittenEntry } from './written-yaml.ts';

const ownKeys = ['kind', 'url', 'password'];

/** Reads the places where data lives. A password that stands in a url is refused without being repeated. */
export function readDatastores(draft: Draft, entries: readonly WrittenEntry[]): void {
  for (const entry of entries) {
    if (!checkName(draft, entry)) continue;
    const datastore = readDatastore(draft, entry);
    if (datastore !== null) draft.launch.datastores.push(datastore);
  }
}

/** A name has to be able to stand in `{{ datastore.NAME.url }}`. */
function checkName(draft: Draft, { key, at }: WrittenEntry): boolean {
  if (!checkId(draft.problems, { key, at }, 'a datastore')) return false;
  if (/^[A-Za-z][\w-]*$/.test(key)) return true;
  addProblem(draft.problems, 'id_invalid', at, {
    message: 'the id of a datastore cannot be used',
    expected: 'a letter, then letters, digits, - and _',
    got: short(key),
    hint: 'choose another id: it stands in templates such as {{ datastore.shop.url }}',
  });
  return false;
}

function readDatastore(draft: Draft, { key: id, at, value }: WrittenEntry): Datastore | null {
  const owner = `datastore ${id}`;
  const keys = takeKeys(draft.problems, { owner, written: value, known: ownKeys, open: true });
  if (value.kind !== 'map') return null;
  const url = readUrls(draft, id, keys);
  const kind = readKindName(draft, { id, keys, urls: Object.values(url) });
  const password = keys.text('password');
  if (password !== null)
    refer(draft, {
      use: `password of ${owner}`,
      target: 'secret',
      name: password,
      at: keys.at('password'),
      settle: () => undefined,
    });
  const options = readOptions(draft, owner, value);
  return kind === null ? null : { id, kind, url, password, options, at };
}

function readUrls(draft: Draft, id: string, keys: Keys): { [environment: string]: string } {
  const entry = keys.entry('url');
  if (entry === null) {
    addProblem(draft.problems, 'key_missing', keys.at('url'), {
      message: `datastore ${id} has no url`,
      expected: 'url: with a text, or one for each environment',
      got: 'none',
      hint: 'write url: "postgres://user@host/database", or url: { production: "...", staging: "..." }',
    });
    return {};
  }
  const written: { key: string; value: Written }[] =
    entry.value.kind === 'map' ? entry.value.entries : [{ key: '*', value: entry.value }];
  const urls: [string, string][] = [];
  for (const { key, value } of written) {
    const text = readUrl(draft, id, value);
    if (text !== null) urls.push([key, text]);
  }
  if (entry.value.kind === 'map') referEnvironments(draft, id, entry.value.entries);
  return Object.fromEntries(urls);
}

function referEnvironments(draft: Draft, id: string, entries: readonly WrittenEntry[]): void {
  for (const { key, at } of entries)
    if (key !== '*')
      refer(draft, {
        use: `url of datastore ${id}`,
        target: 'environment',
        name: key,
        at,
        settle: () => undefined,
      });
}

function readUrl(draft: Draft, id: string, value: Written): string | null {
  if (value.kind !== 'scalar' || value.text === '') {
    addForm(draft.problems, value, `url of datastore ${id}`, 'a text such as postgres://user@host/database');
    return null;
  }
  if (!holdsPassword(value.text) && !looksLikeSecret(value.text)) return value.text;
  addProblem(draft.problems, 'secret_literal', value.at, {
    message: `the url of datastore ${id} holds a password`,
    expected: 'a url without a password, and password: with the name of a secret',
    got: 'a value that may be the password itself',
    hint: 'take it out of the document, change it, and write password: NAME of an entry of secrets',
  });
  return null;
}

function readKindName(
  draft: Draft,
  { id, keys, urls }: { id: string; keys: Keys; urls: readonly string[] },
): DatastoreKindName | null {
  const written = keys.text('kind');
  if (written !== null) {
    const known = datastoreKindNames.find((name) => name === written);
    if (known === undefined)
      addProblem(draft.problems, 'value_invalid', keys.at('kind'), {
        message: `datastore ${id} has an unknown kind`,
        expected: datastoreKindNames.join(', '),
        got: short(written),
        hint: hintFor(written, datastoreKindNames, 'correct the kind'),
      });
    return known ?? null;
  }
  const found = [...new Set(urls.map(kindOfUrl))];
  const [only] = found;
  if (found.length === 1 && only !== null && only !== undefined) return only;
  if (urls.length > 0)
    addProblem(draft.problems, 'key_missing', keys.at('url'), {
      message: `the kind of datastore ${id} does not follow from its url`,
      expected: `kind: with one of ${datastoreKindNames.join(', ')}`,
      got: found.length > 1 ? 'urls of several kinds' : 'a url that leaves it open',
      hint: 'add kind: beside url',
    });
  return null;
}

/** What only the kind understands; it says itself, when it is opened, what it cannot read. */
function readOptions(draft: Draft, owner: string, written: Extract<Written, { kind: 'map' }>): Datastore['options'] {
  const further = written.entries.filter(({ key }) => !ownKeys.includes(key));
  const options: [string, string][] = [];
  for (const { key, at, value } of further) {
    const meant = nearestWord(key, ownKeys);
    if (meant !== null)
      addProblem(draft.problems, 'key_unknown', at, {
        message: `${owner} has no key ${short(key)}`,
        expected: `${ownKeys.join(', ')}, and what its kind reads`,
        got: short(key),
        hint: `did you mean ${meant}?`,
      });
    else if (value.kind === 'scalar') options.push([key, value.text]);
    else addForm(draft.problems, value, `${key} of ${owner}`, 'a text, a number, yes or no');
  }
  return Object.fromEntries(options);
}
