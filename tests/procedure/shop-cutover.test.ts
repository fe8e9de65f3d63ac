import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Launch } from '../../src/core/launch/launch.ts';
import { decide } from '../../src/core/procedure/decide.ts';
import type { Plan } from '../../src/core/procedure/plan.ts';
import { defaultPlanSettings, planProcedure } from '../../src/core/procedure/plan-procedure.ts';
import type { PlanSettings } from '../../src/core/procedure/plan-procedure.ts';
import { startRun } from '../../src/core/procedure/start-run.ts';
import type { RunRequest } from '../../src/core/procedure/start-run.ts';
import type { Run } from '../../src/core/procedure/run.ts';
import { undoPlan } from '../../src/core/procedure/undo-plan.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { readLaunch } from '../../src/spec/launch/read-launch.ts';
import { runVirtually } from './run-virtually.ts';

const dayMs = 86_400_000;
const folder = new URL('../../examples/shop-cutover/launch/', import.meta.url);
const t0Ms = Date.parse('2026-12-05T14:00:00-05:00');
const late = `### T+180d Delete what nobody claimed

1. [HUMAN] Delete the credentials that nobody claimed {#delete-credentials role=operator proof=artifact reversible=no}

## Rollback`;

/** The launch as it stands, with the step at T+180d that the real runbook behind the example has. */
function readShop(edit: (text: string) => string = (text) => text): Launch {
  const text = edit(readFileSync(new URL('launch.md', folder), 'utf8').replace('## Rollback', late));
  const sop = readFileSync(new URL('sop/orders.md', folder));
  const result = readLaunch(
    [
      { path: 'launch.md', bytes: new TextEncoder().encode(text) },
      { path: 'sop/orders.md', bytes: sop },
    ],
    { checks: checkReaders, steps: stepReaders },
  );
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('; '));
  return result.launch;
}

function planShop(launch: Launch, settings: PlanSettings = defaultPlanSettings): Plan {
  const runbook = launch.procedures.find(({ kind }) => kind === 'runbook');
  const plan = planProcedure(launch, runbook?.id ?? 'none', settings);
  if ('faults' in plan) throw new Error(plan.faults.map(({ reason }) => reason).join('; '));
  return plan;
}

function start(plan: Plan, over: Partial<RunRequest> = {}): Run {
  const expiresAtMs = t0Ms + 200 * dayMs;
  const approval = { id: 'ap-1', level: 2 as const, planHash: plan.planHash, approver: 'bob', expiresAtMs };
  const request = {
    id: 'run-1',
    plan,
    mode: 'live' as const,
    requestedBy: 'dave',
    t0Ms,
    atMs: t0Ms - 8 * dayMs,
    approval,
  };
  const started = startRun({ ...request, ...over });
  if ('refused' in started) throw new Error(started.refused.map(({ reason }) => reason).join('; '));
  return started.run;
}

const offsets: { [step: string]: number } = {
  announce: -7,
  freeze: -7,
  rehearse: -1,
  'legacy-read-only': 0,
  'move-orders': 0,
  'shift-customers': 0,
  'switch-name': 0,
  'compare-payments': 1 / 24,
  'post-result': 1,
  'retire-legacy': 90,
  'delete-credentials': 180,
};

