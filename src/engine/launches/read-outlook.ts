import type { Permission } from '../../core/access/permission.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { WayBackForecast } from '../../core/forecast/way-back.ts';
import { listFreshness } from '../../core/gate/list-freshness.ts';
import type { FreshEvidence } from '../../core/gate/list-freshness.ts';
import { explainRun } from '../../core/procedure/explain-run.ts';
import type { ReturnPoint } from '../../core/procedure/run.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { listRuns, loadRuns } from '../../store/run.ts';
import type { StoredRun } from '../../store/run.ts';
import { forecastRun } from '../forecast-run.ts';
import { listRights } from '../runs/read-run-page.ts';
import { planRun } from '../runs/plan-run.ts';
import type { Scene } from '../scene.ts';
import type { GateDesk } from './gate-desk.ts';

/** The run that a launch counts by. */
export interface CountingRun {
  id: string;
  procedure: string;
  title: string;
  state: StoredRun['run']['state'];
  t0Ms: number | null;
  countMs: number | null;
  isCounting: boolean;
  holds: { reason: string; sinceMs: number }[];
  returnPoint: ReturnPoint;
}

/** The way back of a runbook, or why nothing is known about it. */
export interface OutlookWayBack {
  procedure: string;
  title: string;
  forecast: WayBackForecast | null;
  trouble: string | null;
}

/** What lies ahead of a launch: until when things hold, and how one would get back. */
export interface Outlook {
  nowMs: number;
  /** The live run in this environment that has not ended; null where none does. */
  run: CountingRun | null;
  freshness: FreshEvidence[];
  wayBack: OutlookWayBack[];
  rights: Permission[];
}

/** What it is read with. */
export interface OutlookParts {
  store: Store;
  gates: GateDesk;
  stepKinds: readonly StepReader[];
}

/** Reads it for a person. A procedure that cannot be planned says so in its place, and takes nothing of the rest with it. */
export async function readOutlook(parts: OutlookParts, scene: Scene, person: string): Promise<Outlook> {
  const { store, gates } = parts;
  const { launch, environment } = scene;
  const nowMs = Date.parse(await readNow(store));
  const stored = await findLiveRun(store, scene);
  const decisions = await Promise.all(launch.gates.map(async ({ id }) => (await gates.decide(scene, id)).decision));
  return {
    nowMs,
    run: stored && toCounting(stored, nowMs),
    freshness: listFreshness(launch, decisions),
    wayBack: await readWaysBack(parts, scene, { stored, nowMs }),
    rights: await listRights(store, { person, launch }, environment.id),
  };
}

async function findLiveRun(store: Store, { launch, environment }: Scene): Promise<StoredRun | null> {
  const open = await listRuns(store, { launch: launch.id, environment: environment.id, open: true });
  const live = open.find(({ mode }) => mode === 'live');
  return live ? ((await loadRuns(store, [live.id])).get(live.id) ?? null) : null;
}

function toCounting({ run, aheadMs }: StoredRun, nowMs: number): CountingRun {
  const { countMs, isCounting, t0Ms } = explainRun(run, nowMs + aheadMs);
  return {
    id: run.id,
    procedure: run.plan.id,
    title: run.plan.title,
    state: run.state,
    t0Ms: t0Ms === null ? null : t0Ms - aheadMs,
    countMs,
    isCounting,
    holds: run.holds.map(({ reason, sinceMs }) => ({ reason, sinceMs: sinceMs - aheadMs })),
    returnPoint: run.returnPoint,
  };
}

async function readWaysBack(
  { store, stepKinds }: OutlookParts,
  scene: Scene,
  { stored, nowMs }: { stored: StoredRun | null; nowMs: number },
): Promise<OutlookWayBack[]> {
  const runbooks = scene.launch.procedures.filter(({ kind }) => kind === 'runbook');
  return Promise.all(
    runbooks.map(async ({ id, title }) => {
      try {
        const isRunning = stored !== null && stored.run.plan.id === id;
        const plan = isRunning ? stored.run.plan : planRun(scene, id, stepKinds);
        const clockMs = isRunning ? nowMs + stored.aheadMs : nowMs;
        const run = isRunning ? stored.run : null;
        const { wayBack } = await forecastRun(store, { launch: scene.launch, plan, run, nowMs: clockMs });
        return { procedure: id, title, forecast: wayBack, trouble: null };
      } catch (error) {
        if (!(error instanceof ProductError)) throw error;
        return { procedure: id, title, forecast: null, trouble: error.message };
      }
    }),
  );
}
