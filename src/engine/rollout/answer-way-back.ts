import { windowEnd } from '../../core/forecast/window-end.ts';
import type { RolloutStanding } from '../../core/rollout/rollout-state.ts';
import type { CheckKind } from '../../core/check/check.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { listShifts, readReturnPoints } from '../../store/rollout.ts';
import type { Shift } from '../../store/rollout.ts';
import { readShiftEntries } from '../../store/rollout-entry.ts';
import { forecastRun } from '../forecast-run.ts';
import { hearRouters } from '../rollback/hear-routers.ts';
import type { HeardWeight } from '../rollback/hear-routers.ts';
import { listRollbacks } from '../rollback/list-rollbacks.ts';
import type { DeclaredRollback } from '../rollback/list-rollbacks.ts';
import { drillReasons, readDrill } from '../rollback/read-drill.ts';
import type { Drill } from '../rollback/read-drill.ts';
import { tellKeptRecords } from '../rollback/tell-kept-records.ts';
import { seeReturnPoints } from '../rollback/see-return-points.ts';
import type { SeenPoint } from '../rollback/see-return-points.ts';
import { planRun } from '../runs/plan-run.ts';
import type { Scene } from '../scene.ts';
import { findRollout } from './start-shift.ts';

/** Traffic of one rollout, and how fast it goes back. */
export interface TrafficBack {
  rollout: string;
  /** The newest; null where none was begun. */
  shift: string | null;
  stands: RolloutStanding | null;
  /** What the shift asked for last; null where none was begun. */
  asked: number | null;
  /** The largest weight that a router says; null where one of them does not say. */
  weight: number | null;
  heard: HeardWeight[];
  /** The slowest write of a weight in this shift, with its reading back; null where none was measured. */
  setMs: number | null;
  exposed: number;
}

/** A procedure of the way back, and how long it takes by what was measured. */
export interface ProcedureBack {
  procedure: string;
  p50Ms: number | null;
  p90Ms: number | null;
  /** Why there are no figures; empty where there are. */
  gaps: string[];
}

/** Whether a launch can still go back, how long that takes, until when, and what is lost. */
export interface WayBackAnswer {
  /**
   * `person`: not by itself, since the point of no return is behind, or not known to be ahead, or a router does not say what it does, or there is none to ask. `nothing`:
   * every router says that the canary has no traffic.
   */
  verdict: 'yes' | 'person' | 'nothing';
  reasons: string[];
  traffic: TrafficBack[];
  points: SeenPoint[];
  procedures: ProcedureBack[];
  rollbacks: DeclaredRollback[];
  drill: Drill | null;
  /** When it ends, as far as that is known: the change window closes, or the stable arm may go. */
  until: { kind: 'window' | 'bake'; at: string } | null;
  lost: string[];
}

/** What a way back is answered with. */
export interface WayBackKinds {
  steps: readonly StepReader[];
  checks: readonly CheckKind[];
  /** So long what routers and databases said is said again; five seconds where it is left out. */
  keptMs?: number;
  /** Whether routers may be asked by running a program; left out, they are not. */
  runsPrograms?: boolean;
}

const standardKeptMs = 5_000;

/** Answers from what routers say, from what databases count, from measured lengths and drills, and from nothing that anybody only wrote. */
export async function answerWayBack(store: Store, scene: Scene, kinds: WayBackKinds): Promise<WayBackAnswer> {
  const nowMs = Date.parse(await readNow(store));
  const { launch, environment, candidateSha256 } = scene;
  const keptMs = kinds.keptMs ?? standardKeptMs;
  const shifts = await newestShifts(store, scene);
  const [runsSaw, points, traffic, drill] = await Promise.all([
    readReturnPoints(store, { launch: launch.id, environment: environment.id, candidateSha256 }),
    seeReturnPoints(store, scene, { kinds: kinds.checks, keptMs }),
    Promise.all(
      launch.rollouts.map(({ id }) =>
        toTraffic(store, scene, { id, shifts, keptMs, runsPrograms: kinds.runsPrograms ?? false }),
      ),
    ),
    readDrill(store, scene),
  ]);
  const isBehind = runsSaw.some((state) => state !== 'ahead') || points.some(isCrossed);
  const steps = { kinds: kinds.steps, nowMs };
  const rollbacks = await listRollbacks(store, scene, steps);
  return {
    ...verdictOf({ traffic, isBehind }),
    reasons: [
      ...trafficReasons(traffic),
      ...(isBehind ? ['the point of no return is behind, or not known to be ahead'] : []),
      // Who declares ways back has each of them drilled by itself.
      ...(rollbacks.length === 0 ? drillReasons(drill) : rollbacks.flatMap(rollbackReasons)),
    ],
    traffic,
    points,
    procedures: await Promise.all(proceduresOf(scene).map((id) => toLength(store, scene, { id, ...steps }))),
    rollbacks,
    drill,
    until: untilOf(scene, shifts, nowMs),
    lost: [
      ...lostBy(scene, { traffic, points, isBehind }),
      ...(await tellKeptRecords(store, scene, { traffic, isBehind })),
    ],
  };
}

function isCrossed({ state }: SeenPoint): boolean {
  return state === 'crossed' || state === 'unknown';
}

/** A router that does not say what it does is never taken for one that does nothing. */
function verdictOf({
  traffic,
  isBehind,
}: {
  traffic: readonly TrafficBack[];
  isBehind: boolean;
}): Pick<WayBackAnswer, 'verdict'> {
  if (traffic.length === 0 || traffic.some(({ weight }) => weight === null)) return { verdict: 'person' };
  if (!traffic.some(({ weight }) => weight! > 0)) return { verdict: 'nothing' };
  return { verdict: isBehind ? 'person' : 'yes' };
}

