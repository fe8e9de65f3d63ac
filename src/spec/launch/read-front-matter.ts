import type { LaunchDocument } from '../../core/launch/launch.ts';
import type { Scene } from './draft.ts';
import { addProblem, hintFor } from './problem.ts';
import { readCandidate, readDependencies, readEnvironments } from './read-front-values.ts';
import { readDatastores } from './read-datastores.ts';
import { readPeople, readRoles } from './read-people.ts';
import { runWords } from './read-run-words.ts';
import { readObjectives } from './read-objectives.ts';
import { readMetricSources, readRouters } from './read-routers.ts';
import { readSecrets } from './read-secrets.ts';
import { readWindows } from './read-windows.ts';
import { addForm, checkId, takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import { readYaml } from './written-yaml.ts';
import type { Written } from './written-yaml.ts';

export type DocumentKind = LaunchDocument['kind'];

const kinds = ['launch', 'runbook', 'procedure', 'doc'] as const;
const planKeys = ['status', 'depends', 'issues', 'pr', 'specs', 'awaits', 'upstream-specs'];
const launchKeys = [
  'tminus',
  'id',
  'title',
  'owner',
  't0',
  'environment',
  'candidate',
  'roles',
  'people',
  'environments',
  'secrets',
  'datastores',
  'routers',
  'metrics',
  'objectives',
  'depends',
  'quorum',
  'fresh',
  'windows',
];
const otherKeys = ['tminus', 'id', 'title', 'owner'];
const procedureKeys = [...otherKeys, ...runWords];

/** The front matter of a document and what kind of document it makes it. */
export interface FrontPage {
  kind: DocumentKind;
  written: Written | null;
  id: string | null;
  title: string | null;
}

/**
 * Returns what kind of document this is. A document without `tminus:` is nobody's declaration: its front matter, however odd, is no problem here.
 */
export function readFrontPage({ draft, document }: Scene): FrontPage {
  const front = document.frontMatter;
  if (front === null) return { kind: 'doc', written: null, id: null, title: null };
  const ours = /^["']?tminus["']?[ \t]*:/m.test(front.text);
  const problems = ours ? draft.problems : [];
  const written = readYaml(front.text, { place: (offset) => document.place(front.offset + offset), problems });
  if (written === null || written.kind !== 'map') {
    if (ours && written !== null) addForm(problems, written, 'the front matter', 'a mapping');
    return { kind: 'doc', written: null, id: null, title: null };
  }
  if (!ours)
    return {
      kind: written.entries.some(({ key }) => planKeys.includes(key)) ? 'plan' : 'doc',
      written,
      id: null,
      title: null,
    };
  return readOurs({ draft, document }, written);
}

function readOurs({ draft }: Scene, written: Written): FrontPage {
  const { problems } = draft;
  const kind = takeKeys([], { owner: '', written, known: [], open: true }).text('tminus');
  const found = kinds.find((known) => known === kind) ?? null;
  const keys = takeKeys(problems, {
    owner: found === null ? 'the front matter' : `a ${found} document`,
    written,
    known: keysOf(found),
  });
  if (found === null) {
    addProblem(problems, 'value_invalid', keys.at('tminus'), {
      message: 'the document does not say what it is',
      expected: kinds.join(' | '),
      got: kind ?? 'nothing',
      hint: hintFor(kind ?? '', kinds, `write tminus: ${kinds.join(' or ')}`),
    });
  }
  const id = keys.text('id');
  if (id !== null) checkId(problems, { key: id, at: keys.at('id') }, 'the document');
  return { kind: found ?? 'doc', written, id, title: keys.text('title') };
}

function keysOf(kind: (typeof kinds)[number] | null): readonly string[] {
  if (kind === 'launch' || kind === null) return launchKeys;
  return kind === 'doc' ? otherKeys : procedureKeys;
}

/** Reads the front matter of the launch document into the launch. */
export function readLaunchKeys(scene: Scene, written: Written): void {
  const { draft } = scene;
  const { launch, problems } = draft;
  const keys = takeKeys(problems, { owner: 'the front matter', written, known: launchKeys, open: true });
  launch.id = keys.text('id') ?? '';
  if (launch.id === '')
    addProblem(problems, 'key_missing', written.at, {
      message: 'the launch has no id',
      expected: 'id: in the front matter',
      got: 'none',
      hint: 'add a line such as id: shop-cutover',
    });
  launch.title = keys.text('title') ?? '';
  launch.owner = keys.text('owner');
  launch.t0 = readInstant(scene, keys);
  launch.environment = keys.text('environment');
  draft.quorum = keys.count('quorum') ?? 0;
  draft.freshMs = keys.duration('fresh');
  launch.candidate = readCandidate(draft, keys.entry('candidate'));
  readPeople(draft, keys.entry('people'));
  readRoles(draft, keys.map('roles'));
  readEnvironments(draft, keys);
  readSecrets(draft, keys.map('secrets'));
  readDatastores(draft, keys.map('datastores'));
  readRouters(draft, keys.map('routers'));
  readMetricSources(draft, keys.map('metrics'));
  readObjectives(draft, keys.map('objectives'));
  readDependencies(draft, keys.entry('depends'));
  readWindows(draft, keys.entry('windows'));
}

/** RFC 3339 section 5.6, with the offset: 14:00 without one is another moment in every office. */
const instant = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

function readInstant({ draft }: Scene, keys: Keys): string | null {
  const text = keys.text('t0');
  if (text === null) return null;
  if (instant.test(text) && !Number.isNaN(Date.parse(text.replace(' ', 'T'))) && isRealDay(text)) return text;
  addProblem(draft.problems, 'value_invalid', keys.at('t0'), {
    message: 't0 is no moment',
    expected: 'date, time and offset, such as 2026-12-05T14:00:00-05:00',
    got: text,
    hint: 'write the offset from UTC, or leave t0 out until the date is set',
  });
  return null;
}

/** Date.parse reads 30 February as 2 March. */
function isRealDay(text: string): boolean {
  const day = text.slice(0, 10);
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
