import { listCriteria } from '../launch/find-criterion.ts';
import type { Launch, Procedure, QuoteDeclaration, Step } from '../launch/launch.ts';
import { planHash } from '../launch/plan-hash.ts';
import { actionClasses } from './action-classes.ts';
import { pauseOf } from './pause-of.ts';
import type { PlanFault } from './plan-fault.ts';
import type { Plan, PlannedStep, StepTimer, Watch } from './plan.ts';

/** What stands over the documents: what a rehearsal or a test wants otherwise. */
export interface PlanSettings {
  deciders: string[] | null;
  builtInHolds: Plan['builtInHolds'];
  recyclePoints: Plan['recyclePoints'];
  queueLimitMs: number | null;
  limitMs: number | null;
  /** By step id; stands over what is derived from the step. */
  steps: { [id: string]: Partial<Omit<PlannedStep, 'id'>> };
}

export const defaultPlanSettings: PlanSettings = {
  deciders: null,
  builtInHolds: [],
  recyclePoints: [],
  queueLimitMs: null,
  limitMs: null,
  steps: {},
};

/** The plan of one procedure of a launch with every default filled in, or what cannot be read. `startRun` looks at whether it can be run. */
export function planProcedure(
  launch: Launch,
  procedure: string,
  settings = defaultPlanSettings,
): Plan | { faults: PlanFault[] } {
  const found = launch.procedures.find(({ id }) => id === procedure);
  if (!found)
    return {
      faults: [{ code: 'procedure_unknown', reason: `procedure ${procedure}: expected one of the launch, got none` }],
    };
  const plan = (step: Step, needs: string[]): PlannedStep => planStep({ step, needs, launch, settings });
  const criteria = new Set(listCriteria(launch).map(({ id }) => id));
  const steps = found.steps.map((step, index) => plan(step, needsOf(found, index, criteria)));
  const undoSteps = undoStepsOf(launch, found, steps).map((step) => plan(step, []));
  return {
    id: found.id,
    title: found.title,
    planHash: planHash(launch),
    environment: environmentOf(launch),
    steps,
    undoSteps,
    roles: Object.fromEntries(launch.roles.map(({ id, people }) => [id, people])),
    automations: launch.people.filter(({ automation }) => automation).map(({ id }) => id),
    deciders: settings.deciders ?? found.deciders ?? decidersIn(launch),
    ...countOf(found, settings),
    stops: launch.stops.map((stop, index) => toWatch(stop, `stop-${index + 1}`)),
    pointsOfNoReturn: launch.pointsOfNoReturn.map((point, index) => toWatch(point, `return-${index + 1}`)),
    queueLimitMs: settings.queueLimitMs ?? found.queueLimitMs,
    limitMs: settings.limitMs ?? found.limitMs,
  };
}

function countOf(
  { holds, recyclePoints }: Procedure,
  settings: PlanSettings,
): Pick<Plan, 'builtInHolds' | 'recyclePoints'> {
  const declared = holds.map(({ id, title, offsetMs, forMs, release }) => ({
    id,
    title,
    atMs: offsetMs,
    forMs,
    release: release ?? 'clock',
  }));
  const points = recyclePoints.map(({ id, title, offsetMs }) => ({ id, title, atMs: offsetMs }));
  return {
    builtInHolds: [...declared, ...settings.builtInHolds],
    recyclePoints: [...points, ...settings.recyclePoints],
  };
}

function toWatch({ text, detect, everyMs }: QuoteDeclaration, id: string): Watch {
  return { id, text, detect, everyMs };
}

/** The order of the document is a need, where the step names no other step. Criteria are asked when it begins (`criteriaOfStep`): no run ever ends one. */
function needsOf({ steps }: Procedure, index: number, criteria: ReadonlySet<string>): string[] {
  const previous = steps[index - 1];
  const needs = (steps[index]?.needs ?? []).filter((need) => !criteria.has(need));
  if (needs.length > 0) return needs;
  return previous ? [previous.id] : [];
}

function undoStepsOf({ procedures }: Launch, { id: own }: Procedure, steps: readonly PlannedStep[]): Step[] {
  const named = new Set(steps.flatMap(({ undo, undoAfterReturn }) => [undo, undoAfterReturn]));
  return procedures
    .filter(({ id }) => id !== own)
    .flatMap((procedure) => procedure.steps.filter(({ id }) => named.has(id)));
}

/** An environment that nobody declared is the dangerous one. */
function environmentOf({ environment, environments }: Launch): Plan['environment'] {
  const found = environments.find(({ id }) => id === environment);
  return { id: environment ?? 'unknown', production: found?.production ?? true };
}

function decidersIn({ roles }: Launch): string[] {
  return roles.some(({ id }) => id === 'lead') ? ['lead'] : roles.map(({ id }) => id);
}

interface StepSource {
  step: Step;
  needs: string[];
  launch: Launch;
  settings: PlanSettings;
}

function planStep({ step, needs, launch, settings }: StepSource): PlannedStep {
  const { action, rules } = step;
  // A step without a machine's part is a person's, whether or not the document says so: nobody else could do it.
  const human = step.human || action === null;
  const over = settings.steps[step.id];
  const pause = human ? null : (over?.pause ?? pauseOf(action));
  // What only waits changes nothing, whatever the step is said to be.
  const actionClass = human ? 'human' : pause ? 'long_read' : (rules.actionClass ?? 'long_modify');
  const limits = actionClasses[actionClass];
  const interrupted = rules.interrupted ?? (!limits.writes ? 'rerun' : canTell(step) ? 'verify' : 'ask');
  return {
    id: step.id,
    title: step.title,
    human,
    role: step.role,
    needs,
    timer: timerOf(step, launch),
    proof: step.proof,
    action,
    probe: rules.probe,
    actionClass,
    writes: limits.writes && rules.looks !== true,
    reversible: step.reversible,
    undo: step.undo,
    undoAfterReturn: rules.undoAfterReturn,
    assets: rules.assets,
    // A wait ends by itself, and is as long as it says.
    limitMs: pause ? null : (rules.limitMs ?? limits.stepMs),
    onFail: rules.onFail ?? 'hold',
    onTimeout: rules.onTimeout ?? (human ? 'escalate' : 'hold'),
    interrupted,
    maxAttempts: attemptsOf(step, interrupted === 'ask' ? 1 : limits.maxAttempts),
    askWhenLateMs: rules.askWhenLateMs,
    onRecycle: rules.onRecycle ?? (limits.writes ? 'keep' : 'repeat'),
    ...over,
    pause,
  };
}

/** Whether something can be asked that knows if an interrupted attempt took effect: a probe of its own, or one that its kind reads. */
function canTell({ action, rules }: Step): boolean {
  return rules.probe !== null || (action?.spec?.['probe'] ?? null) !== null;
}

function attemptsOf({ rules: { retries } }: Step, otherwise: number): number {
  return retries === null ? otherwise : retries + 1;
}

function timerOf({ phase }: Step, { phases }: Launch): StepTimer {
  const offsetMs = phases.find(({ id }) => id === phase)?.offsetMs ?? null;
  return offsetMs === null ? { kind: 'needs' } : { kind: 'offset', offsetMs };
}
