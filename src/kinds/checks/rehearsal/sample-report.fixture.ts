import { createLogKey, digestOf } from '@tminus/verify';

import type { Change } from '../../../core/procedure/change.ts';
import { beganAtMs, begun, lead, minuteMs, planOf, step } from '../../../core/procedure/runs.fixture.ts';
import type { PassReport, RehearsalReport } from '../../../core/rehearsal/rehearsal-report.ts';
import { toReportFile } from './report-file.ts';

export const sampleKey = createLogKey('tminus/shop/1', Buffer.alloc(32, 1));
export const otherKey = createLogKey('tminus/shop/2', Buffer.alloc(32, 2));
export const planHash = 'a1'.repeat(32);
export const candidate = 'b2'.repeat(32);
export const rehearsedAt = '2026-12-01T08:00:00.000Z';

/** Events of a run whose one step was done and taken back within so many minutes, by the state machine that really decides. */
export function wayBackEvents(minutes = 2, plan = planHash): Change[] {
  const steps = [step('copy', { undo: 'drop-copy' }), step('more', { needs: ['copy'] })];
  const engine = begun(planOf(steps, { planHash: plan, undoSteps: [step('drop-copy')] }), { mode: 'rehearsal' });
  engine.work('copy');
  engine.give({ kind: 'undo', approval: null, by: lead, reason: 'rehearsed', atMs: beganAtMs });
  engine.give({ kind: 'step_started', step: 'drop-copy', atMs: beganAtMs });
  const attempt = engine.run.steps['drop-copy']?.attempt ?? 0;
  const atMs = beganAtMs + minutes * minuteMs;
  engine.give({ kind: 'step_ended', step: 'drop-copy', attempt, outcome: 'done', detail: 'ok', atMs });
  return engine.events;
}

export function forwardPass(over: Partial<PassReport> = {}): PassReport {
  return {
    id: 'forward',
    title: 'every step, as planned',
    run: 'run-0',
    takesBack: false,
    state: 'completed',
    passed: true,
    findings: [],
    faults: {},
    missed: [],
    worked: ['copy'],
    stoodIn: [],
    lastedMs: minuteMs,
    tookMs: 1_000,
    wayBack: null,
    events: { count: 12, sha256: '0'.repeat(64) },
    log: null,
    ...over,
  };
}

export function wayBackPass(over: Partial<PassReport> = {}, log = wayBackEvents()): PassReport {
  const events = { count: log.length, sha256: digestOf(log) };
  return forwardPass({ id: 'way-back', run: 'run-1', takesBack: true, state: 'rolled_back', events, log, ...over });
}

/** A rehearsal that passed. */
export function sampleReport(over: Partial<RehearsalReport> = {}): RehearsalReport {
  return {
    format: 'tminus/rehearsal/1',
    id: 'rehearsal-1',
    launch: 'shop',
    procedure: 'runbook',
    environment: 'staging',
    planHash,
    candidateSha256: 'c3'.repeat(32),
    candidates: { staging: 'c3'.repeat(32), production: candidate },
    depth: 'full',
    uncommitted: [],
    beganAt: rehearsedAt,
    endedAt: rehearsedAt,
    signedBy: sampleKey.text,
    passed: true,
    planned: ['forward', 'way-back'],
    passes: [forwardPass(), wayBackPass()],
    controls: [{ of: 'return-1', part: 'return', kind: 'sql', outcome: 'fail', reason: 'rows[0].n == 0: fail' }],
    ...over,
  };
}

/** The file of a report, signed by the key that it names unless told otherwise. */
export function sampleFile(over: Partial<RehearsalReport> = {}, key = sampleKey): string {
  return toReportFile(sampleReport({ signedBy: key.text, ...over }), key);
}
