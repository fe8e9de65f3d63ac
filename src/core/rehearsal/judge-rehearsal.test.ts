import { describe, expect, it } from 'vitest';

import { forwardPass, sampleReport, wayBackPass } from '../../kinds/checks/rehearsal/sample-report.fixture.ts';
import type { Change } from '../procedure/change.ts';
import { beganAtMs, begun, lead, planOf, step } from '../procedure/runs.fixture.ts';
import { judgeRehearsal } from './judge-rehearsal.ts';

/** Events of a run that was taken back before its first step had begun. */
function emptyWayBack(planHash: string): Change[] {
  const steps = [step('copy', { undo: 'drop-copy' })];
  const engine = begun(planOf(steps, { planHash, undoSteps: [step('drop-copy')] }), { mode: 'rehearsal' });
  engine.give({ kind: 'undo', approval: null, by: lead, reason: 'too early', atMs: beganAtMs });
  return engine.events;
}

/** Events of a run whose only undo was done by somebody in the place of a person. */
function stoodInWayBack(planHash: string): Change[] {
  const steps = [step('copy', { undo: 'call-back' }), step('more', { needs: ['copy'] })];
  const undoSteps = [step('call-back', { human: true, role: 'lead' })];
  const engine = begun(planOf(steps, { planHash, undoSteps }), { mode: 'rehearsal' });
  engine.work('copy');
  engine.give({ kind: 'undo', approval: null, by: lead, reason: 'rehearsed', atMs: beganAtMs });
  engine.give({ kind: 'confirm', step: 'call-back', by: lead, proof: 'stood in for', atMs: beganAtMs });
  return engine.events;
}

describe('judgeRehearsal', () => {
  it('C07 law 9 passes a rehearsal whose way back took something back', () => {
    const { passed, findings, wayBack } = judgeRehearsal(sampleReport());
    expect([passed, findings, wayBack?.steps.map((one) => one.step)]).toEqual([true, [], ['drop-copy']]);
  });

  it('law 9 does not pass one whose way back was gone before anything had been done', () => {
    const report = sampleReport();
    const passes = [forwardPass(), wayBackPass({}, emptyWayBack(report.planHash))];
    expect(judgeRehearsal({ ...report, passes })).toMatchObject({
      passed: false,
      findings: ['the way back was gone before anything had been done: nothing was taken back'],
    });
  });

  it('law 9 one in which people were stood in for in every step says nothing', () => {
    const passes = [forwardPass({ worked: [] }), wayBackPass()];
    expect(judgeRehearsal(sampleReport({ passes }))).toMatchObject({
      passed: false,
      partial: 'no worker did a step in it: people were stood in for',
    });
    const crashed = forwardPass({ id: 'fails', faults: { copy: 'fails' } });
    expect(judgeRehearsal(sampleReport({ passes: [...passes, crashed] })).partial).toContain('no worker did a step');
  });

  it('law 9 one whose way back was only stood in for says nothing', () => {
    const report = sampleReport();
    const way = stoodInWayBack(report.planHash);
    const judged = judgeRehearsal({ ...report, passes: [forwardPass(), wayBackPass({}, way)] });
    expect(judged.wayBack?.steps.map((one) => [one.step, one.state])).toEqual([['call-back', 'done']]);
    expect(judged).toMatchObject({
      passed: false,
      partial: 'no worker took anything back in it: people were stood in for',
    });
  });

  it('does not pass one in which a fault that was planted did not happen', () => {
    const missed = forwardPass({ id: 'fails', faults: { copy: 'fails' }, missed: ['copy'] });
    expect(judgeRehearsal(sampleReport({ passes: [forwardPass(), wayBackPass(), missed] }))).toMatchObject({
      passed: false,
      findings: ['fails: expected the planted fault in copy, got none'],
    });
  });

  it('law 2 does not pass one in which a gate was not tried on a broken target', () => {
    const controls = [{ of: 'go', part: 'step', kind: 'http', outcome: 'not_judged', reason: 'no such kind' } as const];
    expect(judgeRehearsal(sampleReport({ controls: [...controls] }))).toMatchObject({
      passed: false,
      findings: ['go: expected the http check to be tried on a broken target, got none'],
    });
  });
});
