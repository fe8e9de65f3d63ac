import type { Launch, Procedure } from '../../core/launch/launch.ts';
import { planHash } from '../../core/launch/plan-hash.ts';
import type { Document } from '../document/document.ts';
import { declares } from '../document/declares.ts';
import { readDocument } from '../document/read-document.ts';
import { emptyLaunch } from './draft.ts';
import type { Draft, Scene } from './draft.ts';
import { fillObservers } from './fill-observers.ts';
import { findCycles } from './find-cycles.ts';
import { findDuplicates } from './find-duplicates.ts';
import { orderLaunch } from './order-launch.ts';
import type { LaunchReaders } from './launch-readers.ts';
import { addProblem } from './problem.ts';
import type { Problem } from './problem.ts';
import { readFrontPage, readLaunchKeys } from './read-front-matter.ts';
import type { FrontPage } from './read-front-matter.ts';
import { readPlan } from './read-plan.ts';
import { readSections } from './read-sections.ts';
import type { WholeProcedure } from './read-sections.ts';
import { refuseUnapprovedBudgets } from './refuse-unapproved-budgets.ts';
import { reportDamage } from './report-damage.ts';
import { settleReferences } from './settle-references.ts';
import { takeKeys } from './take-keys.ts';
import type { Written } from './written-yaml.ts';

/** A document of the workspace as bytes, by its path relative to the workspace. */
export interface DocumentBytes {
  path: string;
  bytes: Uint8Array;
}

/** A launch without a problem, or every problem at once. */
export type ReadLaunch =
  | { ok: true; launch: Launch; planHash: string; documents: Document[]; problems: [] }
  | { ok: false; problems: Problem[]; documents: Document[] };

/**
 * Returns what the documents of one launch declare. Pure: the same bytes give the same launch, in whatever order they come.
 * Exactly one document says `tminus: launch`; documents that say nothing are kept by digest, plan files become scope items.
 */
export function readLaunch(documents: readonly DocumentBytes[], readers: LaunchReaders): ReadLaunch {
  const read = documents
    .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, bytes }) => readDocument(path, bytes));
  const draft: Draft = {
    launch: emptyLaunch(),
    references: [],
    bearers: [],
    quorum: 0,
    freshMs: null,
    declaresPeople: false,
    problems: [],
    readers,
  };
  const pages = read.map((document) => ({ scene: { draft, document }, page: readFrontPage({ draft, document }) }));
  const head = readHead(draft, pages);
  for (const { scene, page } of pages) {
    if (page.kind !== 'launch' || scene.document === head) readPage(scene, page);
  }
  settleReferences(draft);
  fillObservers(draft);
  refuseUnapprovedBudgets(draft);
  findDuplicates(draft);
  findCycles(draft);
  if (draft.problems.length > 0) return { ok: false, problems: orderProblems(draft.problems), documents: read };
  const launch = orderLaunch(draft.launch);
  return { ok: true, launch, planHash: planHash(launch), documents: read, problems: [] };
}

interface Page {
  scene: Scene;
  page: FrontPage;
}

/** Returns the launch document, read first: what the others name (people, roles) is declared there. */
function readHead(draft: Draft, pages: readonly Page[]): Document | null {
  const [first, ...others] = pages.filter(({ page }) => page.kind === 'launch');
  if (first?.page.written) readLaunchKeys(first.scene, first.page.written);
  for (const { scene } of others) {
    addProblem(draft.problems, 'launch_duplicate', scene.document.place(0), {
      message: 'there are two launch documents',
      expected: 'one document with tminus: launch',
      got: `${first?.scene.document.path ?? ''} and this one`,
      hint: 'make this one tminus: runbook, procedure or doc',
    });
  }
  for (const { scene } of pages) if (scene.document.refused && declares(scene.document.bytes)) reportDamage(scene);
  if (first !== undefined || draft.problems.length > 0) return first?.scene.document ?? null;
  const at = pages[0]?.scene.document.place(0) ?? { file: '.', line: 1, column: 1 };
  addProblem(draft.problems, 'launch_missing', at, {
    message: 'no document declares a launch',
    expected: 'a document whose front matter says tminus: launch',
    got: pages.length === 1 ? 'one document without it' : `${pages.length} documents without it`,
    hint: 'begin a document with --- tminus: launch and an id',
  });
  return null;
}

function readPage(scene: Scene, page: FrontPage): void {
  const { draft, document } = scene;
  const { kind } = page;
  draft.launch.documents.push({ path: document.path, sha256: document.sha256, kind });
  if (kind === 'plan' && page.written !== null) readPlan(scene, page.written);
  if (kind !== 'launch' && kind !== 'runbook' && kind !== 'procedure') return;
  reportDamage(scene);
  const whole =
    kind === 'launch' || page.written === null ? null : toWhole(draft, kind, { ...page, written: page.written });
  const heading = readSections(scene, whole);
  if (kind === 'launch' && draft.launch.title === '') draft.launch.title = heading || draft.launch.id;
}

function toWhole(
  draft: Draft,
  kind: Procedure['kind'],
  { id, title, written }: FrontPage & { written: Written },
): WholeProcedure {
  const keys = takeKeys(draft.problems, { owner: 'the front matter', written, known: [], open: true });
  return { kind, id, title, keys };
}

/** By file, line and column; of problems at one place the one found first. */
function orderProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  );
}