function trafficReasons(traffic: readonly TrafficBack[]): string[] {
  const mute = traffic.flatMap(({ heard }) => heard.filter(({ weight }) => weight === null));
  const said = traffic.flatMap(({ heard }) => heard.flatMap(({ weight }) => weight ?? []));
  const strays = traffic.flatMap(({ asked, heard }) =>
    heard.filter(({ weight }) => asked !== null && weight !== null && Math.abs(weight - asked) > 0.5),
  );
  return [
    ...mute.map(({ router, detail }) => `router ${router} does not say what the canary has: ${detail}`),
    ...(mute.length === 0 && said.length > 0 && said.every((weight) => weight === 0)
      ? ['every router says that the canary has no traffic']
      : []),
    ...(traffic.length === 0 ? ['no rollout is declared, so that nobody is asked for traffic'] : []),
    ...strays.map(({ router, weight }) => `router ${router} gives the canary ${weight} %, which nobody asked for`),
  ];
}

function rollbackReasons({ procedure, drills: [newest], withinMs, p90Ms, observer }: DeclaredRollback): string[] {
  const late =
    p90Ms !== null && p90Ms > withinMs ? [`${procedure} would take ${p90Ms} ms, and may take ${withinMs} ms`] : [];
  if (newest === undefined) return [`${procedure} was never drilled`, ...late];
  if (!newest.current) return [`${procedure} was drilled for another candidate or plan`, ...late];
  if (!newest.passed) return [`the newest drill of ${procedure} did not pass`, ...late];
  const isUnseen = observer !== null && newest.observedBy === null;
  return [...(isUnseen ? [`the newest drill of ${procedure} waits for ${observer} to attest it`] : []), ...late];
}

async function newestShifts(store: Store, { launch, environment }: Scene): Promise<Shift[]> {
  const all = await listShifts(
    store,
    { launch: launch.id, environment: environment.id, rollout: null },
    { limit: 200 },
  );
  return launch.rollouts.flatMap(({ id }) => all.find(({ rollout }) => rollout === id) ?? []);
}

async function toTraffic(
  store: Store,
  scene: Scene,
  { id, shifts, ...how }: { id: string; shifts: readonly Shift[]; keptMs: number; runsPrograms: boolean },
): Promise<TrafficBack> {
  const shift = shifts.find(({ rollout }) => rollout === id) ?? null;
  const heard = await hearRouters(store, scene, { declared: findRollout(scene, id), shift, ...how });
  const weights = heard.map(({ weight }) => weight);
  return {
    rollout: id,
    shift: shift?.id ?? null,
    stands: shift?.stands ?? null,
    asked: shift?.state.weight.asked ?? null,
    weight: weights.length === 0 || weights.includes(null) ? null : Math.max(...weights.map((weight) => weight ?? 0)),
    heard,
    setMs: shift === null ? null : await slowestSet(store, shift.id),
    exposed: shift?.state.exposed.requests ?? 0,
  };
}

async function slowestSet(store: Store, shift: string): Promise<number | null> {
  const done = await readShiftEntries(store, shift, { kinds: ['done'] });
  const lengths = done.flatMap(({ body }) =>
    body['kind'] === 'set_weight' && typeof body['tookMs'] === 'number' ? [body['tookMs']] : [],
  );
  return lengths.length === 0 ? null : Math.max(...lengths);
}

function proceduresOf({ launch }: Scene): string[] {
  return [...new Set(launch.rollouts.flatMap(({ wayBack }) => wayBack ?? []))];
}

async function toLength(
  store: Store,
  scene: Scene,
  { id, kinds, nowMs }: { id: string; kinds: readonly StepReader[]; nowMs: number },
): Promise<ProcedureBack> {
  const plan = planRun(scene, id, kinds);
  // It begins when somebody asks for it, and not at T-0.
  const launch = { ...scene.launch, t0: null };
  const { finishMs, gaps } = await forecastRun(store, { launch, plan, run: null, nowMs });
  return {
    procedure: id,
    p50Ms: finishMs === null ? null : finishMs.p50 - nowMs,
    p90Ms: finishMs === null ? null : finishMs.p90 - nowMs,
    gaps: gaps.map(({ text }) => text),
  };
}

/** The earlier of both: after the bake the stable arm may be gone, after the window nothing that writes may begin. */
function untilOf({ launch }: Scene, shifts: readonly Shift[], nowMs: number): WayBackAnswer['until'] {
  const bakes = shifts.flatMap(({ state }) =>
    state.bars.flatMap(({ code, untilMs }) => (code === 'bake' ? (untilMs ?? []) : [])),
  );
  const windowMs = windowEnd(launch, nowMs);
  const ends = [
    ...bakes.map((atMs) => ({ kind: 'bake' as const, atMs })),
    ...(windowMs === null ? [] : [{ kind: 'window' as const, atMs: windowMs }]),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const [first] = ends;
  return first === undefined ? null : { kind: first.kind, at: new Date(first.atMs).toISOString() };
}

function lostBy(
  { launch }: Scene,
  { traffic, points, isBehind }: { traffic: readonly TrafficBack[]; points: SeenPoint[]; isBehind: boolean },
): string[] {
  const exposed = traffic.reduce((sum, one) => sum + one.exposed, 0);
  const counted = points.filter(({ state }) => state === 'crossed' || state === 'unknown');
  return [
    ...(exposed > 0 ? [`what ${exposed} requests wrote on the new version stays there`] : []),
    ...counted.map(({ text, state, detail }) =>
      state === 'crossed'
        ? `behind is: ${text} (${detail})`
        : `nobody could count whether it is behind: ${text} (${detail})`,
    ),
    ...(isBehind && counted.length === 0 ? launch.pointsOfNoReturn.map(({ text }) => `behind is: ${text}`) : []),
  ];
}
