import type { Criterion } from '../launch/launch.ts';
import { assessEvidence } from './assess-evidence.ts';
import type { Ask } from './assess-evidence.ts';
import { ownerOf, wayOfCriterion } from './criterion-action.ts';
import type { DecisionNode } from './decision.ts';
import { toNode } from './ground.ts';
import type { Ground } from './ground.ts';
import { act, wayOfBranch } from './requirement.ts';
import type { Branch } from './requirement.ts';
import { inEffect, voidWaivers } from './waivers.ts';

/** How a criterion is looked at. `strict` takes neither waiver nor later phase: what proves an undo has to be met. */
export interface View {
  freshMs: number | null;
  strict: boolean;
}

/** The criterion with everything under it, as it stands for the gate and phase decided on. */
export function criterionBranch(ground: Ground, criterion: Criterion, view: View): Branch {
  const freshMs = criterion.freshMs ?? view.freshMs;
  const bare = bareBranch(ground, criterion, { ...view, freshMs });
  if (view.strict) return bare;
  const node = { ...bare.node, children: [...bare.node.children, ...voidWaivers(ground, criterion)] };
  return { node: node.outcome === 'pass' ? node : setAside(ground, criterion, node), way: bare.way };
}

/** A waiver in effect, or a phase that is still to come, takes an unmet criterion out of the count; neither makes it pass. */
function setAside(ground: Ground, criterion: Criterion, node: DecisionNode): DecisionNode {
  const waiver = inEffect(ground, criterion);
  if (waiver) return { ...node, outcome: 'unknown', standing: 'waived' };
  const { rules, launch, phase } = ground;
  if (criterion.by === null || !rules.isLaterPhase(launch.phases, criterion.by, phase)) return node;
  return { ...node, outcome: 'unknown', standing: 'condition' };
}

function bareBranch(ground: Ground, criterion: Criterion, view: View): Branch {
  const asks = toAsks(criterion, view.freshMs);
  const parts = asks.map((ask) => ({ ...leafBranch(ground, ask), suffix: ask.from as string }));
  if (criterion.children.length > 0) parts.push({ ...groupBranch(ground, criterion, view), suffix: 'children' });
  const [only] = parts;
  if (!only) return undeclaredBranch(ground, criterion);
  if (parts.length === 1) return { node: only.node, way: only.way };
  const children = parts.map(({ node, way, suffix }) => ({ node: { ...node, id: `${criterion.id}/${suffix}` }, way }));
  return joinCriterion(ground, criterion, 'all', children);
}

/** A human criterion wants a person; one with a machine check beside it wants both. */
function toAsks(criterion: Criterion, freshMs: number | null): Ask[] {
  const { check, human } = criterion;
  const byHand = check?.kind === 'manual' ? check : null;
  const asks: Ask[] = [];
  if (human || byHand) asks.push({ criterion, from: 'person', check: byHand, freshMs });
  if (check && !byHand) asks.push({ criterion, from: 'check', check, freshMs });
  return asks;
}

function groupBranch(ground: Ground, criterion: Criterion, view: View): Branch {
  const children = criterion.children.map((child) => criterionBranch(ground, child, view));
  return joinCriterion(ground, criterion, criterion.need, ground.rules.arrange(children));
}

function joinCriterion(ground: Ground, criterion: Criterion, need: DecisionNode['need'], children: Branch[]): Branch {
  const nodes = children.map(({ node }) => node);
  const node = toNode({ ...headOf(ground, criterion), ...ground.rules.fold(need, nodes), need, children: nodes });
  return { node, way: wayOfBranch(need, children) };
}

function leafBranch(ground: Ground, ask: Ask): Branch {
  const assessment = assessEvidence(ground, ask);
  const { findings, isStuck: _, ...stands } = assessment;
  const children = findings.map((finding, index) =>
    toNode({
      id: `${ask.criterion.id}#${index + 1}`,
      kind: 'expectation',
      title: finding.rule,
      outcome: finding.outcome,
      standing: finding.outcome === 'pass' ? 'met' : finding.outcome === 'fail' ? 'failed' : 'unreadable',
      expected: finding.expected,
      got: finding.got,
    }),
  );
  return {
    node: toNode({ ...headOf(ground, ask.criterion), ...stands, children }),
    way: wayOfCriterion(ground, ask, assessment),
  };
}

/** Nothing was declared that could ever be seen. */
function undeclaredBranch(ground: Ground, criterion: Criterion): Branch {
  const text = `declare a check for "${criterion.title}" and run it`;
  const subject = criterion.id;
  const owner = ownerOf(ground.launch, criterion);
  return {
    node: toNode({
      ...headOf(ground, criterion),
      outcome: 'unknown',
      standing: 'missing',
      expected: 'a check',
      got: 'no check is declared',
    }),
    way: act({ id: `replace-check:${subject}`, verb: 'replace-check', subject, text, owner }),
  };
}

function headOf({ launch }: Ground, criterion: Criterion) {
  return {
    id: criterion.id,
    kind: 'criterion',
    title: criterion.title,
    owner: ownerOf(launch, criterion),
    at: criterion.at,
  } as const;
}
