import type { Criterion, Gate, ProofKind } from '../../core/launch/launch.ts';
import type { Scene } from './draft.ts';
import type { Item, Section } from './outline.ts';
import { addProblem } from './problem.ts';
import { readCriterionCheck } from './read-check.ts';
import { readOffset } from './read-offset.ts';
import { refer, referRole } from './refer.ts';
import { nameIt, takeAttributes } from './take-attributes.ts';
import type { Taken } from './take-attributes.ts';

/** Every kind of proof that a person may be asked for. */
export const proofKinds: readonly ProofKind[] = ['url', 'file', 'artifact', 'comment', 'external-status'];

const gateTitle = /^gate\b\s*[:.–—-]*\s*/i;

/** Whether a heading opens a gate: its title begins with the word. */
export function isGate(section: Section): boolean {
  return gateTitle.test(section.title.text);
}

/** Reads a gate with the criteria under its heading and the headings below it. */
export function readGate(scene: Scene, section: Section, below: readonly Section[]): void {
  const { draft } = scene;
  const title = section.title.text.replace(gateTitle, '') || section.title.text;
  const taken = takeAttributes(draft, section.title.attributes, 'a gate', [
    'quorum',
    'role',
    'roles',
    'fresh',
    'requester',
    'phase',
  ]);
  const id = nameIt(draft, {
    attributes: section.title.attributes,
    title,
    family: 'item',
    what: 'gate',
    at: section.at,
  });
  const gate: Gate = {
    id,
    title,
    phase: '',
    quorum: taken.count('quorum') ?? draft.quorum,
    roles: [],
    freshMs: taken.duration('fresh') ?? draft.freshMs,
    requester: null,
    criteria: [section, ...below].flatMap(({ items }) => items.map((item) => readCriterion(scene, item))),
    at: section.at,
  };
  referGate(scene, gate, taken);
  requireCriteria(scene, gate);
  requireFreshness(scene, gate);
  draft.launch.gates.push(gate);
}

function referGate(scene: Scene, gate: Gate, taken: Taken): void {
  const { draft } = scene;
  for (const role of [...taken.list('role'), ...taken.list('roles')]) {
    referRole(draft, `gate ${gate.id}`, role, (found) => gate.roles.push(found));
  }
  const requester = taken.text('requester');
  if (requester !== null) {
    const settle = (found: string): string => (gate.requester = found);
    refer(draft, {
      use: `requester of gate ${gate.id}`,
      target: 'person',
      name: requester.value,
      at: requester.at,
      settle,
    });
  }
  readGatePhase(scene, gate, taken);
}

function requireCriteria({ draft }: Scene, gate: Gate): void {
  if (gate.criteria.length === 0) {
    addProblem(draft.problems, 'gate_empty', gate.at, {
      message: `gate ${gate.id} has no criteria`,
      expected: 'at least one list item under the heading',
      got: 'none',
      hint: 'add a bullet for each thing that must hold',
    });
  }
}

/** Evidence without a limit of age would be good forever, so the gates count it as stale: such a criterion could never be met. */
function requireFreshness({ draft }: Scene, gate: Gate): void {
  if (gate.freshMs !== null) return;
  const lasting = gate.criteria.flatMap(withoutLimit)[0];
  if (lasting === undefined) return;
  addProblem(draft.problems, 'fresh_missing', lasting.at, {
    message: `nobody says how old evidence for criterion ${lasting.id} may be`,
    expected: `fresh= on the criterion or on gate ${gate.id}`,
    got: 'none',
    hint: `write a limit for all criteria behind the heading of the gate, such as {#${gate.id} fresh=1d}`,
  });
}

function withoutLimit(criterion: Criterion): Criterion[] {
  if (criterion.freshMs !== null) return [];
  const own = criterion.human || criterion.check !== null ? [criterion] : [];
  return [...own, ...criterion.children.flatMap(withoutLimit)];
}

