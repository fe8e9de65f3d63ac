import type { CountClock } from '../procedure/count-clock.ts';
import type { Plan } from '../procedure/plan.ts';
import type { Run } from '../procedure/run.ts';
import type { Draws } from './draws.ts';
import type { ForecastGap } from './forecast-gap.ts';

/** Something that takes time, and what has to be over before it begins. */
export interface GraphNode {
  kind: 'step' | 'hold' | 't0';
  id: string;
  /** Ends of other nodes, each so much later (or, below zero, earlier). */
  after: { node: GraphNode; lagMs: number }[];
  /** Begins no earlier, whatever else. */
  floorMs: number;
  /** One of these is how long it takes; shortest first, never empty once the graph has no gaps. */
  lengths: readonly number[];
}

/** What a graph is made of. */
export interface GraphScene {
  plan: Plan;
  /** Null for a plan that nobody has begun. */
  run: Run | null;
  clock: CountClock | null;
  nowMs: number;
  draws: Draws;
}

/** A node that nothing is known about yet. */
export function emptyNode(kind: GraphNode['kind'], id: string): GraphNode {
  return { kind, id, after: [], floorMs: Number.NEGATIVE_INFINITY, lengths: [0] };
}

/** Everything that lies ahead of a run, in an order in which each node stands behind what it waits for. */
export interface ForecastGraph {
  nodes: GraphNode[];
  /** T-0 as it is planned now, and the node that says when its work begins; null where it has passed or nothing hangs on it. */
  t0: { plannedMs: number; node: GraphNode } | null;
  gaps: ForecastGap[];
}

/** The nodes in an order in which each stands behind all that it waits for. Throws for a circle, which no plan has. */
export function sortNodes(nodes: readonly GraphNode[]): GraphNode[] {
  const sorted: GraphNode[] = [];
  const state = new Map<GraphNode, 'open' | 'done'>();
  for (const first of nodes) {
    const stack = [first];
    for (let node = stack.at(-1); node; node = stack.at(-1)) {
      const next = node.after.find((edge) => state.get(edge.node) !== 'done')?.node;
      if (next === undefined || state.get(node) === 'done') {
        if (state.get(node) !== 'done') sorted.push(node);
        state.set(node, 'done');
        stack.pop();
      } else if (state.get(next) === 'open') {
        throw new Error(`forecast of ${node.id}: expected no circle of needs, got one through ${next.id}`);
      } else {
        state.set(node, 'open');
        stack.push(next);
      }
    }
  }
  return sorted;
}
