import type { Code } from 'mdast';

import type { Procedure, Step } from '../../core/launch/launch.ts';
import type { Draft, Scene } from './draft.ts';
import type { Item, Section } from './outline.ts';
import { addProblem, hintFor } from './problem.ts';
import { isProbe, readAction, readProbe, readWait } from './read-action.ts';
import type { ReadAction } from './read-action.ts';
import { readDeclaration } from './read-declaration.ts';
import type { Owner } from './read-declaration.ts';
import { isShown, readFence, yamlBlocks } from './read-fence.ts';
import type { WrittenFence } from './read-fence.ts';
import { proofKinds } from './read-gate.ts';
import { fenceWords, joinWords, readRules, stepWords } from './read-rules.ts';
import type { WrittenAttribute } from './read-title.ts';
import { refer, referRole } from './refer.ts';
import { nameIt, takeAttributes } from './take-attributes.ts';
import type { Taken } from './take-attributes.ts';

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

const stepKeys = ['role', 'needs', 'reversible', 'proof', 'wait', 'writes', ...stepWords] as const;

function readStep(scene: Scene, item: Item, phase: string | null): Step {
  const { draft } = scene;
  const { text, human, attributes } = item.title;
  const taken = takeAttributes(draft, attributes, 'a step', stepKeys);
  const id = nameIt(draft, { attributes, title: text, family: 'item', what: 'step', at: item.at });
  const owner = `step ${id}`;
  const { fence, probe } = fencesOf(scene, item, id);
  const words = joinWords(draft, attributes, fence);
  const read = readDeed(scene, { fence, wait: taken.text('wait'), human, owner });
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
    action: read?.action ?? null,
    rules: readRules(scene, { owner, words, read, probe: probe === null ? null : readProbe(scene, probe, owner) }),
    at: item.at,
  };
  if (isLooking(draft, step, taken)) step.rules.looks = true;
  referStep(scene, step, taken, words);
  for (const nested of item.items) refuseNested(scene, nested, id);
  return step;
}

/** Whether a person only looks. What a machine's step does is said by its class. */
function isLooking({ problems }: Draft, { human, id, at }: Step, taken: Taken): boolean {
  const writes = taken.flag('writes');
  if (human || writes === null) return human && writes === false;
  addProblem(problems, 'attribute_invalid', taken.text('writes')?.at ?? at, {
    message: `step ${id} is done by a machine, and says with writes= what a person does`,
    expected: 'class= behind the language of the fence',
    got: 'writes=',
    hint: 'write class=long_read if the step changes nothing',
  });
  return false;
}

function referStep({ draft }: Scene, step: Step, taken: Taken, words: Taken): void {
  const use = `step ${step.id}`;
  const role = taken.text('role');
  const undo = words.text('undo');
  const after = words.text('undo-after-return');
  if (role !== null) referRole(draft, use, role, (found) => (step.role = found));
  if (undo !== null) {
    const settle = (found: string): string => (step.undo = found);
    refer(draft, { use: `undo of ${use}`, target: 'step', name: undo.value, at: undo.at, settle });
  }
  if (after?.value === 'same') step.rules.undoAfterReturn = 'same';
  else if (after !== null) {
    const settle = (found: string): string => (step.rules.undoAfterReturn = found);
    refer(draft, { use: `undo-after-return of ${use}`, target: 'step', name: after.value, at: after.at, settle });
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

/** Returns what the machine does: the fence, or the wait that the braces ask for. */
function readDeed(
  scene: Scene,
  deed: { fence: WrittenFence | null; wait: WrittenAttribute | null; human: boolean; owner: string },
): ReadAction | null {
  const { fence, wait, human, owner } = deed;
  if (wait === null) return fence === null ? null : readAction(scene, fence, { owner, apart: fenceWords });
  if (fence === null && !human) return readWait(scene, wait, owner);
  addProblem(scene.draft.problems, 'action_duplicate', wait.at, {
    message: `${owner} does more than wait`,
    expected: 'a step that only waits',
    got: human ? 'wait= on a [HUMAN] step' : 'wait= beside a fence',
    hint: 'make a step of its own of the wait',
  });
  return null;
}

/** The fence that acts and its probe; each stands at most once. */
function fencesOf(scene: Scene, item: Item, step: string): { fence: WrittenFence | null; probe: WrittenFence | null } {
  const { problems } = scene.draft;
  const fences = item.fences
    .filter((fence) => !isShown(fence))
    .map((node) => ({
      node,
      fence: readFence(scene.document, node, problems),
    }));
  const acting = fences.filter(({ fence }) => !isProbe(fence));
  const probes = fences.filter(({ fence }) => isProbe(fence));
  for (const { fence } of [...acting.slice(1), ...probes.slice(1)])
    addProblem(problems, 'action_duplicate', fence.at, {
      message: `step ${step} does more than one thing`,
      expected: 'one fence, and at most one probe',
      got: 'two',
      hint: 'make a step of its own of the second fence, or mark it as text if it is an example',
    });
  const [first] = acting;
  const [probe] = probes;
  if (probe !== undefined && (first === undefined || !isAction(first.fence)))
    addProblem(problems, 'fence_ownerless', probe.fence.at, {
      message: `step ${step} has a probe and nothing that it could probe`,
      expected: 'a fence that acts above it',
      got: 'none',
      hint: 'remove the word probe if this fence is the step',
    });
  const fence =
    first === undefined || !isActing(scene, first, { id: step, title: item.title.text }) ? null : first.fence;
  return { fence, probe: probe?.fence ?? null };
}

function isAction({ block }: WrittenFence): boolean {
  return block === null || block === 'step';
}

/** Whether a fence under a step is what the step does; a declaration is kept, anything else is a problem. */
function isActing(scene: Scene, { node, fence }: { node: Code; fence: WrittenFence }, owner: Owner): boolean {
  if (isAction(fence)) return true;
  const block = fence.block ?? '';
  const known = (yamlBlocks as readonly string[]).includes(block);
  if (known && block !== 'check') readDeclaration(scene, node, owner);
  else
    addProblem(scene.draft.problems, 'kind_unknown', fence.at, {
      message: `a step has no yaml ${block}`,
      expected: 'yaml step',
      got: `yaml ${block}`,
      hint: known ? 'move the check to a criterion of a gate' : hintFor(block, yamlBlocks, 'write yaml step'),
    });
  return false;
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
