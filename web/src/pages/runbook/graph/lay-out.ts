import { Graph, layout } from '@dagrejs/dagre';

import type { BoardStep } from '../board.ts';

/** A step at its place. */
export interface Placed {
  step: BoardStep;
  x: number;
  y: number;
  /** What needs it stands below it, and not beside it. */
  isDown: boolean;
}

/** Size of the box of a step, in px. */
export const boxSize = { width: 220, height: 52 } as const;

/** Steps placed in layers, what is needed before what needs it: to the right, or down where that makes a better picture of the shape. */
export function layOut(steps: readonly BoardStep[]): Placed[] {
  const [across, down] = [place(steps, 'LR'), place(steps, 'TB')];
  return fit(across) >= fit(down) ? across : down;
}

/** The room that a graph usually has, in px. */
const room = { width: 1000, height: 600 } as const;

/** How large it could be drawn in that room. */
function fit(placed: readonly Placed[]): number {
  const width = Math.max(...placed.map(({ x }) => x)) - Math.min(...placed.map(({ x }) => x)) + boxSize.width;
  const height = Math.max(...placed.map(({ y }) => y)) - Math.min(...placed.map(({ y }) => y)) + boxSize.height;
  return Math.min(room.width / width, room.height / height);
}

function place(steps: readonly BoardStep[], rankdir: 'LR' | 'TB'): Placed[] {
  const graph = new Graph();
  graph.setGraph({ rankdir, nodesep: 18, ranksep: rankdir === 'LR' ? 56 : 28 });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(steps.map(({ id }) => id));
  for (const { id } of steps) graph.setNode(id, { ...boxSize });
  for (const { id, needs } of steps) for (const need of needs) if (known.has(need)) graph.setEdge(need, id);
  layout(graph);
  return steps.map((step) => {
    const { x, y } = graph.node(step.id) as { x: number; y: number };
    return { step, x: x - boxSize.width / 2, y: y - boxSize.height / 2, isDown: rankdir === 'TB' };
  });
}
