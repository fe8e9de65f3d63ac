import { z } from 'zod';

import { isBlind, judgeRehearsal } from '../../core/rehearsal/judge-rehearsal.ts';
import type { RehearsalReport } from '../../core/rehearsal/rehearsal-report.ts';
import { undoReportView } from './forecast-view.ts';
import { runState } from './run-view.ts';

/** A rehearsal in a list. */
export const rehearsalLine = z
  .object({
    id: z.string(),
    procedure: z.string(),
    environment: z.string(),
    depth: z.enum(['quick', 'full']),
    planHash: z.string(),
    candidateSha256: z.string(),
    passed: z.boolean(),
    current: z.boolean().describe('whether it is of the plan as the documents have it now'),
    at: z.string(),
  })
  .meta({ id: 'RehearsalLine' });

const pass = z.object({
  id: z.string(),
  title: z.string(),
  run: z.string(),
  takesBack: z.boolean(),
  state: runState,
  passed: z.boolean(),
  findings: z.array(z.string()),
  faults: z.record(z.string(), z.string()),
  missed: z.array(z.string()),
  worked: z.array(z.string()),
  stoodIn: z.array(z.object({ step: z.string().nullable(), why: z.string() })),
  lastedMs: z.number(),
  tookMs: z.number(),
  wayBack: undoReportView.nullable(),
});

/** A rehearsal as it was judged, by its passes, controls and events. */
export const rehearsalView = z
  .object({
    id: z.string(),
    launch: z.string(),
    procedure: z.string(),
    environment: z.string(),
    planHash: z.string(),
    candidateSha256: z.string(),
    depth: z.enum(['quick', 'full']),
    uncommitted: z.array(z.string()).nullable(),
    beganAt: z.string(),
    endedAt: z.string(),
    passed: z.boolean(),
    partial: z.string().nullable().describe('why it says nothing, however it went'),
    findings: z.array(z.string()),
    planned: z.array(z.string()),
    passes: z.array(pass),
    controls: z.array(
      z.object({
        of: z.string(),
        part: z.enum(['step', 'stop', 'return']),
        kind: z.string(),
        outcome: z.enum(['pass', 'fail', 'unknown', 'not_judged']),
        blind: z.boolean().describe('true where it lets a broken target through, and so cannot fail'),
        reason: z.string(),
      }),
    ),
    wayBack: undoReportView.nullable(),
  })
  .meta({ id: 'Rehearsal' });

/** What the API tells of a rehearsal: judged anew, and not by what it says of itself. */
export function toRehearsalView(report: RehearsalReport): z.input<typeof rehearsalView> {
  const { findings, partial, passed, wayBack } = judgeRehearsal(report);
  return {
    ...report,
    findings,
    partial,
    passed,
    wayBack,
    controls: report.controls.map((control) => ({ ...control, blind: isBlind(control) })),
  };
}

/** A rehearsal that this server has begun, as far as it is. */
export const roundView = z
  .object({
    id: z.string(),
    environment: z.string(),
    procedure: z.string(),
    depth: z.enum(['quick', 'full']),
    startedBy: z.string(),
    startedAtMs: z.number(),
    endedAtMs: z.number().nullable().describe('null while it is under way'),
    planned: z.int().describe('how many passes it will have'),
    passes: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        run: z.string().nullable(),
        state: runState.nullable().describe('null until its run is made'),
        endedAtMs: z.number().nullable(),
        steps: z.int(),
        done: z.int(),
      }),
    ),
    rehearsal: z.string().nullable().describe('id of its report, once there is one'),
    passed: z.boolean().nullable(),
    trouble: z.string().nullable(),
  })
  .meta({ id: 'RehearsalRound' });