describe('the runbook of the shop on a virtual clock', () => {
  it('C14 runs from T-7d to T+180d through a restart at every input, each step at its offset and in the order of the document', () => {
    const startedMs = performance.now();
    const { run, restarts } = runVirtually(start(planShop(readShop())), t0Ms + 200 * dayMs);
    const tookMs = performance.now() - startedMs;
    expect(run.state).toBe('completed');
    expect(Object.keys(run.steps)).toEqual(Object.keys(offsets));
    const due = Object.values(run.steps).map(({ id, dueAtMs }) => [id, dueAtMs]);
    // T-0 stays where it is announced, so what comes before the hold of ten minutes at T-20m is due ten minutes earlier.
    const heldMs = (offset: number): number => (offset < 0 ? 600_000 : 0);
    expect(due).toEqual(
      Object.entries(offsets).map(([id, offset]) => [id, t0Ms + Math.round(offset * dayMs) - heldMs(offset)]),
    );
    for (const step of Object.values(run.steps))
      expect(step.startedAtMs).toBeGreaterThanOrEqual(step.dueAtMs ?? Infinity);
    const ends = Object.values(run.steps).map(({ endedAtMs }) => endedAtMs ?? Infinity);
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    expect(run.steps['delete-credentials']?.endedAtMs).toBe(t0Ms + 180 * dayMs + 1_800_000);
    expect(restarts).toBeGreaterThan(190);
    expect(tookMs).toBeLessThan(60_000);
  });

  it('C14 refuses a step out of order, and one skipped without a reason or by somebody else', () => {
    const run = start(planShop(readShop()));
    const begun = runVirtually(run, t0Ms - 8 * dayMs).run;
    const refused = (input: Parameters<typeof decide>[1]): string => {
      const [change] = decide(begun, input);
      return change?.kind === 'refused' ? change.code : 'heard';
    };
    const atMs = t0Ms - 6 * dayMs;
    expect(refused({ kind: 'step_started', step: 'move-orders', atMs })).toBe('step_state');
    expect(
      refused({ kind: 'confirm', step: 'switch-name', by: { person: 'alice', role: 'lead' }, proof: 'x', atMs }),
    ).toBe('step_state');
    expect(refused({ kind: 'skip', step: 'freeze', by: { person: 'alice', role: 'lead' }, reason: ' ', atMs })).toBe(
      'reason_missing',
    );
    expect(
      refused({ kind: 'skip', step: 'freeze', by: { person: 'dave', role: 'developer' }, reason: 'late', atMs }),
    ).toBe('role_missing');
    expect(
      refused({ kind: 'skip', step: 'freeze', by: { person: 'alice', role: 'lead' }, reason: 'done by hand', atMs }),
    ).toBe('heard');
  });

  it('C07 rehearsal decides what live decides, input by input', () => {
    const plan = planShop(readShop((text) => text.replace('production: true', 'production: false')));
    const live = runVirtually(start(plan), t0Ms + 200 * dayMs);
    const rehearsal = runVirtually(start(plan, { mode: 'rehearsal' }), t0Ms + 200 * dayMs);
    expect(rehearsal.run.mode).toBe('rehearsal');
    expect(rehearsal.inputs).toEqual(live.inputs);
    expect(rehearsal.decisions).toEqual(live.decisions);
    expect({ ...rehearsal.run, mode: 'live' }).toEqual(live.run);
  });

  it('C07 a rehearsal of production is refused', () => {
    expect(() => start(planShop(readShop()), { mode: 'rehearsal' })).toThrow(
      'a rehearsal expects one that is not production',
    );
  });

  it('C15 a run with an empty role is refused, and so is a human step that only an automation could do', () => {
    const plan = planShop(readShop());
    const holding = (roles: Plan['roles']) => (): Run => start({ ...plan, roles: { ...plan.roles, ...roles } });
    expect(holding({ developer: [] })).toThrow('role developer: expected somebody, got nobody');
    expect(holding({ operator: ['deploy-bot'] })).toThrow('role operator: expected a human, got automations only');
    expect(holding({})().state).toBe('approved');
  });

  it('C16 C17 the way back is computed from what was done, and shrinks past the point of no return', () => {
    const { run } = runVirtually(start(planShop(readShop())), t0Ms + 3_500_000);
    const before = undoPlan(run);
    expect(before.variant).toBe('full');
    expect(before.steps.map(({ step }) => step)).toEqual([
      'switch-name-back',
      'customers-back',
      'restore-orders',
      'legacy-writable',
      'unfreeze',
    ]);
    const by = { person: 'alice', role: 'lead' };
    const crossed = decide(run, {
      kind: 'return_seen',
      point: 'return-1',
      result: 'crossed',
      detail: 'order 201',
      atMs: run.nowMs,
    });
    expect(crossed.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['return_moved', 'announce']));
    const past = undoPlan({
      ...run,
      returnPoint: { state: 'crossed', by: 'return-1', atMs: run.nowMs, announced: true },
    });
    expect(past.variant).toBe('partial-write');
    expect(past.steps.map(({ step }) => step)).toEqual([
      'switch-name-back',
      'customers-back',
      'carry-orders-back',
      'legacy-writable',
      'unfreeze',
    ]);
    const bare = readShop((text) => text.replace(' undo-after-return=carry-orders-back', ''));
    const { run: other } = runVirtually(start(planShop(bare)), t0Ms + 3_500_000);
    const without = undoPlan({
      ...other,
      returnPoint: { state: 'crossed', by: 'x', atMs: other.nowMs, announced: true },
    });
    expect(without.cannot.find(({ step }) => step === 'move-orders')?.why).toBe(
      'restore-orders would destroy what was written since the point of no return, and no other undo is declared',
    );
    expect(past.approvalLevel).toBe(3);
    expect(
      decide(run, { kind: 'undo', by, reason: 'orders are missing', approval: null, atMs: run.nowMs })[0]?.kind,
    ).not.toBe('refused');
  });
});
