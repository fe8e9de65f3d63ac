import type { Criterion } from '../launch/launch.ts';
import type { Condition, Decision, DecisionNode } from './decision.ts';
import { declaredConditions } from './declared-condition.ts';
import { ownerOf } from './criterion-action.ts';
import { flattenCriteria } from './ground.ts';
import type { Ground } from './ground.ts';
import { inEffect } from './waivers.ts';

/** What was left out of the count, for the head of the decision: conditions with their phase, waivers with their end. */
export function setAsideIn(
  ground: Ground,
  branches: readonly DecisionNode[],
): Pick<Decision, 'conditions' | 'waivers'> {
  const declared = new Map<string, Criterion>();
  for (const gate of ground.launch.gates)
    for (const item of flattenCriteria(gate.criteria)) declared.set(item.id, item);
  const conditions = new Map<string, Condition>();
  const waivers = new Map<string, Decision['waivers'][number]>();
  const rows = new Map(declaredConditions(ground.launch).map((condition) => [`condition:${condition.id}`, condition]));
  for (const { id, kind, standing } of branches.flatMap(flattenNodes)) {
    const row = rows.get(id);
    if (row && standing === 'condition')
      conditions.set(id, { criterion: row.id, title: row.title, by: row.by ?? '', owner: row.owner });
    const criterion = kind === 'criterion' ? declared.get(id) : undefined;
    if (!criterion) continue;
    const { by, title } = criterion;
    const waiver = standing === 'waived' ? inEffect(ground, criterion) : null;
    if (waiver)
      waivers.set(id, { criterion: id, reason: waiver.reason, person: waiver.person, expiresAt: waiver.expiresAt });
    if (standing === 'condition' && by !== null)
      conditions.set(id, { criterion: id, title, by, owner: ownerOf(ground.launch, criterion) });
  }
  return { conditions: byCriterion(conditions), waivers: byCriterion(waivers) };
}

function byCriterion<Item extends { criterion: string }>(items: ReadonlyMap<string, Item>): Item[] {
  return [...items.values()].toSorted((a, b) => (a.criterion < b.criterion ? -1 : 1));
}

function flattenNodes(node: DecisionNode): DecisionNode[] {
  return node.kind === 'expectation' ? [] : [node, ...node.children.flatMap(flattenNodes)];
}
