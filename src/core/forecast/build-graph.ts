import { plannedSteps } from '../procedure/draft.ts';
import type { Pause, PlannedStep } from '../procedure/plan.ts';
import type { StepRun } from '../procedure/run.ts';
import { countGraph } from './count-graph.ts';
import type { CountGraph } from './count-graph.ts';
import { lengthsBeyond, lengthsOf } from './draws.ts';
import { emptyNode, sortNodes } from './forecast-graph.ts';
import type { ForecastGraph, GraphNode, GraphScene } from './forecast-graph.ts';

/** The graph of everything that lies ahead: the forward steps, or those of the way back while a run is being taken back. */
export function buildGraph(scene: GraphScene): ForecastGraph {
  const { gaps } = scene.draws;
  const isUndoing = scene.run?.state === 'undoing';
  const ahead = isUndoing ? undoAhead(scene) : forwardAhead(scene);
  const nodes = new Map(ahead.map(({ id }) => [id, emptyNode('step', id)]));
  const count = isUndoing ? null : countGraph(scene, nodes);
  for (const planned of ahead) fillNode({ ...scene, count, nodes, isUndoing }, planned);
  if (isUndoing) chain([...nodes.values()]);
  const t0 = count?.addT0(ahead.filter(({ timer }) => timer.kind === 'offset' && timer.offsetMs === 0)) ?? null;
  const all = [...nodes.values(), ...(count?.holds ?? []), ...(t0 === null ? [] : [t0.node])];
  return { nodes: sortNodes(all), t0, gaps };
}

function forwardAhead({ plan, run }: GraphScene): PlannedStep[] {
  return plan.steps.filter(({ id }) => isAhead(run?.steps[id]));
}

function undoAhead({ plan, run }: GraphScene): PlannedStep[] {
  const planned = plannedSteps(plan);
  return Object.values(run?.steps ?? {})
    .filter((step) => step.part === 'undo' && isAhead(step))
    .flatMap(({ id }) => planned.get(id) ?? []);
}

function isAhead(step: StepRun | undefined): boolean {
  return step?.state !== 'done' && step?.state !== 'skipped';
}

/** The way back goes one step at a time. */
function chain(nodes: readonly GraphNode[]): void {
  nodes.forEach((node, place) => {
    const before = nodes[place - 1];
    if (before) node.after.push({ node: before, lagMs: 0 });
  });
}

interface Filling extends GraphScene {
  count: CountGraph | null;
  nodes: ReadonlyMap<string, GraphNode>;
  isUndoing: boolean;
}

/** States in which somebody has the step. */
const begun: readonly StepRun['state'][] = ['running', 'verifying', 'waiting_human', 'waiting'];
/** States that a step does not leave without a person who decides. */
const stuck: readonly StepRun['state'][] = ['failed', 'timed_out', 'unknown', 'cancelled'];

function fillNode(scene: Filling, planned: PlannedStep): void {
  const { run, draws } = scene;
  const node = scene.nodes.get(planned.id)!;
  const step = run?.steps[planned.id];
  const isAsked = step?.state === 'waiting_human' && step.wait?.for === 'late-start';
  if (step && (stuck.includes(step.state) || isAsked)) {
    const why = isAsked
      ? 'is late and waits for a yes to begin'
      : `is ${step.state.replaceAll('_', ' ')}, and a person has to decide`;
    draws.gaps.push({ code: 'stands_still', step: step.id, text: `${step.id} ${why}` });
  } else if (step && begun.includes(step.state)) fillBegun(scene, node, { planned, step });
  else fillAhead(scene, node, { planned, step });
}

function fillBegun(scene: Filling, node: GraphNode, { planned, step }: { planned: PlannedStep; step: StepRun }): void {
  const sinceMs = step.startedAtMs ?? step.wait?.sinceMs ?? scene.nowMs;
  if (planned.pause !== null) {
    node.floorMs = scene.nowMs;
    if (planned.pause.kind === 'for') node.floorMs = Math.max(scene.nowMs, sinceMs + planned.pause.ms);
    else addPause(scene, node, planned.pause);
    return;
  }
  node.floorMs = sinceMs;
  node.lengths = lengthsBeyond(scene.draws, step.id, scene.nowMs - sinceMs);
}

function fillAhead(
  scene: Filling,
  node: GraphNode,
  { planned, step }: { planned: PlannedStep; step: StepRun | undefined },
): void {
  const { timer, pause, needs } = planned;
  node.floorMs = Math.max(scene.nowMs, step?.notBeforeMs ?? scene.nowMs);
  if (!scene.isUndoing) {
    for (const need of needs) {
      const before = scene.nodes.get(need);
      if (before) node.after.push({ node: before, lagMs: 0 });
    }
    const isDue = step !== undefined && step.dueAtMs !== null;
    if (!isDue && timer.kind === 'at') node.floorMs = Math.max(node.floorMs, timer.atMs);
    if (!isDue && timer.kind === 'offset') scene.count?.wait(node, timer.offsetMs);
  }
  if (pause === null) node.lengths = lengthsOf(scene.draws, planned.id);
  else addPause(scene, node, pause);
}

/** What only waits takes no time of its own: it is over when what it waits for has come. */
function addPause({ count }: Filling, node: GraphNode, pause: Pause): void {
  if (pause.kind === 'for') node.lengths = [pause.ms];
  else if (pause.kind === 'until') node.floorMs = Math.max(node.floorMs, pause.atMs);
  else count?.wait(node, pause.offsetMs);
}
