import { z } from 'zod';

import type { Launch } from '../../core/launch/launch.ts';
import { peopleIn } from '../../core/procedure/authority.ts';
import type { StepHistory } from '../../core/procedure/progress.ts';
import { typicalMs } from '../../core/procedure/progress.ts';
import type { Plan, PlannedStep } from '../../core/procedure/plan.ts';

const badEnd = z.enum(['fail', 'hold', 'escalate']);

const pause = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('for'), ms: z.number() }),
  z.object({ kind: z.literal('until'), atMs: z.number() }),
  z.object({ kind: z.literal('until-offset'), offsetMs: z.number() }),
]);

/** A step as the plan has it, with every default of the documents filled in. */
export const plannedStepView = z
  .object({
    id: z.string(),
    title: z.string(),
    part: z.enum(['forward', 'undo']),
    phase: z.string().nullable().describe('null on the way back, and where the documents name none'),
    kind: z.string().nullable().describe('kind of the machine step; null for people and for waiting'),
    human: z.boolean(),
    role: z.string().nullable(),
    people: z.array(z.string()).describe('who may do it'),
    needs: z.array(z.string()),
    offsetMs: z.number().nullable().describe('from T-0; null where it does not hang on the count'),
    atMs: z.number().nullable().describe('instant that it is planned for; null where it has none of its own'),
    pause: pause.nullable().describe('what is waited for, where it only waits'),
    proof: z.enum(['url', 'file', 'artifact', 'comment', 'external-status']).nullable(),
    actionClass: z.string(),
    writes: z.boolean(),
    reversible: z.boolean(),
    undo: z.string().nullable(),
    undoAfterReturn: z.string().nullable(),
    assets: z.array(z.string()),
    limitMs: z.number().nullable(),
    onFail: badEnd,
    onTimeout: badEnd,
    interrupted: z.enum(['rerun', 'verify', 'ask']),
    maxAttempts: z.int(),
    askWhenLateMs: z.number().nullable(),
    onRecycle: z.enum(['repeat', 'keep']),
    typicalMs: z.number().nullable().describe('median of the measured lengths; null where it was never measured'),
  })
  .meta({ id: 'PlannedStep' });

const watch = z.object({
  id: z.string(),
  text: z.string(),
  isDetected: z.boolean().describe('false where only people see it'),
  everyMs: z.number().nullable(),
});

export const phaseView = z.object({ id: z.string(), title: z.string(), offsetMs: z.number().nullable() });

/** What a plan says beside its steps. */
export const planFields = {
  procedure: z.string(),
  title: z.string(),
  environment: z.string(),
  production: z.boolean(),
  planHash: z.string(),
  approvalLevel: z.int().describe('0 wants no approval'),
  deciders: z
    .array(z.object({ role: z.string(), people: z.array(z.string()) }))
    .describe('who may hold, release, skip, retry, settle, move T-0, cancel and undo'),
  phases: z.array(phaseView),
  builtInHolds: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      atMs: z.number().describe('offset on the count'),
      forMs: z.number(),
      release: z.enum(['clock', 'person']),
    }),
  ),
  recyclePoints: z.array(z.object({ id: z.string(), title: z.string(), atMs: z.number() })),
  stopConditions: z.array(watch),
  pointsOfNoReturn: z.array(watch),
  queueLimitMs: z.number().nullable(),
  limitMs: z.number().nullable(),
};

/** Every step of a plan, the way back last. Phases stand in the documents that the plan was made from. */
export function toPlannedSteps(
  plan: Plan,
  launch: Pick<Launch, 'procedures'>,
  history: StepHistory,
): z.input<typeof plannedStepView>[] {
  const phases = new Map(launch.procedures.flatMap(({ steps }) => steps.map(({ id, phase }) => [id, phase] as const)));
  const of = (part: 'forward' | 'undo') => (step: PlannedStep) => ({
    ...step,
    part,
    phase: part === 'undo' ? null : (phases.get(step.id) ?? null),
    kind: step.pause === null ? (step.action?.kind ?? null) : null,
    people: step.human ? peopleIn(plan, step.role === null ? plan.deciders : [step.role]) : [],
    offsetMs: step.timer.kind === 'offset' ? step.timer.offsetMs : null,
    atMs: step.timer.kind === 'at' ? step.timer.atMs : null,
    typicalMs: typicalMs(history, step.id),
  });
  return [...plan.steps.map(of('forward')), ...plan.undoSteps.map(of('undo'))];
}

/** What the API tells of a plan beside its steps. */
export function toPlanFields(
  plan: Plan,
  launch: Pick<Launch, 'procedures' | 'phases'>,
  level: number,
): z.input<z.ZodObject<typeof planFields>> {
  const used = new Set(launch.procedures.find(({ id }) => id === plan.id)?.steps.map(({ phase }) => phase));
  return {
    ...plan,
    procedure: plan.id,
    environment: plan.environment.id,
    production: plan.environment.production,
    approvalLevel: level,
    deciders: plan.deciders.map((role) => ({ role, people: peopleIn(plan, [role]) })),
    phases: launch.phases.filter(({ id }) => used.has(id)),
    stopConditions: plan.stops.map(toWatch),
    pointsOfNoReturn: plan.pointsOfNoReturn.map(toWatch),
  };
}

function toWatch({ id, text, detect, everyMs }: Plan['stops'][number]): z.input<typeof watch> {
  return { id, text, isDetected: detect !== null, everyMs };
}
