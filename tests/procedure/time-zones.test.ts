import { describe, expect, it } from 'vitest';

import type { Launch } from '../../src/core/launch/launch.ts';
import { explainRun } from '../../src/core/procedure/explain-run.ts';
import { defaultPlanSettings, planProcedure } from '../../src/core/procedure/plan-procedure.ts';
import type { Run } from '../../src/core/procedure/run.ts';
import { startRun } from '../../src/core/procedure/start-run.ts';
import { launchWith, problemLines, readTexts } from '../spec/problem-lines.ts';
import { runVirtually } from './run-virtually.ts';

const hourMs = 3_600_000;
const step = (id: string): string => `1. ${id} {#${id}}\n\n   \`\`\`sh\n   true\n   \`\`\`\n\n`;
const runbook = `## Runbook\n\n### T-1d Prepare\n\n${step('day-before')}### T-1h Get ready\n\n${step('hour-before')}### T-0 Switch\n\n${step('switch')}### T+1d Look back\n\n${step('day-after')}`;

function readAt(t0: string): { launch: Launch; planHash: string } {
  const result = readTexts({ 'launch.md': launchWith({ front: `t0: ${t0}\n`, body: runbook }) });
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result;
}

/** A run of the launch, ordered two days before T-0. */
function orderRun({ launch }: { launch: Launch }): Run {
  const plan = planProcedure(launch, 'runbook', defaultPlanSettings);
  if ('faults' in plan) throw new Error(plan.faults.map(({ reason }) => reason).join('; '));
  const t0Ms = Date.parse(launch.t0!);
  const atMs = t0Ms - 48 * hourMs;
  const approval = {
    id: 'ap',
    level: 3,
    planHash: plan.planHash,
    approver: 'bob',
    expiresAtMs: t0Ms + 96 * hourMs,
  } as const;
  const started = startRun({ id: 'run', plan, mode: 'live', requestedBy: 'dave', t0Ms, atMs, approval });
  if ('refused' in started) throw new Error(started.refused.map(({ reason }) => reason).join('; '));
  return started.run;
}

describe('T-0 where the clocks on the wall do not go on evenly', () => {
  it.each([
    // Where the hour is left out, 02:30+01:00 stands on no wall, and is an instant all the same; where it comes twice, the offset says which is meant.
    ['2027-03-28T02:30:00+01:00', '2027-03-28T01:30:00.000Z'],
    ['2027-10-31T02:30:00+02:00', '2027-10-31T00:30:00.000Z'],
    ['2027-10-31T02:30:00+01:00', '2027-10-31T01:30:00.000Z'],
    ['2028-02-29T23:59:59-05:00', '2028-03-01T04:59:59.000Z'],
    ['2027-04-04T01:45:00+10:30', '2027-04-03T15:15:00.000Z'],
  ])('F61 %s is %s, and every step comes at its distance from it, a day of 24 hours', (written, instant) => {
    const t0Ms = Date.parse(instant);
    const { run } = runVirtually(orderRun(readAt(written)), t0Ms + 48 * hourMs);
    expect(run.state).toBe('completed');
    const due = Object.values(run.steps).map(({ id, dueAtMs }) => [id, (dueAtMs! - t0Ms) / hourMs]);
    expect(due).toEqual([
      ['day-before', -24],
      ['hour-before', -1],
      ['switch', 0],
      ['day-after', 24],
    ]);
    for (const { startedAtMs, dueAtMs } of Object.values(run.steps)) expect(startedAtMs! - dueAtMs!).toBe(1_000);
  });

  it('F61 the count stands at T-1d exactly 24 hours before, though the wall shows another hour', () => {
    const t0Ms = Date.parse('2027-03-28T12:00:00+02:00');
    const { run } = runVirtually(orderRun(readAt('2027-03-28T12:00:00+02:00')), t0Ms - 24 * hourMs - 1);
    expect(explainRun(run, t0Ms - 24 * hourMs)).toMatchObject({ countMs: -24 * hourMs, t0Ms, isCounting: true });
  });

  it('F61 another offset written at the same wall time is another instant and another plan; the run that counts keeps its own', () => {
    const [winter, summer] = [readAt('2027-10-31T02:30:00+01:00'), readAt('2027-10-31T02:30:00+02:00')];
    expect(Date.parse(winter.launch.t0!) - Date.parse(summer.launch.t0!)).toBe(hourMs);
    expect(winter.planHash).not.toBe(summer.planHash);
    const run = orderRun(winter);
    expect(explainRun(run, run.createdAtMs).t0Ms).toBe(Date.parse(winter.launch.t0!));
  });

  it.each(['2027-02-29T12:00:00Z', '2027-10-31T02:30:00', '2027-10-31T24:30:00Z', '2027-10-31 02:30 Europe/Berlin'])(
    'F61 %s is no moment',
    (written) => {
      const result = readTexts({ 'launch.md': launchWith({ front: `t0: "${written}"\n`, body: runbook }) });
      expect(problemLines(result).join('\n')).toContain('t0');
    },
  );
});
