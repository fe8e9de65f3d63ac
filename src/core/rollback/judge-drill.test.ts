import { digestOf } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { StepAction } from '../launch/launch.ts';
import type { Change } from '../procedure/change.ts';
import type { PlannedStep } from '../procedure/plan.ts';
import type { Run } from '../procedure/run.ts';
import type { DrillReport, DrillRun } from './drill-report.ts';
import { judgeDrill } from './judge-drill.ts';

const atMs = Date.parse('2026-11-22T06:00:00.000Z');
const planHash = 'a'.repeat(64);
const base = {
  title: '',
  human: false,
  role: null,
  needs: [],
  timer: { kind: 'ready' },
  proof: null,
  probe: null,
  pause: null,
  reversible: true,
  undo: null,
  undoAfterReturn: null,
  assets: [],
  limitMs: null,
  onFail: 'fail',
  onTimeout: 'fail',
  interrupted: 'rerun',
  maxAttempts: 1,
  askWhenLateMs: null,
  onRecycle: 'repeat',
};

const toAction = (kind: string, spec: StepAction['spec']): StepAction => ({ kind, spec }) as StepAction;
const sh = toAction('sh', null);
const sql = toAction('check', { kind: 'check', check: { kind: 'sql', query: 'select count(*) as value from orders' } });
const page = toAction('check', { kind: 'check', check: { kind: 'http', url: 'http://127.0.0.1:9/' } });

/** What a step of a run is, and how it went. */
interface Went {
  id: string;
  action: StepAction;
  writes?: boolean;
  state?: 'done' | 'failed';
  detail?: string;
  /** How often a worker took it; 0 where somebody was stood in for. */
  attempt?: number;
}

/** A run of the procedure `back` whose steps came one after another, a second each, as its events say. */
function runOf(id: string, ended: 'completed' | 'failed', went: readonly Went[]): DrillRun {
  const planned = went.map(
    ({ id: step, action, writes = false }) =>
      ({ ...base, id: step, action, writes, actionClass: writes ? 'write' : 'fast_read' }) as unknown as PlannedStep,
  );
  const steps = Object.fromEntries(
    went.map(({ id: step, state = 'done', detail = '', attempt = 1 }, place) => [
      step,
      {
        id: step,
        part: 'forward',
        state,
        attempt,
        detail,
        startedAtMs: atMs + place * 1_000,
        endedAtMs: atMs + (place + 1) * 1_000,
      },
    ]),
  );
  const plan = {
    id: 'back',
    title: '',
    planHash,
    environment: { id: 'staging', production: false },
    steps: planned,
    undoSteps: [],
    roles: {},
    automations: [],
    deciders: [],
    builtInHolds: [],
    recyclePoints: [],
    stops: [],
    pointsOfNoReturn: [],
    queueLimitMs: null,
    limitMs: null,
  };
  const run = {
    id,
    mode: 'rehearsal',
    plan,
    state: ended,
    requestedBy: 'lea',
    createdAtMs: atMs,
    enqueuedAtMs: atMs,
    startedAtMs: atMs,
    endedAtMs: atMs,
    nowMs: atMs,
    approval: null,
    clock: null,
    steps,
    holds: [],
    returnPoint: { state: 'ahead', by: null, atMs: null, announced: false },
    ending: null,
    endingReason: null,
    undoing: false,
  } as unknown as Run;
  const log: Change[] = [{ kind: 'run_created', atMs, run }];
  return { run: id, state: ended, stoodIn: [], events: { count: 1, sha256: digestOf(log) }, log };
}

const restore: Went = { id: 'restore', action: sh, writes: true, detail: 'sh: exit status 0' };
const seen: Went = { id: 'seen', action: page, detail: 'http: pass, got 200' };
const count = (rows: number): Went => ({
  id: 'count',
  action: sql,
  detail: `sql orders: pass, value exists: got ${rows}`,
});

