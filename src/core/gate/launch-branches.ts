import { assessRisk } from '../risk/assess-risk.ts';
import type { Risk } from '../risk/risk.ts';
import { assessScopeItem } from '../scope/assess-scope-item.ts';
import type { ScopeItem } from '../scope/scope.ts';
import { criterionBranch } from './criterion-branch.ts';
import type { DecisionNode } from './decision.ts';
import { findCriterion, toNode } from './ground.ts';
import type { Ground } from './ground.ts';
import { act, holds, wayOfBranch } from './requirement.ts';
import type { Branch, Requirement } from './requirement.ts';

/** Scope, risks and dependencies, each only where the launch declares any: what is not there is no pass. */
export function launchBranches(ground: Ground): Branch[] {
  const { scope, risks, dependencies } = ground.launch;
  return [
    join(
      ground,
      { id: 'scope', kind: 'scope', title: 'Scope' },
      scope.map((item) => scopeBranch(ground, item)),
    ),
    join(
      ground,
      { id: 'risks', kind: 'risks', title: 'Risks' },
      risks.map((risk) => riskBranch(ground, risk)),
    ),
    join(
      ground,
      { id: 'dependencies', kind: 'dependencies', title: 'Dependencies' },
      dependencies.map((dependency) => dependencyBranch(ground, dependency)),
    ),
  ].filter(({ node }) => node.children.length > 0);
}

/** A branch that wants all of its children. */
export function join(
  ground: Ground,
  head: Pick<DecisionNode, 'id' | 'kind' | 'title'> & Partial<DecisionNode>,
  children: Branch[],
): Branch {
  const arranged = ground.rules.arrange(children);
  const nodes = arranged.map(({ node }) => node);
  return {
    node: toNode({ ...head, ...ground.rules.fold('all', nodes), children: nodes }),
    way: wayOfBranch('all', arranged),
  };
}

function scopeBranch(ground: Ground, item: ScopeItem): Branch {
  const { remedy, outcome, standing, expected, got } = assessScopeItem(item);
  const owner = item.owner ?? ground.launch.owner;
  const id = `scope:${item.id}`;
  const head = { id, kind: 'scope-item', title: item.title, owner, at: item.at } as const;
  const way = remedy ? act({ ...remedy, id: `${remedy.verb}:${item.id}`, subject: item.id, owner }) : holds;
  const leaf = { node: toNode({ ...head, outcome, standing, expected, got }), way };
  if (!item.highRisk) return leaf;
  const state = { node: { ...leaf.node, id: `${id}/state` }, way };
  return join(ground, head, [state, undoBranch(ground, item, owner)]);
}

/** F05: a high-risk surface needs an undo or a kill switch that was seen to work on this candidate. */
function undoBranch(ground: Ground, item: ScopeItem, owner: string | null): Branch {
  const text = `declare a criterion that proves the undo or kill switch of "${item.title}", and meet it`;
  const action = act({ id: `mitigate:${item.id}`, verb: 'mitigate', subject: item.id, text, owner });
  return proofBranch(ground, item.undoCriterion, {
    id: `scope:${item.id}/undo`,
    title: 'Undo or kill switch',
    kind: 'scope-item',
    action,
  });
}

function riskBranch(ground: Ground, risk: Risk): Branch {
  const { score, level, escalated } = assessRisk(risk);
  const owner = risk.owner ?? ground.launch.owner;
  const id = `risk:${risk.id}`;
  const head = { id, kind: 'risk', title: risk.title, owner, at: risk.at } as const;
  const mitigate = (text: string) =>
    act({ id: `mitigate:${risk.id}`, verb: 'mitigate', subject: risk.id, text, owner });
  if (score === null) {
    const node = toNode({
      ...head,
      outcome: 'unknown',
      standing: 'missing',
      expected: 'likelihood and impact from 1 to 5',
      got: toRating(risk),
    });
    return { node, way: mitigate(`give likelihood and impact of "${risk.title}"`) };
  }
  const got = `score ${score}, ${level}${escalated ? ', escalated' : ''}`;
  if (level === 'low' || level === 'medium') {
    return {
      node: toNode({ ...head, outcome: 'pass', standing: 'met', expected: 'a score below 12', got }),
      way: holds,
    };
  }
  const action = mitigate(`declare a criterion that proves the mitigation of "${risk.title}", and meet it`);
  const proof = proofBranch(ground, risk.mitigatedBy, {
    id: `${id}/mitigation`,
    title: 'Mitigation',
    kind: 'risk',
    action,
  });
  return openRisk(ground, { head, got, proof });
}

/** A high risk fails until its mitigation was seen to hold (O20), whatever the evidence lacks. */
function openRisk(
  ground: Ground,
  {
    head,
    got,
    proof,
  }: { head: Pick<DecisionNode, 'id' | 'kind' | 'title'> & Partial<DecisionNode>; got: string; proof: Branch },
): Branch {
  const isProven = proof.node.outcome === 'pass';
  const level = toNode({
    ...head,
    id: `${head.id}/level`,
    outcome: isProven ? 'pass' : 'fail',
    standing: isProven ? 'met' : 'open',
    expected: 'a proven mitigation',
    got,
  });
  return join(ground, { ...head, expected: 'a proven mitigation', got }, [{ node: level, way: proof.way }, proof]);
}

/** The criterion that proves something, looked at without waivers and later phases; `missing` where none is declared. */
export function proofBranch(
  ground: Ground,
  id: string | null,
  missing: Pick<DecisionNode, 'id' | 'kind' | 'title'> & { action: Requirement },
): Branch {
  const { action, ...head } = missing;
  const found = id === null ? null : findCriterion(ground.launch, id);
  if (!found) {
    const got = id === null ? 'none' : `"${id}", which no gate declares once`;
    return {
      node: toNode({ ...head, outcome: 'unknown', standing: 'missing', expected: 'a criterion that proves it', got }),
      way: action,
    };
  }
  const { node, way } = criterionBranch(ground, found.criterion, { freshMs: found.gate.freshMs, strict: true });
  return { node: { ...node, id: `${head.id}/${node.id}` }, way };
}

function dependencyBranch(ground: Ground, { id, state, at }: Ground['launch']['dependencies'][number]): Branch {
  const isDone = state === 'done';
  const { owner } = ground.launch;
  const node = toNode({
    id: `dependency:${id}`,
    kind: 'dependency',
    title: id,
    outcome: isDone ? 'pass' : 'fail',
    standing: isDone ? 'met' : 'open',
    expected: 'done',
    got: state,
    at,
  });
  const action = {
    id: `finish-dependency:${id}`,
    verb: 'finish-dependency',
    subject: id,
    text: `finish ${id}`,
    owner,
  } as const;
  return { node, way: isDone ? holds : act(action) };
}

function toRating({ likelihood, impact }: Risk): string {
  return `likelihood ${likelihood ?? 'missing'}, impact ${impact ?? 'missing'}`;
}
