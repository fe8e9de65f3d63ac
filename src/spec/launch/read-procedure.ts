import type { Procedure, Step, StepAction } from '../../core/launch/launch.ts';
import type { Scene } from './draft.ts';
import type { Item, Section } from './outline.ts';
import { addProblem, hintFor } from './problem.ts';
import { attributeRecord, isShown, readFence, yamlBlocks } from './read-fence.ts';
import type { WrittenFence } from './read-fence.ts';
import { proofKinds } from './read-gate.ts';
import { refer, referRole } from './refer.ts';
import type { WrittenAttribute } from './read-title.ts';
import { nameIt, takeAttributes } from './take-attributes.ts';
import type { Taken } from './take-attributes.ts';
import { readDeclaration } from './read-declaration.ts';

/** A section of a procedure with the phase that its heading, or one above it, names. */
export interface Stage {
  section: Section;
  phase: string | null;
}

/** Reads the numbered items under the headings of a procedure as its steps. */
export function readSteps(scene: Scene, procedure: Procedure, stages: readonly Stage[]): void {
  for (const { section, phase } of stages) {
    for (const item of section.items) {
      if (item.ordered) procedure.steps.push(readStep(scene, item, phase));
      else refuseBullet(scene, item);
    }
  }
}

const stepKeys = ['role', 'needs', 'undo', 'reversible', 'proof'] as const;

function readStep(scene: Scene, item: Item, phase: string | null): Step {
  const { draft } = scene;
  const { text, human, attributes } = item.title;
  const taken = takeAttributes(draft, attributes, 'a step', stepKeys);
  const id = nameIt(draft, { attributes, title: text, family: 'item', what: 'step', at: item.at });
  const fence = readStepFence(scene, item, id);
  const step: Step = {
    id,
    title: text,
    phase,
    human,
    role: null,
    needs: [],
    undo: null,
    reversible: taken.flag('reversible') ?? true,
    proof: taken.word('proof', proofKinds),
    action: fence === null ? null : toAction(fence),
    at: item.at,
  };
  referStep(scene, step, taken, fence?.attributes.get('undo') ?? null);
  for (const nested of item.items) refuseNested(scene, nested, id);
  return step;
}

function referStep({ draft }: Scene, step: Step, taken: Taken, undoOfFence: WrittenAttribute | null): void {
  const use = `step ${step.id}`;
  const role = taken.text('role');
  const undo = taken.text('undo') ?? undoOfFence;
  if (role !== null) referRole(draft, use, role, (found) => (step.role = found));
  if (undo !== null) {
    const settle = (found: string): string => (step.undo = found);
    refer(draft, { use: `undo of ${use}`, target: 'step', name: undo.value, at: undo.at, settle });
  }
  for (const { value: name, at } of taken.list('needs')) {
    const settle = (found: string): number => step.needs.push(found);
    refer(draft, { use: `needs of ${use}`, target: 'step or criterion', name, at, settle });
  }
  if (!step.human || role !== null) return;
  addProblem(draft.problems, 'role_missing', step.at, {
    message: `${use} does not say which role does it`,
    expected: 'role= on a [HUMAN] step',
    got: 'none',
    hint: 'add the role in braces at the end of the line, such as {role=lead}',
  });
}

const actionKeys = ['timeout', 'undo', 'on', 'interrupted', 'retries', 'cwd'] as const;

function readStepFence(scene: Scene, item: Item, step: string): WrittenFence | null {
  const { problems } = scene.draft;
  const [first, second] = item.fences.filter((fence) => !isShown(fence));
  if (first === undefined) return null;
  if (second !== undefined) {
    addProblem(problems, 'action_duplicate', scene.document.place(second), {
      message: `step ${step} does more than one thing`,
      expected: 'one fence',
      got: 'two',
      hint: 'make a step of its own of the second fence, or mark it as text if it is an example',
    });
  }
  const fence = readFence(scene.document, first, problems);
  if (fence.block !== null && fence.block !== 'step') {
    const known = (yamlBlocks as readonly string[]).includes(fence.block);
    if (known && fence.block !== 'check') readDeclaration(scene, first, { id: step, title: item.title.text });
    else
      addProblem(problems, 'kind_unknown', fence.at, {
        message: `a step has no yaml ${fence.block}`,
        expected: 'yaml step',
        got: `yaml ${fence.block}`,
        hint: known ? 'move the check to a criterion of a gate' : hintFor(fence.block, yamlBlocks, 'write yaml step'),
      });
    return null;
  }
  for (const [key, { at }] of fence.attributes) {
    if (!(actionKeys as readonly string[]).includes(key))
      addProblem(problems, 'attribute_unknown', at, {
        message: `the fence of a step has no attribute ${key}`,
        expected: actionKeys.join(', '),
        got: key,
        hint: hintFor(key, actionKeys, `known are ${actionKeys.join(', ')}`),
      });
  }
  return fence;
}

function toAction(fence: WrittenFence): StepAction {
  const kind = fence.block === null ? fence.language : `yaml ${fence.block}`;
  return { kind, attributes: attributeRecord(fence.attributes), text: fence.text, at: fence.at };
}

function refuseBullet({ draft }: Scene, item: Item): void {
  const { attributes } = item.title;
  if (attributes !== null) {
    addProblem(draft.problems, 'attribute_ownerless', attributes.at, {
      message: 'this item is no step, so its braces mean nothing',
      expected: 'a numbered item',
      got: 'a bullet',
      hint: 'number the item, or remove the braces',
    });
  }
}

function refuseNested({ draft }: Scene, item: Item, step: string): void {
  if (item.title.attributes === null && item.fences.every(isShown)) return;
  addProblem(draft.problems, 'step_nested', item.at, {
    message: `an item inside step ${step} would never run`,
    expected: 'steps side by side',
    got: 'braces or a fence on a nested item',
    hint: 'make it a step of its own',
  });
}
