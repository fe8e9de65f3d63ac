import { z } from 'zod';

import type { Change } from '../../core/procedure/change.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import { undoPlan } from '../../core/procedure/undo-plan.ts';
import { undoReport } from '../../core/procedure/undo-report.ts';
import { permissionDenied } from '../../engine/access/permit-person.ts';
import { defaultForecast, forecastRun } from '../../engine/forecast-run.ts';
import { compareRuns } from '../../engine/runs/compare-runs.ts';
import { dryRunSha256, listRunEffects, planRun } from '../../engine/runs/plan-run.ts';
import { readEvents } from '../../store/event.ts';
import { readNow } from '../../store/open-store.ts';
import { readLengths } from '../../store/step-record.ts';
import { approvalLevel } from '../../core/procedure/authority.ts';
import { may } from '../access.ts';
import { loadRunWithLaunch } from '../launch-of-run.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { viewPlaces } from '../view-places.ts';
import { comparisonView } from '../views/comparison-view.ts';
import { forecastView, undoReportView } from '../views/forecast-view.ts';
import { planFields, plannedStepView, toPlanFields, toPlannedSteps } from '../views/plan-view.ts';
import { effectView } from '../views/step-page-view.ts';

const ofRun = z.object({ run: z.string() });

/** What lies ahead of runs and plans: how long, what exactly, and what taking it back would do. */
export const runOutlookRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/runs/:run/forecast',
    id: 'forecastRun',
    summary: 'When a run will be through, its critical path, and until when the way back still fits',
    tag: 'runs',
    access: may('run.view', 'run'),
    params: ofRun,
    query: z.object({ samples: z.coerce.number().int().min(50).max(2_000).default(1_000) }),
    response: forecastView,
    handle: async ({ parts, params, query }) => {
      const { stored, launch } = await loadRunWithLaunch(parts, params.run);
      const { run, aheadMs } = stored;
      const nowMs = Date.parse(await readNow(parts.store)) + aheadMs;
      const ask = { launch, plan: run.plan, run, nowMs };
      const found = await forecastRun(parts.store, ask, { ...defaultForecast, samples: query.samples });
      const critical = found.steps.filter(({ critical: share }) => share >= 0.5).map(({ step }) => step);
      return { ...found, criticalPath: critical };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run/undo-plan',
    id: 'readUndoPlan',
    summary: 'What taking a run back would do from where it stands, step by step, and how it went where it was',
    tag: 'runs',
    access: may('run.view', 'run'),
    params: ofRun,
    response: z.object({
      version: z.string(),
      variant: z.enum(['full', 'partial-write']).describe('partial-write keeps what others wrote since the return'),
      approvalLevel: z.int(),
      steps: z.array(
        z.object({
          step: z.string(),
          title: z.string(),
          human: z.boolean(),
          role: z.string().nullable(),
          undoes: z.array(z.string()),
          certain: z.boolean().describe('false where what it takes back may not have taken effect'),
        }),
      ),
      cannot: z.array(z.object({ step: z.string(), why: z.string(), matters: z.boolean() })),
      report: undoReportView.nullable().describe('null while nobody has asked for the way back'),
    }),
    handle: async ({ parts, params }) => {
      const { stored } = await loadRunWithLaunch(parts, params.run);
      const planned = plannedSteps(stored.run.plan);
      const found = undoPlan(stored.run);
      const kept = stored.run.undoing ? await readEvents(parts.store, 0, { run: params.run, limit: 100_000 }) : [];
      return {
        ...found,
        version: String(stored.events),
        steps: found.steps.map((one) => ({ ...planned.get(one.step)!, ...one })),
        report: kept.length === 0 ? null : undoReport(kept.map(({ body }) => body as unknown as Change)),
      };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/runs/:run/compare',
    id: 'compareRuns',
    summary: 'Planned beside actual, and beside another run: when each step began, and how long it took',
    tag: 'runs',
    access: may('run.view', 'run'),
    params: ofRun,
    query: z.object({ with: z.string().max(200).optional() }),
    response: comparisonView,
    handle: async ({ parts, params, query, identity, person }) => {
      const { stored } = await loadRunWithLaunch(parts, params.run);
      const other = query.with === undefined ? null : (await loadRunWithLaunch(parts, query.with)).stored;
      const places = other === null ? [] : await viewPlaces(parts, identity);
      if (
        other &&
        !places.some((one) => one.launch === other.launch && one.environment === other.run.plan.environment.id)
      )
        throw permissionDenied(person(), 'run.view', `${other.run.id} is of ${other.run.plan.environment.id}`);
      return compareRuns(parts.store, stored, other);
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/launches/:launch/procedures/:procedure/plan',
    id: 'readPlan',
    summary: 'The dry run of a procedure: its plan, and everything that every step would do, with its digest',
    tag: 'runs',
    access: may('launch.view'),
    params: z.object({ launch: z.string(), procedure: z.string() }),
    query: z.object({ environment: z.string().optional() }),
    response: z.object({
      version: z.string().describe('what an order of a run has to name as expectedVersion'),
      ...planFields,
      dryRunSha256: z.string(),
      steps: z.array(
        plannedStepView.extend({ by: z.enum(['person', 'worker', 'clock']), effects: z.array(effectView) }),
      ),
    }),
    handle: async ({ parts, params, query }) => {
      const scene = await parts.launches.scene(params.launch, query.environment ?? null);
      const plan = planRun(scene, params.procedure, parts.stepKinds);
      const effects = listRunEffects(plan, parts.stepKinds, scene);
      const byStep = new Map(effects.map((one) => [one.step, one]));
      const history = await readLengths(parts.store, { launch: scene.launch.id, procedure: plan.id });
      return {
        ...toPlanFields(plan, scene.launch, approvalLevel(plan)),
        version: plan.planHash,
        dryRunSha256: dryRunSha256(effects),
        steps: toPlannedSteps(plan, scene.launch, history).map((step) => ({ ...step, ...byStep.get(step.id)! })),
      };
    },
  }),
];
