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
});
