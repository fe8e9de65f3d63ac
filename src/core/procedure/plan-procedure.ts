import type { Launch, Procedure, Step } from '../launch/launch.ts';
import { planHash } from '../launch/plan-hash.ts';
import { actionClasses, isActionClass } from './action-classes.ts';
import type { ActionClass } from './action-classes.ts';
import type { PlanFault } from './plan-fault.ts';
import type { BadEnd, Interrupted, Plan, PlannedStep, StepTimer } from './plan.ts';

/** What the documents cannot say yet, or say elsewhere. */
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
  const faults: PlanFault[] = [];
  const plan = (step: Step, needs: string[]): PlannedStep => planStep({ step, needs, launch, settings, faults });
  const steps = found.steps.map((step, index) => plan(step, needsOf(found, index, step)));
  const undoSteps = undoStepsOf(launch, found, steps).map((step) => plan(step, []));
  if (faults.length > 0) return { faults };
  return {
    id: found.id,
    title: found.title,
    planHash: planHash(launch),
    environment: environmentOf(launch),
    steps,
    undoSteps,
    roles: Object.fromEntries(launch.roles.map(({ id, people }) => [id, people])),
    automations: launch.people.filter(({ automation }) => automation).map(({ id }) => id),
    deciders: settings.deciders ?? decidersIn(launch),
    builtInHolds: settings.builtInHolds,
    recyclePoints: settings.recyclePoints,
    stops: launch.stops.map(({ text, detect }, index) => ({ id: `stop-${index + 1}`, text, detect })),
    pointsOfNoReturn: launch.pointsOfNoReturn.map(({ text, detect }, index) => ({
      id: `return-${index + 1}`,
      text,
      detect,
    })),
    queueLimitMs: settings.queueLimitMs,
    limitMs: settings.limitMs,
  };
}

/** The order of the document is a need, where the step names none of its own. */
function needsOf({ steps }: Procedure, index: number, { needs }: Step): string[] {
  const previous = steps[index - 1];
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
  faults: PlanFault[];
}

function planStep({ step, needs, launch, settings, faults }: StepSource): PlannedStep {
  const words = readWords(step, faults);
  // A step without a machine's part is a person's, whether or not the document says so: nobody else could do it.
  const human = step.human || step.action === null;
  const over = settings.steps[step.id];
  const pause = over?.pause ?? null;
  const actionClass = human ? 'human' : (words.actionClass ?? classOf(step));
  const limits = actionClasses[actionClass];
  const interrupted =
    words.interrupted ?? (!limits.writes ? 'rerun' : step.action?.attributes['probe'] ? 'verify' : 'ask');
  return {
    id: step.id,
    title: step.title,
    human,
    role: step.role,
    needs,
    timer: timerOf(step, launch),
    proof: step.proof,
    action: step.action,
    actionClass,
    writes: limits.writes,
    reversible: step.reversible,
    undo: step.undo,
    undoAfterReturn: step.action?.attributes['undo-after-return'] ?? null,
    assets: step.action?.attributes['asset']?.split(',') ?? [],
    limitMs: words.limitMs ?? limits.stepMs,
    onFail: words.onFail ?? 'hold',
    onTimeout: words.onTimeout ?? (human ? 'escalate' : 'hold'),
    interrupted,
    maxAttempts: interrupted === 'ask' ? 1 : limits.maxAttempts,
    askWhenLateMs: null,
    onRecycle: limits.writes ? 'keep' : 'repeat',
    ...(pause === null ? {} : pausing),
    ...over,
    pause,
  };
}

/** A step that only waits changes nothing, and no limit but its own ends it. */
const pausing = {
  actionClass: 'long_read',
  writes: false,
  interrupted: 'rerun',
  onRecycle: 'repeat',
  limitMs: null,
} as const satisfies Partial<PlannedStep>;

function timerOf({ phase }: Step, { phases }: Launch): StepTimer {
  const offsetMs = phases.find(({ id }) => id === phase)?.offsetMs ?? null;
  return offsetMs === null ? { kind: 'needs' } : { kind: 'offset', offsetMs };
}

/** What a kind of action is taken to do where the step does not say: everything that could change something does. */
function classOf({ action }: Step): ActionClass {
  if (action?.kind === 'wait' || action?.kind === 'check') return 'long_read';
  return action?.kind === 'http' ? 'medium_modify' : 'long_modify';
}

interface Words {
  actionClass: ActionClass | null;
  interrupted: Interrupted | null;
  onFail: BadEnd | null;
  onTimeout: BadEnd | null;
  limitMs: number | null;
}

function readWords({ id, action }: Step, faults: PlanFault[]): Words {
  const written = (key: string): string | null => action?.attributes[key] ?? null;
  const wrong = (key: string, expected: string): null => {
    faults.push({ code: 'attribute_invalid', reason: `step ${id}, ${key}: expected ${expected}, got ${written(key)}` });
    return null;
  };
  const oneOf = <Word extends string>(key: string, allowed: readonly Word[]): Word | null => {
    const word = written(key);
    return word === null ? null : (allowed.find((one) => one === word) ?? wrong(key, allowed.join(' or ')));
  };
  const actionClass = written('class');
  const timeout = written('timeout');
  const limitMs = timeout === null ? null : toMs(timeout);
  return {
    actionClass:
      actionClass === null || isActionClass(actionClass)
        ? actionClass
        : wrong('class', Object.keys(actionClasses).join(' or ')),
    interrupted: oneOf('interrupted', ['rerun', 'verify', 'ask']),
    onFail: oneOf('on-fail', ['fail', 'hold', 'escalate']),
    onTimeout: oneOf('on-timeout', ['fail', 'hold', 'escalate']),
    limitMs: timeout !== null && limitMs === null ? wrong('timeout', 'a length of time such as 90s or 5m') : limitMs,
  };
}

const unitMs: { [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function toMs(text: string): number | null {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  const ms = Number(amount) * (unitMs[unit ?? ''] ?? Number.NaN);
  return ms > 0 ? ms : null;
}
