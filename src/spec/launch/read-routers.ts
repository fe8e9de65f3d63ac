import { metricSourceKindNames, routerKindNames } from '../../core/rollout/kind-names.ts';
import type { MetricSource, OptionsByEnvironment, Router } from '../../core/rollout/rollout.ts';
import type { Draft } from './draft.ts';
import { looksLikeSecret } from './looks-like-secret.ts';
import { addProblem, hintFor, short } from './problem.ts';
import { refer } from './refer.ts';
import { addForm, checkId, takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { Written, WrittenEntry } from './written-yaml.ts';

const ownKeys = ['kind', 'secret'];

/** Reads what splits traffic. */
export function readRouters(draft: Draft, entries: readonly WrittenEntry[]): void {
  for (const entry of entries) {
    const router = readConnection(draft, entry, { what: 'router', kinds: routerKindNames });
    if (router !== null) draft.launch.routers.push(router);
  }
}

/** Reads where metrics are read from. */
export function readMetricSources(draft: Draft, entries: readonly WrittenEntry[]): void {
  for (const entry of entries) {
    const source = readConnection(draft, entry, { what: 'metric source', kinds: metricSourceKindNames });
    if (source !== null) draft.launch.metricSources.push(source);
  }
}

interface Family {
  what: 'router' | 'metric source';
  kinds: readonly string[];
}

/** What only the kind understands is kept as written; the kind says what it cannot read. */
function readConnection(draft: Draft, entry: WrittenEntry, family: Family): Router | MetricSource | null {
  const { key: id, at, value } = entry;
  const { what } = family;
  if (!checkId(draft.problems, entry, `a ${what}`)) return null;
  const owner = `${what} ${id}`;
  const keys = takeKeys(draft.problems, { owner, written: value, known: ownKeys, open: true });
  if (value.kind !== 'map') return null;
  const kind = readKindName(draft, owner, { at, keys, kinds: family.kinds });
  const secret = keys.text('secret');
  if (secret !== null)
    refer(draft, {
      use: `secret of ${owner}`,
      target: 'secret',
      name: secret,
      at: keys.at('secret'),
      settle: () => undefined,
    });
  const further = value.entries.filter(({ key }) => !ownKeys.includes(key));
  const options = Object.fromEntries(further.map((one) => [one.key, readOption(draft, owner, one)]));
  return kind === null ? null : { id, kind, options, secret, at };
}

function readKindName(
  draft: Draft,
  owner: string,
  { at, keys, kinds }: { at: WrittenEntry['at']; keys: Keys; kinds: readonly string[] },
): string | null {
  const written = keys.text('kind');
  if (written !== null && kinds.includes(written)) return written;
  if (written !== null || keys.entry('kind') === null)
    addProblem(
      draft.problems,
      written === null ? 'key_missing' : 'value_invalid',
      written === null ? at : keys.at('kind'),
      {
        message: written === null ? `${owner} has no kind` : `${owner} has an unknown kind`,
        expected: `kind: with one of ${kinds.join(', ')}`,
        got: written === null ? 'none' : short(written),
        hint: written === null ? 'say what it is' : hintFor(written, kinds, 'correct the kind'),
      },
    );
  return null;
}

/** Returns an option: one text, or one for each environment. */
export function readOption(draft: Draft, owner: string, { key, value }: WrittenEntry): OptionsByEnvironment[string] {
  const what = `${key} of ${owner}`;
  if (value.kind === 'list') addForm(draft.problems, value, what, 'a text, or one for each environment');
  const entries: { key: string; at: WrittenEntry['at']; value: Written }[] =
    value.kind === 'map' ? value.entries : [{ key: '*', at: value.at, value }];
  if (value.kind === 'map') referEnvironments(draft, what, value.entries);
  return Object.fromEntries(
    entries.flatMap(({ key: environment, value: inner }) => {
      const text = readText(draft, what, inner);
      return text === null ? [] : [[environment, text]];
    }),
  );
}

function referEnvironments(draft: Draft, what: string, entries: readonly WrittenEntry[]): void {
  for (const { key, at } of entries)
    if (key !== '*') refer(draft, { use: what, target: 'environment', name: key, at, settle: () => undefined });
}

function readText(draft: Draft, what: string, written: Written): string | null {
  if (written.kind === 'list') return null;
  if (written.kind === 'map' || written.text === '') {
    addForm(draft.problems, written, what, 'a text, a number, yes or no');
    return null;
  }
  if (!looksLikeSecret(written.text)) return written.text;
  addProblem(draft.problems, 'secret_literal', written.at, {
    message: `${what} holds what may be a secret`,
    expected: 'secret: with the name of an entry of secrets',
    got: 'a value that may be the secret itself',
    hint: 'take it out of the document, change it, and write secret: NAME',
  });
  return null;
}
