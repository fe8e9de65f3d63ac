import type { CandidateDeclaration, Environment } from '../../core/launch/launch.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor } from './problem.ts';
import type { Problem } from './problem.ts';
import { readComms } from './read-comms.ts';
import { refer } from './refer.ts';
import { addForm, checkId, takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { Written, WrittenEntry } from './written-yaml.ts';

/** Returns the candidate as written; any key besides commit, url and version is kept for templates. */
export function readCandidate(draft: Draft, entry: WrittenEntry | null): CandidateDeclaration | null {
  if (entry === null) return null;
  const keys = takeKeys(draft.problems, { owner: 'candidate', written: entry.value, known: [], open: true });
  const candidate: CandidateDeclaration = {
    commit: keys.text('commit'),
    url: keys.text('url'),
    version: keys.text('version'),
    extra: {},
    at: entry.at,
  };
  const further =
    entry.value.kind === 'map'
      ? entry.value.entries.filter(({ key }) => !['commit', 'url', 'version'].includes(key))
      : [];
  for (const { key } of further) {
    const text = keys.text(key);
    if (text !== null) candidate.extra[key] = text;
  }
  return candidate;
}

/** Reads the environments; the one that the launch names is there even where nothing is said about it, and counts as production. */
export function readEnvironments(draft: Draft, front: Keys): void {
  const { launch, problems } = draft;
  for (const entry of front.map('environments')) {
    if (!checkId(problems, entry, 'an environment')) continue;
    launch.environments.push(readEnvironment(problems, entry));
  }
  const { environment } = launch;
  if (environment === null) return;
  const at = front.at('environment');
  if (launch.environments.length === 0)
    launch.environments.push({
      id: environment,
      url: null,
      production: true,
      simulated: false,
      allow: [],
      comms: 'on',
      testMail: null,
      testWebhook: null,
      at,
    });
  else
    refer(draft, {
      use: 'environment of the launch',
      target: 'environment',
      name: environment,
      at,
      settle: () => undefined,
    });
}

function readEnvironment(problems: Problem[], { key: id, at, value }: WrittenEntry): Environment {
  const keys = takeKeys(problems, {
    owner: `environment ${id}`,
    written: toMap(value),
    known: ['url', 'production', 'simulated', 'allow', 'comms', 'testAddress'],
  });
  const production = keys.flag('production') ?? true;
  return {
    id,
    url: keys.text('url'),
    production,
    simulated: keys.flag('simulated') ?? false,
    allow: keys.list('allow').map(({ text }) => text),
    ...readComms(problems, keys, { environment: id, production }),
    at,
  };
}

function toMap(written: Written): Written {
  return written.kind === 'scalar' && written.value === null ? { kind: 'map', entries: [], at: written.at } : written;
}

const states = ['open', 'done'] as const;

/** Reads `depends`: a list of names, which are open, or a mapping of names to `open` or `done`. */
export function readDependencies(draft: Draft, entry: WrittenEntry | null): void {
  if (entry === null) return;
  const { value } = entry;
  if (value.kind === 'map') {
    for (const dependency of value.entries) addDependency(draft, dependency.key, dependency.at, dependency.value);
    return;
  }
  for (const item of value.kind === 'list' ? value.items : [value]) {
    const only = item.kind === 'map' ? item.entries[0] : undefined;
    if (item.kind === 'scalar' && item.text !== '') addDependency(draft, item.text, item.at, null);
    else if (only !== undefined && item.kind === 'map' && item.entries.length === 1)
      addDependency(draft, only.key, only.at, only.value);
    else addForm(draft.problems, item, 'depends', 'a name, or name: open | done');
  }
}

function addDependency(draft: Draft, id: string, at: WrittenEntry['at'], written: Written | null): void {
  const text = written === null ? 'open' : written.kind === 'scalar' ? written.text : '';
  const state = states.find((known) => known === text);
  if (state === undefined) {
    addProblem(draft.problems, 'value_invalid', written?.at ?? at, {
      message: `the state of dependency ${id} cannot be read`,
      expected: states.join(' | '),
      got: text || 'nothing',
      hint: hintFor(text, states, 'write open or done'),
    });
  }
  draft.launch.dependencies.push({ id, state: state ?? 'open', at });
  draft.bearers.push({ id, family: 'dependency', what: 'dependency', at });
}
