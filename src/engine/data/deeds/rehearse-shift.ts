import type { RouterReading, RouterSession } from '../../../core/rollout/router-kind.ts';
import type { Rollout } from '../../../core/rollout/rollout.ts';
import type { RolloutDeed, StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { metricSourceKinds } from '../../../kinds/metric-sources/kinds.ts';
import { routerKinds } from '../../../kinds/routers/kinds.ts';
import { toDone, toFailed } from '../../../kinds/steps/step-outcome.ts';
import { listShifts } from '../../../store/rollout.ts';
import { readClock } from '../../../store/store-clock.ts';
import { lookOnce, toLine, within } from '../../rollout/look-once.ts';
import { openConnections } from '../../rollout/open-connections.ts';
import { findRollout } from '../../rollout/start-shift.ts';
import type { DeedGround } from './deed-ground.ts';

const patienceMs = 10_000;

/**
 * Rehearses a shift at the routers of the environment that it is rehearsed in: each takes the first weight that a user would have, says so, and gets back what it had. Nothing
 * is judged, and the words of the step say so: users and errors of a rehearsal prove nothing about a canary. A router that is not declared for this environment, does
 * not answer, has traffic on the canary, or is moved by a shift fails the step; nothing stands in for it.
 */
export async function rehearseShift(
  { store, scene }: DeedGround,
  { rollout: named }: RolloutDeed,
  context: StepContext,
): Promise<StepOutcome> {
  const declared = findRollout(scene, named);
  const { rollout } = declared;
  const place = { launch: scene.launch.id, environment: scene.environment.id, rollout: null };
  const open = (await listShifts(store, place, { limit: 200 })).filter(({ endedAt }) => endedAt === null);
  const taken = open.find(({ routers }) => routers.some((router) => rollout.routers.includes(router)));
  if (taken !== undefined)
    return toFailed(
      `rollout ${rollout.id}: expected routers that nobody moves, got ${taken.id}, which is ${taken.stands}`,
    );
  // What was set is put back although the step is cancelled: the signal of the step does not end these connections.
  const ending = new AbortController();
  const kinds = { routers: routerKinds, sources: metricSourceKinds };
  const openSecret = (name: string) => context.openSecret(name);
  const now = await readClock(store);
  const connections = openConnections(declared, { scene, kinds, openSecret, signal: ending.signal, now });
  try {
    const { measures } = await lookOnce({ ...connections, routers: new Map() }, rollout.measures, patienceMs);
    const unread = Object.entries(measures).flatMap(([id, one]) =>
      one.state === 'error' ? [`measure ${id} cannot be read: ${one.reason}`] : [],
    );
    if (unread.length > 0) return toFailed(`rollout ${rollout.id}: ${unread.join('; ')}`);
    const moved: string[] = [];
    for (const [id, session] of connections.routers) moved.push(await moveThereAndBack(id, session, rollout));
    const where = `rollout ${rollout.id} in ${scene.environment.id}: ${moved.join('; ')}`;
    return toDone(`${where}. Nothing was judged: a rehearsal has no users`, { moved: moved.length, judged: 0 });
  } catch (error) {
    return toFailed(`rollout ${rollout.id}: ${toLine(error)}`);
  } finally {
    await connections.close();
    ending.abort();
  }
}

/** Throws in words where the router does not take the weight, or does not give it back. */
async function moveThereAndBack(id: string, session: RouterSession, { phases }: Rollout): Promise<string> {
  const before = await within(patienceMs, session.read());
  if (before.weight !== 0)
    throw new Error(`router ${id}: expected no traffic on the canary, got ${before.weight} %: it was not touched`);
  const weight = session.abilities.flips ? 100 : (phases.find((phase) => phase.weight > 0)?.weight ?? 100);
  try {
    const there = await timed(() => setAndRead(id, session, weight));
    return `router ${id} took ${weight} % in ${there} ms and is back at 0 % in ${await timed(() => putBack(id, session, before))} ms`;
  } catch (error) {
    await putBack(id, session, before);
    throw error;
  }
}

async function setAndRead(id: string, session: RouterSession, weight: number): Promise<void> {
  await within(patienceMs, session.set(weight));
  await expectWeight(id, session, weight);
}

async function putBack(id: string, session: RouterSession, before: RouterReading): Promise<void> {
  await within(patienceMs, session.restore(before));
  await expectWeight(id, session, before.weight);
}

async function expectWeight(id: string, session: RouterSession, weight: number): Promise<void> {
  const read = await within(patienceMs, session.read());
  if (read.weight !== weight)
    throw new Error(`router ${id}: expected ${weight} %, got ${read.weight} % (${read.detail})`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const beganAt = performance.now();
  await work();
  return Math.round(performance.now() - beganAt);
}
