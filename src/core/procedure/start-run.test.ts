import { describe, expect, it } from 'vitest';

import { actionClasses, slaOf } from './action-classes.ts';
import { approval, beganAtMs, dayMs, hourMs, humanStep, newRun, planOf, request, step } from './runs.fixture.ts';
import { startRun } from './start-run.ts';
import type { RunRequest } from './start-run.ts';
import type { Plan } from './plan.ts';

const production = { environment: { id: 'production', production: true } };

function codes(plan: Plan, over: Partial<RunRequest> = {}): string[] {
  const started = startRun(request(plan, over));
  return 'refused' in started ? started.refused.map(({ code }) => code) : [];
}

describe('startRun', () => {
  it.each<[string, Plan]>([
    ['empty', planOf([])],
    ['duplicate', planOf([step('a'), step('a')])],
    ['id_invalid', planOf([step('1')])],
    ['id_invalid', planOf([step('__proto__')])],
    ['need_unknown', planOf([step('a', { needs: ['b'] })])],
    ['need_cycle', planOf([step('a', { needs: ['b'] }), step('b', { needs: ['a'] })])],
    ['need_cycle', planOf([step('a', { needs: ['a'] })])],
    ['undo_unknown', planOf([step('a', { undo: 'b' })])],
    ['role_empty', planOf([humanStep('a', { role: 'nobody' })])],
    ['role_empty', planOf([step('a')], { roles: { lead: ['alice'], operator: [] } })],
    ['automation_only', planOf([humanStep('a')], { roles: { lead: ['alice'], operator: ['bot'] } })],
    ['decider_missing', planOf([step('a')], { deciders: [] })],
    [
      'hold_invalid',
      planOf([step('a')], { builtInHolds: [{ id: 'h', title: 'h', atMs: -1, forMs: 0, release: 'clock' }] }),
    ],
  ])('C15 D06 refuses with %s', (code, plan) => {
    expect(codes(plan)).toContain(code);
    expect(codes(planOf([step('a')]))).toEqual([]);
  });

  it('law 10 says of a planned hold that the count has passed already that it is not held', () => {
    const hold = (id: string, atMs: number) => ({ id, title: id, atMs, forMs: hourMs, release: 'person' as const });
    const plan = planOf([step('a', { timer: { kind: 'offset', offsetMs: 0 } })], {
      builtInHolds: [hold('weather', -20 * dayMs), hold('fuel', -dayMs)],
    });
    const started = startRun(request(plan));
    const told = 'refused' in started ? [] : started.changes.filter(({ kind }) => kind === 'announce');
    expect(told).toMatchObject([{ what: 'late', text: 'built-in hold weather lies behind the count and is not held' }]);
  });

  it('D06 refuses a step that is due before what it needs, and names both', () => {
    const plan = planOf([
      step('write', { timer: { kind: 'offset', offsetMs: -hourMs }, needs: ['approve'] }),
      step('approve', { timer: { kind: 'offset', offsetMs: 0 } }),
    ]);
    const started = startRun(request(plan));
    expect(started).toEqual({
      refused: [{ code: 'order_impossible', reason: 'step write needs approve, which comes due after it' }],
    });
  });

  it('C14 refuses a T-0 that is missing or has passed', () => {
    const plan = planOf([step('a', { timer: { kind: 'offset', offsetMs: 0 } })]);
    expect(codes(plan, { t0Ms: null })).toEqual(['t0_missing']);
    expect(codes(plan, { t0Ms: beganAtMs })).toEqual(['t0_past']);
    expect(codes(planOf([step('a')]), { t0Ms: null })).toEqual([]);
  });

  it('O02 a run that writes to production waits for an approval, of level 2 where a step cannot be taken back', () => {
    const plan = planOf([step('a')], production);
    const final = planOf([step('a', { reversible: false })], production);
    expect(newRun(plan).state).toBe('pending_approval');
    expect(newRun(plan, { approval: approval(1) }).state).toBe('approved');
    expect(codes(final, { approval: approval(1) })).toEqual(['approval_level']);
    expect(newRun(final, { approval: approval(2) }).state).toBe('approved');
    expect(newRun(planOf([step('a', { writes: false })], production)).state).toBe('approved');
  });

  it.each<[string, object, string]>([
    ['all traffic is taken', { do: 'take-back' }, 'approved'],
    ['some of it is taken', { do: 'take-back', to: 50 }, 'pending_approval'],
    ['traffic is shifted', { do: 'shift' }, 'pending_approval'],
  ])('O28 where %s and nothing else is written, the run waits for whom it has to', (_, spec, state) => {
    const action = {
      kind: 'rollout',
      attributes: {},
      text: '',
      at: { file: 'launch.md', line: 1, column: 1 },
      spec: { rollout: 'new-shop', ...spec },
    };
    const plan = planOf([step('zero', { action }), step('look', { writes: false })], production);
    expect(newRun(plan).state).toBe(state);
    expect(newRun(planOf([step('zero', { action }), step('other')], production)).state).toBe('pending_approval');
    expect(newRun({ ...plan, pastReturn: true }).state).toBe('pending_approval');
  });

  it.each([
    ['approval_other_plan', { planHash: 'b2' }],
    ['approval_expired', { expiresAtMs: beganAtMs }],
    ['approval_own', { approver: 'dave' }],
    ['automation', { approver: 'bot' }],
  ])('O02 refuses an approval with %s', (code, over) => {
    expect(codes(planOf([step('a')], production), { approval: approval(3, over) })).toEqual([code]);
  });

  it('C14 a run that begins after a step was due shows since when', () => {
    const plan = planOf([step('a', { timer: { kind: 'offset', offsetMs: -12 * dayMs } })]);
    expect(newRun(plan).steps['a']?.dueAtMs).toBe(beganAtMs - 2 * dayMs);
  });
});

describe('the limits by action class', () => {
  it('O08 are those of the document', () => {
    const seconds = Object.entries(actionClasses).map(([name, { execMs, stepMs, leaseMs }]) => [
      name,
      execMs / 1e3,
      stepMs / 1e3,
      leaseMs / 1e3,
    ]);
    expect(seconds).toEqual([
      ['fast_read', 10, 5, 15],
      ['medium_read', 30, 15, 45],
      ['medium_modify', 30, 20, 60],
      ['long_read', 600, 60, 180],
      ['long_modify', 600, 120, 360],
      ['long_deploy', 600, 180, 540],
      ['human', 86_400, 86_400, 86_400],
    ]);
    expect(Object.values(actionClasses).every(({ maxRenewals }) => maxRenewals === 3)).toBe(true);
  });

  it('O01 the SLA class follows from the limit', () => {
    expect([9_999, 10_000, 30_000, 30_001].map(slaOf)).toEqual(['fast', 'medium', 'medium', 'long']);
  });
});
