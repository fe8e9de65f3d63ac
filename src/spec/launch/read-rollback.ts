import type { Procedure } from '../../core/launch/launch.ts';
import { rollbackKinds, rollbackLimits } from '../../core/rollback/rollback-terms.ts';
import type { RollbackTerms } from '../../core/rollback/rollback-terms.ts';
import type { Draft, Scene } from './draft.ts';
import type { Section } from './outline.ts';
import { addProblem, hintFor, short } from './problem.ts';
import { readFence } from './read-fence.ts';
import { refer } from './refer.ts';
import { takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import { readYaml } from './written-yaml.ts';

type Fences = Section['fences'];

const keys = ['kind', 'within', 'after', 'ledger', 'afterReturn', 'unkept', 'observer'] as const;

/** Whether a fence says that the procedure it stands under is a way back. */
export function isRollbackFence({ lang, meta }: Fences[number]): boolean {
  return /^ya?ml$/iu.test(lang ?? '') && /^rollback(?=\s|$)/u.test(meta ?? '');
}

/** Reads the `yaml rollback` of a procedure: which way back it is, and how long it may take. */
export function readRollback(scene: Scene, procedure: Procedure, fences: Fences): void {
  for (const node of fences.filter(isRollbackFence)) readOne(scene, procedure, node);
}

function readOne({ draft, document }: Scene, procedure: Procedure, node: Fences[number]): void {
  const { problems } = draft;
  const fence = readFence(document, node, problems);
  const owner = `rollback ${procedure.id}`;
  if (procedure.goesBack !== undefined) {
    addProblem(problems, 'declaration_invalid', fence.at, {
      message: `procedure ${procedure.id} says twice which way back it is`,
      expected: 'one yaml rollback',
      got: 'two',
      hint: 'make a procedure of its own of the second',
    });
    return;
  }
  const written = readYaml(fence.text, { place: fence.placeOfOffset, problems });
  if (written === null) return;
  const taken = takeKeys(problems, { owner, written, known: keys });
  const kind = readKind(draft, owner, taken);
  if (kind === null) return;
  const withinMs = taken.length('within') ?? rollbackLimits[kind];
  const open = { after: null, ledger: null, afterReturn: null, unkept: null, observer: null };
  const terms: RollbackTerms = { kind, withinMs, ...open };
  procedure.goesBack = terms;
  referTerms(draft, owner, { taken, terms });
}

function readKind(draft: Draft, owner: string, taken: Keys): RollbackTerms['kind'] | null {
  const word = taken.text('kind');
  const kind = rollbackKinds.find((one) => one === word) ?? null;
  if (kind === null)
    addProblem(draft.problems, word === null ? 'key_missing' : 'value_invalid', taken.at('kind'), {
      message: word === null ? `${owner} does not say what it is for` : `kind of ${owner} is unknown`,
      expected: `kind: with one of ${rollbackKinds.join(', ')}`,
      got: word === null ? 'none' : short(word),
      hint: hintFor(word ?? '', rollbackKinds, 'write kind: immediate'),
    });
  return kind;
}

function referTerms(draft: Draft, owner: string, { taken, terms }: { taken: Keys; terms: RollbackTerms }): void {
  for (const key of ['after', 'ledger'] as const) {
    const name = taken.text(key);
    const settle = (id: string): string => (terms[key] = id);
    if (name !== null) refer(draft, { use: `${key} of ${owner}`, target: 'step', name, at: taken.at(key), settle });
  }
  const past = taken.text('afterReturn');
  const at = taken.at('afterReturn');
  const settle = (id: string): string => (terms.afterReturn = id);
  if (past === 'same') terms.afterReturn = 'same';
  else if (past !== null) refer(draft, { use: `afterReturn of ${owner}`, target: 'procedure', name: past, at, settle });
  terms.unkept = taken.text('unkept');
  const name = taken.text('observer');
  const watched = { use: `observer of ${owner}`, target: 'role or person', at: taken.at('observer') } as const;
  if (name !== null) refer(draft, { ...watched, name, settle: (id) => (terms.observer = id) });
}
