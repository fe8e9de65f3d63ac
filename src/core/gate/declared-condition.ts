import type { JsonValue } from '@tminus/verify';

import type { Launch, Phase } from '../launch/launch.ts';
import type { Place } from '../launch/place.ts';
import { toNode } from './ground.ts';
import type { Ground } from './ground.ts';
import { join, proofBranch } from './launch-branches.ts';
import { act } from './requirement.ts';
import type { Branch } from './requirement.ts';

/** A row of a conditions table. */
export interface DeclaredCondition {
  id: string;
  title: string;
  owner: string | null;
  /** Phase that it blocks, as written; null where the row names none. */
  by: string | null;
  /** Criterion that proves it, as written. */
  proof: string | null;
  at: Place;
}

/** The rows of the conditions tables of a launch. */
export function declaredConditions({ declarations }: Pick<Launch, 'declarations'>): DeclaredCondition[] {
  return declarations
    .filter(({ kind }) => kind === 'condition')
    .map(({ id, body, at }) => ({
      id,
      title: toText(body.title) ?? id,
      owner: toText(body.owner),
      by: toText(body.by),
      proof: toText(body.proof),
      at,
    }));
}

/** A condition holds by its proof. Before its phase an unmet one is put off; a row without a known phase is required now. */
export function toConditionNode(ground: Ground, condition: DeclaredCondition): Branch {
  const { launch, rules, phase } = ground;
  const id = `condition:${condition.id}`;
  const owner = condition.owner ?? launch.owner;
  const text = `declare a criterion that proves "${condition.title}", and meet it`;
  const action = act({ id: `mitigate:${id}`, verb: 'mitigate', subject: condition.id, text, owner });
  const proof = proofBranch(ground, condition.proof, { id: `${id}/proof`, kind: 'conditions', title: 'Proof', action });
  const due = findPhase(launch.phases, condition.by);
  const expected = condition.by === null ? 'a proof' : `a proof before ${condition.by}`;
  const head = { id, kind: 'conditions', title: condition.title, owner, at: condition.at, expected } as const;
  const { node, way } = join(ground, head, [proof]);
  const stands = { ...node, got: proof.node.got };
  const isLater = due !== null && rules.isLaterPhase(launch.phases, due, phase);
  if (node.outcome === 'pass' || !isLater) return { node: stands, way };
  return { node: toNode({ ...stands, outcome: 'unknown', standing: 'condition' }), way };
}

/** The phase that the cell means, by id or title, with or without "before". */
function findPhase(phases: readonly Phase[], by: string | null): string | null {
  const wanted = by
    ?.toLowerCase()
    .replace(/^(before|by)\s+/, '')
    .trim();
  const found = phases.filter(({ id, title }) => id.toLowerCase() === wanted || title.toLowerCase() === wanted);
  return found.length === 1 ? found[0]!.id : null;
}

function toText(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
