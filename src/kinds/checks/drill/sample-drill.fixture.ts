import { createLogKey, digestOf } from '@tminus/verify';

import { beganAtMs, begun, planOf, step } from '../../../core/procedure/runs.fixture.ts';
import type { DrillReport, DrillRun } from '../../../core/rollback/drill-report.ts';

// The contract asks with a spec as it is written, in which the names of plan and candidate stand unfilled.
/** Of the sample. */
export const planHash = '{{ launch.planHash }}';
/** Of the store that signs the sample. */
export const drillKey = createLogKey('tminus/shop/1', Buffer.alloc(32, 1));

interface Sampled {
  plan: string;
  /** Who drilled it. */
  runner: string;
  atMs: number;
}

function runOf(id: string, done: readonly string[], { plan, runner, atMs }: Sampled): DrillRun {
  const steps = [step('zero'), step('seen', { writes: false, needs: ['zero'] })];
  const planned = planOf(steps, { planHash: plan, id: 'at-once' });
  const engine = begun(planned, { mode: 'rehearsal', id, requestedBy: runner, atMs, t0Ms: atMs + 60_000 });
  for (const one of done) engine.work(one);
  const log = engine.events;
  return { run: id, state: engine.run.state, stoodIn: [], events: { count: log.length, sha256: digestOf(log) }, log };
}

/** Returns the report of an immediate way back that a person drilled, and that passed; it ended a minute after it began. */
export function drill(
  id: string,
  { runner = 'dave', plan = planHash, atMs = beganAtMs }: Partial<Sampled> = {},
): DrillReport {
  const of = { plan, runner, atMs };
  return {
    format: 'tminus/drill/1',
    id,
    launch: 'shop',
    procedure: 'at-once',
    kind: 'immediate',
    withinMs: 3_600_000,
    ledger: null,
    environment: 'staging',
    simulated: false,
    planHash: plan,
    candidates: { production: '{{ candidate.sha256 }}' },
    uncommitted: [],
    beganAt: new Date(atMs).toISOString(),
    endedAt: new Date(atMs + 60_000).toISOString(),
    signedBy: drillKey.text,
    passed: true,
    forward: null,
    ledgerBefore: null,
    controls: [{ step: 'seen', run: runOf('control', [], of) }],
    back: runOf('back', ['zero', 'seen'], of),
  };
}
