import { decide } from '../../core/gate/decide.ts';
import { listCriteria } from '../../core/launch/find-criterion.ts';
import { windowFault } from '../../core/launch/window.ts';
import type { Look } from '../../core/rollout/rollout-input.ts';
import { holdsStep } from '../../core/procedure/holds.ts';
import type { DecisionNode } from '../../core/gate/decision.ts';
import { loadRuns } from '../../store/run.ts';
import { readReturnPoints } from '../../store/rollout.ts';
import type { Shift } from '../../store/rollout.ts';
import { readStandingHolds } from '../../store/standing-hold.ts';
import { readNow } from '../../store/open-store.ts';
import { readLog } from '../read-log.ts';
import { toShiftSetting } from './shift-parts.ts';
import type { ShiftParts } from './shift-parts.ts';

/** What keeps a rollout from its next phase, or from going back by itself, beside what is measured. */
export type Bars = Pick<Look, 'unmetConditions' | 'outsideWindow' | 'returnPoint'>;

/** Reads it as it is now. What cannot be told counts against the next phase. */
export async function readBars(parts: Pick<ShiftParts, 'engine' | 'scene' | 'now'>, shift: Shift): Promise<Bars> {
  const { scene, now } = parts;
  const { labels } = toShiftSetting(shift);
  return {
    unmetConditions: await readUnmet(parts, shift),
    outsideWindow:
      windowFault(scene.launch, now(), labels) ?? (await readHold(parts, shift)) ?? (await readOwnRun(parts, shift)),
    returnPoint: await readReturnPoint(parts, shift),
  };
}

/** A hold above single runs keeps traffic where it is, too. */
async function readHold(
  { engine }: Pick<ShiftParts, 'engine'>,
  { launch, environment }: Shift,
): Promise<Bars['outsideWindow']> {
  const [hold] = await readStandingHolds(engine.store, { launch, environment });
  return hold === undefined ? null : { reason: `${hold.id} by ${hold.by} is on: ${hold.reason}`, opensAtMs: null };
}

/** A run that is stopped, taken back or held gives the canary no more, although its step may have nobody just now who would say so. */
async function readOwnRun({ engine }: Pick<ShiftParts, 'engine'>, shift: Shift): Promise<Bars['outsideWindow']> {
  const [id, step] = toShiftSetting(shift).step?.split('/') ?? [];
  const run = id === undefined ? undefined : (await loadRuns(engine.store, [id])).get(id)?.run;
  if (run === undefined) return null;
  if (run.state === 'stopping' || run.state === 'undoing')
    return { reason: `run ${run.id} is ${run.state}: ${run.endingReason ?? ''}`, opensAtMs: null };
  const hold = run.holds.find((one) => holdsStep(one, { id: step ?? '', assets: [] }));
  return hold === undefined ? null : { reason: `hold ${hold.id} of run ${run.id}: ${hold.reason}`, opensAtMs: null };
}

/** Conditions of the phase that is next and do not hold now (O19); the log is read only where there are any. */
async function readUnmet(
  { engine, scene }: Pick<ShiftParts, 'engine' | 'scene'>,
  { declared, state }: Shift,
): Promise<string[]> {
  const { launch, planHash, candidate, candidateSha256 } = scene;
  const next = declared.rollout.phases[state.phase + 1];
  // A criterion that is required by a phase of this name is a condition of it, whether or not the rollout repeats it.
  const due = listCriteria(launch).filter(({ by }) => by !== null && by === next?.id);
  const wanted = [...new Set([...(next?.conditions ?? []), ...due.map(({ id }) => id)])];
  if (wanted.length === 0) return [];
  const log = await readLog(engine.store, launch.id);
  const entries = log.entries.map(({ id, entry }) => ({ id, entry }));
  const now = await readNow(engine.store);
  const trees = new Map<string, DecisionNode>();
  return wanted.filter((id) => {
    const gate = launch.gates.find((one) =>
      listCriteria({ gates: [one] }).some((criterion) => criterion.id === id),
    )?.id;
    if (gate === undefined) return true;
    const tree = trees.get(gate) ?? decide({ launch, planHash, candidate, candidateSha256, entries, now, gate }).tree;
    trees.set(gate, tree);
    return !isMet(tree, id);
  });
}

function isMet(node: DecisionNode, criterion: string): boolean {
  if (node.kind === 'criterion' && node.id === criterion) return node.outcome === 'pass';
  return node.children.some((child) => isMet(child, criterion));
}

/** By the live runs of this very candidate: what one of them saw crossed is crossed for the traffic, too. */
async function readReturnPoint({ engine }: Pick<ShiftParts, 'engine'>, shift: Shift): Promise<Bars['returnPoint']> {
  const points = await readReturnPoints(engine.store, shift);
  if (points.includes('crossed')) return 'crossed';
  return points.includes('unknown') ? 'unknown' : 'ahead';
}
