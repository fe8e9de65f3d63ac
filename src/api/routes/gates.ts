import { z } from 'zod';

import type { DecisionNode } from '../../core/gate/decision.ts';
import type { Gate } from '../../core/launch/launch.ts';
import type { DeskDecision } from '../../engine/launches/gate-desk.ts';
import { readGatePage } from '../../engine/launches/read-gate-page.ts';
import type { Scene } from '../../engine/scene.ts';
import { may } from '../access.ts';
import { toWork } from '../to-sight.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { gateLine } from '../views/decision-view.ts';
import { gateView, toGateView } from '../views/gate-view.ts';

const ofLaunch = z.object({ launch: z.string() });
const inEnvironment = z.object({ environment: z.string().optional() });

/** Can we go: each gate of a launch, decided now. */
export const gateRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/gates',
    id: 'listGates',
    isKept: true,
    summary: 'Every gate of a launch as it is decided now, with the shortest way to GO',
    tag: 'gates',
    access: may('launch.view'),
    params: ofLaunch,
    query: inEnvironment,
    response: z.object({ items: z.array(gateLine), logSize: z.int() }),
    handle: async ({ parts, params, query }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      const decided = await Promise.all(
        scene.launch.gates.map(async (gate) => ({ gate, made: await parts.gates.decide(scene, gate.id) })),
      );
      return {
        items: decided.map(({ gate, made }) => toGateLine(scene, gate, made)),
        logSize: decided[0]?.made.logSize ?? 0,
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/gates/:gate',
    id: 'readGate',
    isKept: true,
    summary:
      'The decision about a gate as of now: the tree of reasons, the smallest set of actions that leads to GO, and who voted',
    tag: 'gates',
    access: may('launch.view'),
    params: ofLaunch.extend({ gate: z.string() }),
    query: inEnvironment,
    response: gateView,
    shows: ({ params }) => toWork(params.launch, `gate:${params.gate}`),
    handle: async ({ parts, params: { launch, gate }, query, person }) => {
      const scene = await parts.launches.scene(launch, query.environment ?? null);
      return toGateView(await readGatePage(parts, scene, { gate, person: person() }));
    },
  }),
];

function toGateLine(scene: Scene, gate: Gate, { decision }: DeskDecision): z.input<typeof gateLine> {
  const criteria = leavesOf(decision.tree).filter(({ kind }) => kind === 'criterion');
  return {
    id: gate.id,
    title: gate.title,
    phase: gate.phase,
    offsetMs: scene.launch.phases.find(({ id }) => id === gate.phase)?.offsetMs ?? null,
    outcome: decision.outcome,
    met: criteria.filter(({ outcome }) => outcome === 'pass').length,
    criteria: criteria.length,
    actions: decision.shortestWay,
    decidedAt: decision.decidedAt,
  };
}

/** Criteria that stand for themselves: what is below them are expectations. */
function leavesOf(node: DecisionNode): DecisionNode[] {
  const inner = node.children.filter(({ kind }) => kind !== 'expectation');
  return node.kind === 'criterion' && !inner.some(({ kind }) => kind === 'criterion')
    ? [node]
    : inner.flatMap((child) => leavesOf(child));
}
