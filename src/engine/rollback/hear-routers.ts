import { metricSourceKinds } from '../../kinds/metric-sources/kinds.ts';
import { routerKinds } from '../../kinds/routers/kinds.ts';
import type { DeclaredShift, Shift } from '../../store/rollout.ts';
import type { Store } from '../../store/open-store.ts';
import { readClock } from '../../store/store-clock.ts';
import { createDataSecrets } from '../data/open-data-access.ts';
import { lookAtRouters } from '../rollout/look-once.ts';
import { openConnections } from '../rollout/open-connections.ts';
import type { Scene } from '../scene.ts';

/** What a router last said of the weight of the canary, and when. */
export interface HeardWeight {
  router: string;
  /** Null where it did not say: that is never 0. */
  weight: number | null;
  /** RFC 3339; null where nobody has asked it. */
  at: string | null;
  /** In its own words, or why it did not say. */
  detail: string;
}

/** A router that has not answered by then has not said anything. */
const patienceMs = 3_000;
/** A shift that was looked at this lately speaks for its routers. */
const lookMs = 15_000;

/** Looking at a page is no reason to run a program. */
const programsOnly = 'a program says it, which "tminus rollback status" runs and a page does not';

const kept = new Map<string, { atMs: number; heard: Promise<HeardWeight[]> }>();

/**
 * Returns what the routers of a rollout say: by the newest look of a shift that is carried, else by asking them now. Who does not answer stands there without a weight.
 * What was said less than `keptMs` ago is said again: pages ask more often than traffic moves. Changes nothing.
 */
export async function hearRouters(
  store: Store,
  scene: Scene,
  {
    declared,
    shift,
    keptMs,
    runsPrograms,
  }: { declared: DeclaredShift; shift: Shift | null; keptMs: number; runsPrograms: boolean },
): Promise<HeardWeight[]> {
  const now = await readClock(store);
  if (shift !== null && isCarried(shift, now())) return fromLook(shift);
  if (!runsPrograms && declared.routers.some(({ kind }) => kind === 'command'))
    return declared.routers.map(({ id }) => toHeard(id, { trouble: programsOnly }, null));
  const key = `${store.dataDirectory} ${scene.launch.id} ${scene.environment.id} ${scene.planHash} ${declared.rollout.id}`;
  const known = kept.get(key);
  if (known !== undefined && now() - known.atMs < keptMs) return known.heard;
  for (const [old, { atMs }] of kept) if (now() - atMs >= keptMs) kept.delete(old);
  const heard = askNow(store, scene, { declared, now });
  kept.set(key, { atMs: now(), heard });
  return heard;
}

/** Its state says what it was told before it could look for the first time. */
function isCarried({ endedAt, state }: Shift, nowMs: number): boolean {
  const freshMs = Math.max(lookMs, 3 * state.rollout.intervalMs);
  return endedAt === null && state.seen !== null && nowMs - state.nowMs <= freshMs;
}

function fromLook({ state }: Shift): HeardWeight[] {
  const at = new Date(state.nowMs).toISOString();
  return state.routers.map(({ router, weight, detail }) => ({ router, weight, at, detail }));
}

async function askNow(
  store: Store,
  scene: Scene,
  { declared, now }: { declared: DeclaredShift; now: () => number },
): Promise<HeardWeight[]> {
  const ending = new AbortController();
  const by = { actor: null, purpose: `way back of ${declared.rollout.id}`, mask: () => undefined };
  const connections = openConnections(
    { routers: declared.routers, sources: [] },
    {
      scene,
      kinds: { routers: routerKinds, sources: metricSourceKinds },
      openSecret: createDataSecrets(store, scene, by),
      signal: ending.signal,
      now,
    },
  );
  try {
    const said = await lookAtRouters(connections, patienceMs);
    const at = new Date(now()).toISOString();
    return declared.routers.map(({ id }) => toHeard(id, said[id], at));
  } finally {
    ending.abort();
    // Whoever hangs while it is closed must not keep the answer.
    void connections.close().catch(() => undefined);
  }
}

function toHeard(
  router: string,
  said: { weight: number; detail: string } | { trouble: string } | undefined,
  at: string | null,
): HeardWeight {
  if (said === undefined || 'trouble' in said)
    return { router, weight: null, at, detail: said?.trouble ?? 'it was not asked' };
  const { weight, detail } = said;
  const isWeight = weight >= 0 && weight <= 100;
  return isWeight
    ? { router, weight, at, detail }
    : { router, weight: null, at, detail: `it says ${String(weight)} %` };
}