/** The phase is the one in the braces, or the offset that the title names. There is no default: a gate that guards the wrong phase guards nothing. */
function readGatePhase({ draft }: Scene, gate: Gate, taken: Taken): void {
  const written = taken.text('phase') ?? offsetOf(gate);
  if (written === null) {
    addProblem(draft.problems, 'gate_phase_missing', gate.at, {
      message: `gate ${gate.id} does not say which phase it guards`,
      expected: 'an offset in the title, or phase=',
      got: gate.title,
      hint: 'write "ready for T-0" in the title, or {phase=t-0}',
    });
    return;
  }
  refer(draft, {
    use: `phase of gate ${gate.id}`,
    target: 'phase',
    name: written.value,
    at: written.at,
    settle: (found) => (gate.phase = found),
  });
}

function offsetOf(gate: Gate): { value: string; at: Gate['at'] } | null {
  const offset = readOffset(gate.title);
  return offset === null ? null : { value: offset.text, at: gate.at };
}

const criterionKeys = ['role', 'proof', 'owner', 'fresh', 'by', 'waivable', 'need'] as const;

function readCriterion(scene: Scene, item: Item): Criterion {
  const { draft } = scene;
  const { text, human, attributes } = item.title;
  const taken = takeAttributes(draft, attributes, 'a criterion', criterionKeys);
  const id = nameIt(draft, { attributes, title: text, family: 'item', what: 'criterion', at: item.at });
  const parts = partsOf(item, taken.text('need') !== null);
  const criterion: Criterion = {
    id,
    title: text,
    human,
    role: null,
    proof: taken.word('proof', proofKinds),
    owner: null,
    freshMs: taken.duration('fresh'),
    by: null,
    waivable: taken.flag('waivable') ?? false,
    need: readNeed(scene, id, taken, parts.length),
    children: parts.map((part) => readCriterion(scene, part)),
    check: readCriterionCheck(scene, item, id),
    at: item.at,
  };
  referCriterion(scene, criterion, taken);
  return criterion;
}

function referCriterion({ draft }: Scene, criterion: Criterion, taken: Taken): void {
  const use = `criterion ${criterion.id}`;
  const role = taken.text('role');
  const owner = taken.text('owner');
  const by = taken.text('by');
  if (role !== null) referRole(draft, use, role, (found) => (criterion.role = found));
  if (owner !== null) criterion.owner = owner.value;
  if (by !== null)
    refer(draft, {
      use: `by of ${use}`,
      target: 'phase',
      name: by.value,
      at: by.at,
      settle: (found) => (criterion.by = found),
    });
  if (criterion.human && role === null) {
    addProblem(draft.problems, 'role_missing', criterion.at, {
      message: `${use} does not say which role may close it`,
      expected: 'role= on a [HUMAN] criterion',
      got: 'none',
      hint: 'add the role in braces at the end of the line, such as {role=lead}',
    });
  }
}

/**
 * Items under a criterion are its parts where it says how many it needs, where it is a plain bullet, or where one of them has a
 * box, a fence or attributes. Plain bullets under a box are notes.
 */
function partsOf(item: Item, asksForParts: boolean): Item[] {
  const { items } = item;
  const marked = items.some(
    (part) => part.checkbox || part.fences.length > 0 || part.title.attributes !== null || part.title.human,
  );
  return asksForParts || marked || !item.checkbox ? items : [];
}

function readNeed({ draft }: Scene, id: string, taken: Taken, parts: number): Criterion['need'] {
  const written = taken.text('need');
  if (written === null || written.value === 'all') return 'all';
  if (written.value === 'any') return 'any';
  const count = taken.count('need');
  if (count !== null && count > parts) {
    addProblem(draft.problems, 'attribute_invalid', written.at, {
      message: `criterion ${id} needs more parts than it has`,
      expected: `at most ${parts}`,
      got: written.value,
      hint: 'lower need=, or add parts',
    });
  }
  return count ?? 'all';
}
