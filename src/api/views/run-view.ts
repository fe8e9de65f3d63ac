import { z } from 'zod';

import { approvalLevel } from '../../core/procedure/authority.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import { runStates } from '../../core/procedure/run-transitions.ts';
import { stepStates } from '../../core/procedure/step-transitions.ts';
import { dueAtOf } from '../../core/procedure/pass-time.ts';
import type { RunPage } from '../../engine/runs/read-run-page.ts';
import { planFields, plannedStepView, toPlanFields, toPlannedSteps } from './plan-view.ts';

export const runMode = z.enum(['live', 'rehearsal', 'dry-run']);

export const runState = z.enum(runStates);

const stepState = z.enum(stepStates);

const note = z.object({ by: z.string(), reason: z.string(), atMs: z.number() });

const wait = z.object({
  for: z.enum(['confirmation', 'late-start', 'time']),
  role: z.string().nullable(),
  people: z.array(z.string()),
  sinceMs: z.number(),
  untilMs: z.number().nullable(),
  onLimit: z.string(),
});

/** What has happened to a step so far. */
export const stepRunView = z
  .object({
    state: stepState,
    attempt: z.int(),
    tries: z.int(),
    round: z.int(),
    dueAtMs: z.number().nullable(),
    notBeforeMs: z.number().nullable(),
    readyAtMs: z.number().nullable(),
    startedAtMs: z.number().nullable(),
    endedAtMs: z.number().nullable(),
    badEnd: z.string().nullable(),
    stopping: z.string().nullable(),
    lateAccepted: z.boolean(),
    wait: wait.nullable(),
    proof: z.string().nullable(),
    detail: z.string().nullable(),
    notes: z.array(note),
  })
  .meta({ id: 'StepRun' });

const stepNote = z.object({
  attempt: z.int(),
  done: z.number(),
  total: z.number().nullable(),
  text: z.string(),
  atMs: z.number(),
});

/** A step with what the plan says of it, and what has happened to it. */
export const stepView = plannedStepView
  .extend({
    run: stepRunView.nullable().describe('null for a step of the way back that nobody has asked for'),
    dueMs: z.number().nullable().describe('when it comes due as things stand; null where that hangs on its needs'),
    note: stepNote.nullable().describe('how far its worker says it is, or why none could begin it'),
  })
  .meta({ id: 'Step' });

export const holdView = z
  .object({
    id: z.string(),
    scope: z.enum(['global', 'launch', 'run', 'environment', 'step', 'asset', 'end']),
    subject: z.string().nullable(),
    mode: z.enum(['boundary', 'now']),
    count: z.enum(['runs', 'stops']),
    cause: z.string(),
    watch: z.string().nullable(),
    by: z.string().nullable(),
    reason: z.string(),
    sinceMs: z.number(),
  })
  .meta({ id: 'Hold' });

const blocker = z
  .object({
    step: z.string().nullable(),
    kind: z.string(),
    why: z.string(),
    untilMs: z.number().nullable(),
    onLimit: z.string().nullable(),
    unblockedBy: z.array(z.string()),
    people: z.array(z.string()),
  })
  .meta({ id: 'Blocker' });

export const progressView = z
  .object({
    total: z.int(),
    completed: z.int(),
    skipped: z.int(),
    failed: z.int(),
    running: z.int(),
    waiting: z.int(),
    pending: z.int(),
    percent: z.int(),
    etaMs: z.number().nullable(),
    unmeasured: z.array(z.string()),
  })
  .meta({ id: 'Progress' });

const approval = z.object({ id: z.string(), level: z.int(), approver: z.string(), expiresAtMs: z.number() });

/** A run with everything that can be said about it now. */
export const runView = z
  .object({
    id: z.string(),
    launch: z.string(),
    mode: runMode,
    state: runState,
    version: z.string().describe('what a change of this run has to name as expectedVersion'),
    ...planFields,
    candidateSha256: z.string(),
    executor: z.string().describe('account that its steps run for'),
    labels: z.array(z.string()),
    requestedBy: z.string(),
    createdAtMs: z.number(),
    enqueuedAtMs: z.number().nullable(),
    startedAtMs: z.number().nullable(),
    endedAtMs: z.number().nullable(),
    nowMs: z.number().describe('by the clock of the run, which in a rehearsal is ahead'),
    approval: approval.nullable(),
    ending: z.string().nullable(),
    endingReason: z.string().nullable(),
    undoing: z.boolean(),
    count: z
      .object({
        countMs: z.number(),
        isCounting: z.boolean(),
        t0Ms: z.number().nullable().describe('expected, every hold that lies ahead included'),
        stops: z.array(
          z.object({ id: z.string(), untilMs: z.number().nullable(), release: z.enum(['clock', 'person']) }),
        ),
      })
      .nullable()
      .describe('null where nothing hangs on T-0'),
    holds: z.array(holdView),
    steps: z.array(stepView),
    blockers: z.array(blocker),
    late: z.array(z.object({ step: z.string(), lateMs: z.number() })),
    progress: progressView,
    returnPoint: z.object({
      state: z.enum(['ahead', 'crossed', 'unknown']),
      by: z.string().nullable(),
      atMs: z.number().nullable(),
    }),
    messages: z.array(
      z.object({
        id: z.int(),
        what: z.string(),
        people: z.array(z.string()),
        text: z.string(),
        atMs: z.number(),
      }),
    ),
    sightings: z
      .array(z.object({ place: z.string(), secret: z.string() }))
      .describe('where secrets were seen in what it wrote; a run with one is tainted'),
    rights: z.array(z.string()).describe('permissions that the caller has here, now'),
  })
  .meta({ id: 'Run' });

/** What the API tells of a run. */
export function toRunView(page: RunPage): z.input<typeof runView> {
  const { view, setting, documents, rights } = page;
  const { run, explanation, nowMs, messages, events } = view;
  const { countMs, isCounting, t0Ms, blockers, late } = explanation;
  return {
    ...toPlanFields(run.plan, documents, approvalLevel(run.plan)),
    ...run,
    launch: view.launch,
    version: String(events),
    candidateSha256: setting.candidateSha256,
    executor: setting.executor,
    labels: [...setting.labels],
    nowMs,
    count: countMs === null || run.clock === null ? null : { countMs, isCounting, t0Ms, stops: run.clock.stops },
    steps: toSteps(page),
    blockers,
    late,
    progress: view.progress,
    messages: messages.map(({ body, at, people, ...rest }) => ({
      ...rest,
      people: [...people],
      text: body,
      atMs: at.getTime(),
    })),
    sightings: view.sightings,
    rights: [...rights],
  };
}

/** Every step of a run, the way back last. */
export function toSteps({ view, documents, history }: RunPage): z.input<typeof stepView>[] {
  const { run, nowMs, notes } = view;
  const planned = plannedSteps(run.plan);
  const noted = new Map(notes.map((one) => [one.step, one]));
  return toPlannedSteps(run.plan, documents, history).map((step) => {
    const own = Object.hasOwn(run.steps, step.id) ? run.steps[step.id]! : null;
    const told = noted.get(step.id);
    return {
      ...step,
      run: own,
      dueMs: own?.dueAtMs ?? (own?.part === 'forward' ? dueAtOf(run, planned.get(step.id)!, nowMs) : null),
      note: told ? { ...told, text: told.body, atMs: told.at.getTime() } : null,
    };
  });
}
