import { expectedT0 } from '../procedure/count-clock.ts';
import type { CountClock } from '../procedure/count-clock.ts';
import type { PlannedStep } from '../procedure/plan.ts';
import { emptyNode } from './forecast-graph.ts';
import type { ForecastGraph, GraphNode, GraphScene } from './forecast-graph.ts';

/** The count as part of a graph: its holds, and how a node waits for an offset. */
export interface CountGraph {
  holds: GraphNode[];
  /** Lets a node begin no earlier than the count reaches an offset. */
  wait(node: GraphNode, offsetMs: number): void;
  /** The node that begins when the count stands at T-0 and every step that is due there can begin; null where T-0 has passed. */
  addT0(steps: readonly PlannedStep[]): ForecastGraph['t0'];
}

interface HoldAhead {
  node: GraphNode;
  atMs: number;
}

/**
 * The count of a scene. A hold that a person ends is taken to end as soon as its planned end has come and everything that was due before it is done:
 * this is what moves T-0. Null where nothing hangs on the count, and then nothing waits for it.
 */
export function countGraph(scene: GraphScene, nodes: ReadonlyMap<string, GraphNode>): CountGraph | null {
  const { clock, draws } = scene;
  if (clock === null) return null;
  if (clock.stops.some(({ untilMs }) => untilMs === null))
    draws.gaps.push({ code: 'held', step: null, text: 'the count is held, and nobody knows for how long' });
  const gate = createGate(scene, nodes);
  const holds: HoldAhead[] = [];
  const wait = (node: GraphNode, offsetMs: number): void => waitFor({ clock, holds }, node, offsetMs);
  if (clock.stops.length > 0) holds.push(currentStop(scene, clock, gate));
  for (const { id, atMs, forMs, release } of clock.ahead) {
    const node = { ...emptyNode('hold', id), lengths: [forMs] };
    waitAfter({ clock, holds }, node, atMs);
    if (release === 'person') gate(node, atMs, -forMs);
    holds.push({ node, atMs });
  }
  return { holds: holds.map(({ node }) => node), wait, addT0: (steps) => addT0({ scene, clock, wait, nodes }, steps) };
}

interface Counting {
  clock: CountClock;
  holds: readonly HoldAhead[];
}

/** A step that is due at the very offset of a hold is due before the hold. */
function waitFor({ clock, holds }: Counting, node: GraphNode, offsetMs: number): void {
  if (offsetMs <= clock.tMs) return;
  waitAfter({ clock, holds: holds.filter(({ atMs }) => atMs < offsetMs) }, node, offsetMs);
}

function waitAfter({ clock, holds }: Counting, node: GraphNode, offsetMs: number): void {
  const last = holds.at(-1);
  if (last) node.after.push({ node: last.node, lagMs: offsetMs - last.atMs });
  else node.floorMs = Math.max(node.floorMs, clock.wallMs + offsetMs - clock.tMs);
}

function currentStop({ nowMs }: GraphScene, { tMs, stops }: CountClock, gate: Gate): HoldAhead {
  const node = emptyNode('hold', stops.map(({ id }) => id).join(' '));
  node.floorMs = Math.max(nowMs, ...stops.map(({ untilMs }) => untilMs ?? nowMs));
  if (stops.some(({ release }) => release === 'person')) gate(node, tMs, 0);
  return { node, atMs: tMs };
}

type Gate = (hold: GraphNode, atMs: number, lagMs: number) => void;

/** Lets a hold wait for the steps ahead that hang on offsets up to its own, and on none after it. */
function createGate({ plan }: GraphScene, nodes: ReadonlyMap<string, GraphNode>): Gate {
  const latest = latestOffsets(plan.steps);
  return (hold, atMs, lagMs) => {
    for (const [id, node] of nodes) {
      const offsetMs = latest.get(id) ?? Number.NEGATIVE_INFINITY;
      if (offsetMs > Number.NEGATIVE_INFINITY && offsetMs <= atMs) hold.after.push({ node, lagMs });
    }
  };
}

/** The latest offset that each step hangs on, by itself or by what it needs; minus infinity where it hangs on none. */
function latestOffsets(steps: readonly PlannedStep[]): Map<string, number> {
  const latest = new Map<string, number>();
  const byId = new Map(steps.map((step) => [step.id, step]));
  for (const first of steps) {
    const stack = [first];
    for (let step = stack.at(-1); step; step = stack.at(-1)) {
      const open = step.needs.map((id) => byId.get(id)).find((need) => need && !latest.has(need.id));
      if (open && !latest.has(step.id)) stack.push(open);
      else {
        latest.set(
          step.id,
          Math.max(...ownOffsets(step), ...step.needs.map((id) => latest.get(id) ?? Number.NEGATIVE_INFINITY)),
        );
        stack.pop();
      }
    }
  }
  return latest;
}

function ownOffsets({ timer, pause }: PlannedStep): number[] {
  return [
    timer.kind === 'offset' ? timer.offsetMs : Number.NEGATIVE_INFINITY,
    pause?.kind === 'until-offset' ? pause.offsetMs : Number.NEGATIVE_INFINITY,
  ];
}

interface T0Scene {
  scene: GraphScene;
  clock: CountClock;
  wait: CountGraph['wait'];
  nodes: ReadonlyMap<string, GraphNode>;
}

function addT0({ scene, clock, wait, nodes }: T0Scene, steps: readonly PlannedStep[]): ForecastGraph['t0'] {
  const plannedMs = expectedT0(clock, scene.nowMs);
  if (clock.tMs >= 0 || plannedMs === null) return null;
  const node = emptyNode('t0', 'T-0');
  wait(node, 0);
  const atT0 = new Set(steps.map(({ id }) => id));
  const isFirst = createIsFirst(scene.plan.steps, atT0);
  for (const { id } of steps.filter(isFirst)) {
    const due = nodes.get(id)!;
    node.after.push(...due.after);
    node.floorMs = Math.max(node.floorMs, due.floorMs);
  }
  return { plannedMs, node };
}

/** Tells of a step whether nothing that it needs, at any remove, is one of those. */
function createIsFirst(steps: readonly PlannedStep[], those: ReadonlySet<string>): (step: PlannedStep) => boolean {
  const byId = new Map(steps.map((step) => [step.id, step]));
  return ({ needs }) => {
    const seen = new Set(needs);
    for (const id of seen) for (const need of byId.get(id)?.needs ?? []) seen.add(need);
    return ![...seen].some((id) => those.has(id));
  };
}
