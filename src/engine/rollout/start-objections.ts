import { decide } from '../../core/gate/decide.ts';
import type { Gate } from '../../core/launch/launch.ts';
import { windowFault } from '../../core/launch/window.ts';
import type { Look } from '../../core/rollout/rollout-input.ts';
import { listShifts } from '../../store/rollout.ts';
import type { DeclaredShift } from '../../store/rollout.ts';
import { readStandingHolds } from '../../store/standing-hold.ts';
import type { Store } from '../../store/open-store.ts';
import { readLog } from '../read-log.ts';
import type { Scene } from '../scene.ts';

/** What is asked before a shift begins. */
export interface StartAsk {
  declared: DeclaredShift;
  before: Look['routers'];
  incidents: Look['incidents'];
  labels: readonly string[];
  reason: string;
  nowMs: number;
}

/** Everything that stands against a shift of traffic that nobody has begun; empty where nothing does. */
export async function startObjections(store: Store, scene: Scene, ask: StartAsk): Promise<string[]> {
  const { declared, labels, nowMs } = ask;
  const window = windowFault(scene.launch, nowMs, labels);
  return [
    ...routerObjections(declared, ask.before),
    ...(await gateObjections(store, scene, { phases: declared.rollout.phases.map(({ id }) => id), nowMs })),
    ...ask.incidents.map(({ id, title }) => `incident ${id} is open: ${title}`),
    ...(window === null ? [] : [window.reason]),
    ...(await holdObjections(store, scene)),
    ...(await retryObjections(store, scene, ask)),
  ];
}

/** Traffic is moved from where it is known to be: a canary that has some already was put there by somebody. */
function routerObjections({ rollout }: DeclaredShift, before: Look['routers']): string[] {
  return rollout.routers.flatMap((id) => {
    const read = before[id];
    if (read === undefined) return [`router ${id} was not asked`];
    if ('trouble' in read) return [`router ${id} does not answer: ${read.trouble}`];
    return read.weight === 0 ? [] : [`router ${id} gives the canary ${read.weight} % already, expected 0`];
  });
}

/** In production traffic waits for the GO of this candidate. A gate of a phase of the rollout itself is asked at that phase, one after T-0 not at all. */
async function gateObjections(
  store: Store,
  { launch, environment, planHash, candidate, candidateSha256 }: Scene,
  { phases, nowMs }: { phases: readonly string[]; nowMs: number },
): Promise<string[]> {
  if (!environment.production) return [];
  const asked = launch.gates.filter((gate) => !phases.includes(gate.phase) && !isAfterT0(launch.phases, gate));
  if (asked.length === 0) return [`no gate of launch ${launch.id} stands before production`];
  const log = await readLog(store, launch.id);
  const entries = log.entries.map(({ id, entry }) => ({ id, entry }));
  const now = new Date(nowMs).toISOString();
  return asked.flatMap(({ id: gate }) => {
    const { outcome } = decide({ launch, planHash, candidate, candidateSha256, entries, now, gate });
    return outcome === 'no-go' ? [`gate ${gate} says NO-GO now: see "tminus decide ${gate}"`] : [];
  });
}

function isAfterT0(phases: Scene['launch']['phases'], { phase }: Gate): boolean {
  const offsetMs = phases.find(({ id }) => id === phase)?.offsetMs ?? null;
  return offsetMs !== null && offsetMs > 0;
}

async function holdObjections(store: Store, { launch, environment }: Scene): Promise<string[]> {
  const holds = await readStandingHolds(store, { launch: launch.id, environment: environment.id });
  return holds.map(({ id, by, reason }) => `${id} by ${by ?? 'nobody'} is on: ${reason}`);
}

/** What was taken back once is not tried again as it is. */
async function retryObjections(store: Store, scene: Scene, { declared, reason }: StartAsk): Promise<string[]> {
  const { id, retry } = declared.rollout;
  const place = { launch: scene.launch.id, environment: scene.environment.id, rollout: id };
  const shifts = await listShifts(store, place, { limit: 200 });
  const failed = shifts.find(
    ({ stands, candidateSha256 }) => stands === 'rolled-back' && candidateSha256 === scene.candidateSha256,
  );
  if (failed === undefined || (retry === 'person' && reason.trim() !== '')) return [];
  return [
    retry === 'person'
      ? `${failed.id} took this very candidate back: say with --reason why it is tried again`
      : `${failed.id} took this very candidate back: make a new one`,
  ];
}