function report(over: Partial<DrillReport> = {}): DrillReport {
  return {
    format: 'tminus/drill/1',
    id: 'drill-1',
    launch: 'shop',
    procedure: 'back',
    kind: 'immediate',
    withinMs: 300_000,
    ledger: null,
    environment: 'staging',
    simulated: false,
    planHash,
    candidates: { staging: 'b'.repeat(64) },
    uncommitted: [],
    beganAt: '2026-11-22T06:00:00.000Z',
    endedAt: '2026-11-22T06:01:00.000Z',
    signedBy: 'key',
    passed: true,
    forward: null,
    ledgerBefore: null,
    controls: [{ step: 'seen', run: runOf('control', 'failed', [{ ...seen, state: 'failed' }]) }],
    back: runOf('back-1', 'completed', [restore, seen]),
    ...over,
  };
}

const recovery = (before: DrillRun | null, after: Went): DrillReport =>
  report({
    kind: 'recovery',
    ledger: after.id,
    controls: [],
    ledgerBefore: before,
    back: runOf('b', 'completed', [restore, after]),
  });
const before = (went: Went): DrillRun => runOf('ledger', 'completed', [went]);

describe('a drill, judged by its events', () => {
  it('T31 passes where it was in time, and what looks at the end had not been content before', () => {
    expect(judgeDrill(report())).toMatchObject({
      partial: null,
      findings: [],
      passed: true,
      changedMs: 1_000,
      tookMs: 2_000,
    });
  });

  it.each<[string, Partial<DrillReport>, RegExp]>([
    ['late', { withinMs: 1_999 }, /within 1999 ms, got 2000/],
    ['not completed', { back: runOf('b', 'failed', [restore, seen]) }, /to be completed, got failed/],
    ['not looked at in the end', { back: runOf('b', 'completed', [seen, restore]) }, /nothing looked after/],
    ['content before', { controls: [{ step: 'seen', run: runOf('c', 'completed', [seen]) }] }, /was content before/],
    ['not gone forward', { forward: runOf('f', 'failed', [restore]) }, /forward: expected completed, got failed/],
  ])('T31 fails where it was %s', (_, over, why) => {
    const { passed, findings } = judgeDrill(report(over));
    expect([passed, findings]).toEqual([false, [expect.stringMatching(why)]]);
  });

  it.each<[string, Partial<DrillReport>, RegExp]>([
    ['tried nothing beforehand', { controls: [] }, /no step that looks was tried/],
    ['was simulated', { simulated: true }, /simulated/],
    ['was stood in for', { back: runOf('b', 'completed', [{ ...restore, attempt: 0 }, seen]) }, /no worker took/],
    ['counts nothing in a recovery', { kind: 'recovery', controls: [] }, /nothing was counted/],
  ])('T31 says nothing where it %s', (_, over, why) => {
    const { passed, partial } = judgeDrill(report(over));
    expect([passed, partial]).toEqual([false, expect.stringMatching(why)]);
  });

  it('O30 passes a recovery only where the same number was counted before and after', () => {
    expect(judgeDrill(recovery(before(count(3)), count(3)))).toMatchObject({
      partial: null,
      findings: [],
      passed: true,
    });
    expect(judgeDrill(recovery(before(count(3)), count(6))).findings).toEqual([
      expect.stringMatching(/got 3, got .*got 6/),
    ]);
    expect(judgeDrill(recovery(null, count(3))).findings).toEqual([
      expect.stringMatching(/a count before the trigger, got none/),
    ]);
  });

  it.each([
    ['a program', sh],
    ['a page', page],
  ])('O30 fails where the ledger is %s, which says the same whatever was lost', (_, action) => {
    const same: Went = { id: 'count', action, detail: 'the same words' };
    expect(judgeDrill(recovery(before(same), same)).findings).toEqual([expect.stringMatching(/words say no number/)]);
  });

  it('O30 a ledger that another kind of way back declares is held against its count, too', () => {
    const counted = { ledger: 'count', back: runOf('b', 'completed', [restore, seen, count(3)]) };
    expect(judgeDrill(report({ ...counted, ledgerBefore: before(count(3)) })).passed).toBe(true);
    expect(judgeDrill(report(counted))).toMatchObject({
      passed: false,
      findings: [expect.stringMatching(/before the trigger, got none/)],
    });
  });

  it('T31 refuses events that are not those of its digest, or of another procedure', () => {
    const { back } = report();
    expect(() => judgeDrill(report({ back: { ...back, events: { ...back.events, count: 2 } } }))).toThrow(
      'events of its digest',
    );
    expect(() => judgeDrill(report({ procedure: 'other' }))).toThrow('expected a run of other');
  });
});
