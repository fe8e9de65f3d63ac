import { describe, expect, it } from 'vitest';

import type { Change } from './change.ts';
import type { PlannedStep } from './plan.ts';
import {
  approval,
  beganAtMs,
  begun,
  dayMs,
  hourMs,
  humanStep,
  lead,
  minuteMs,
  newRun,
  operator,
  planOf,
  refusalOf,
  step,
  Engine,
} from './runs.fixture.ts';
import { undoPlan } from './undo-plan.ts';

const why = { by: lead, reason: 'because' };
const t0Ms = beganAtMs + 10 * dayMs;
const at = (offsetMs: number): Pick<PlannedStep, 'timer'> => ({ timer: { kind: 'offset', offsetMs } });
const production = { environment: { id: 'production', production: true } };

function running(over: Partial<PlannedStep>): Engine {
  const engine = begun(planOf([step('a', over), step('b', { needs: ['a'] })]));
  engine.give({ kind: 'step_started', step: 'a', atMs: beganAtMs });
  return engine;
}

function kinds(changes: readonly Change[]): string[] {
  return changes.map((change) =>
    change.kind === 'step_moved' || change.kind === 'run_moved' ? change.move : change.kind,
  );
}

describe('interrupted steps', () => {
  const lost = { kind: 'step_interrupted', step: 'a', attempt: 1, detail: 'lease lost', atMs: beganAtMs } as const;

  it('R2 ask: nobody can tell, so a person is asked and nothing runs again', () => {
    const engine = running({ interrupted: 'ask' });
    expect(kinds(engine.give(lost))).toEqual(['lose', 'call', 'lose']);
    expect(engine.run.state).toBe('outcome_unknown');
    engine.give({ kind: 'tick', atMs: beganAtMs + 9 * dayMs });
    expect([engine.state('a'), engine.state('b')]).toEqual(['unknown', 'pending']);
    engine.give({ kind: 'settle', step: 'a', outcome: 'done', ...why, atMs: engine.run.nowMs });
    expect([engine.state('a'), engine.state('b')]).toEqual(['done', 'ready']);
  });

  it('R2 verify: a probe looks, and what it cannot tell is left to a person', () => {
    const probed = (result: 'applied' | 'not_applied' | 'unfinished' | 'unknown'): string => {
      const engine = running({ interrupted: 'verify', maxAttempts: 2 });
      expect(engine.give(lost).find(({ kind }) => kind === 'probe')).toMatchObject({ key: 'run-1/a', attempt: 1 });
      engine.give({ kind: 'step_probed', step: 'a', attempt: 1, result, detail: result, atMs: beganAtMs });
      return engine.state('a');
    };
    expect([probed('applied'), probed('not_applied'), probed('unknown')]).toEqual(['done', 'pending', 'unknown']);
  });

  it('C17 verify: what is begun and not through goes on where it was, and stays in the way back', () => {
    const toTakeBack = (result: 'not_applied' | 'unfinished'): [string, string[]] => {
      const engine = running({ interrupted: 'verify', maxAttempts: 2 });
      engine.give(lost);
      engine.give({ kind: 'step_probed', step: 'a', attempt: 1, result, detail: result, atMs: beganAtMs });
      return [engine.state('a'), undoPlan(engine.run).cannot.map((one) => one.step)];
    };
    expect(toTakeBack('unfinished')).toEqual(['pending', ['a']]);
    expect(toTakeBack('not_applied')).toEqual(['pending', []]);
  });

  it('R2 rerun: again under the same key, and dead after its attempts', () => {
    const engine = running({ interrupted: 'rerun', maxAttempts: 2 });
    engine.give(lost);
    const again = engine.give({ kind: 'tick', atMs: beganAtMs + minuteMs });
    expect(again.find(({ kind }) => kind === 'dispatch')).toMatchObject({ key: 'run-1/a' });
    engine.give({ kind: 'step_started', step: 'a', atMs: engine.run.nowMs });
    engine.give({ ...lost, attempt: 2, atMs: engine.run.nowMs });
    expect([engine.state('a'), engine.run.state]).toEqual(['failed', 'held']);
  });

  it('F5 the report of a stale attempt is refused', () => {
    const engine = running({ interrupted: 'rerun', maxAttempts: 2 });
    engine.give(lost);
    const late = engine.give({
      kind: 'step_ended',
      step: 'a',
      attempt: 1,
      outcome: 'done',
      detail: 'late',
      atMs: beganAtMs,
    });
    expect(refusalOf(late)).toBe('stale_attempt');
  });
});

describe('limits', () => {
  it.each([
    ['fail', 'timed_out', 'timed_out'],
    ['hold', 'timed_out', 'held'],
    ['escalate', 'timed_out', 'waiting_human'],
  ] as const)('O08 past its limit with %s a step is %s and the run %s', (onTimeout, stepState, runState) => {
    const engine = running({ onTimeout });
    const changes = engine.give({ kind: 'tick', atMs: beganAtMs + 2 * minuteMs });
    expect(changes[0]).toMatchObject({ kind: 'stop_step', step: 'a', attempt: 1, cause: 'timeout' });
    expect([engine.state('a'), engine.run.state]).toEqual([stepState, runState]);
  });

  it('O08 one millisecond before the limit nothing happens', () => {
    expect(running({}).give({ kind: 'tick', atMs: beganAtMs + 2 * minuteMs - 1 })).toEqual([]);
  });

  it('law 10 a person who does not act is escalated once, then the run holds', () => {
    const engine = begun(planOf([humanStep('a')]));
    const called = engine.give({ kind: 'tick', atMs: beganAtMs + dayMs }).find(({ kind }) => kind === 'call');
    expect(called).toMatchObject({ people: ['carol', 'alice', 'bob'] });
    engine.give({ kind: 'tick', atMs: beganAtMs + 2 * dayMs });
    expect([engine.state('a'), engine.run.state]).toEqual(['timed_out', 'held']);
  });
});

describe('the count and T-0', () => {
  const plan = planOf([step('a', at(0)), step('b', { timer: { kind: 'at', atMs: t0Ms + hourMs } })]);

  it('C14 a new T-0 moves what hangs on the count and nothing else', () => {
    const engine = begun(plan);
    engine.give({ kind: 'retarget', t0Ms: t0Ms + dayMs, ...why, atMs: beganAtMs });
    engine.give({ kind: 'tick', atMs: t0Ms + 2 * hourMs });
    expect([engine.state('a'), engine.state('b')]).toEqual(['pending', 'ready']);
    expect(engine.run.steps['b']?.dueAtMs).toBe(t0Ms + hourMs);
    engine.give({ kind: 'tick', atMs: t0Ms + dayMs });
    expect([engine.state('a'), engine.run.steps['a']?.dueAtMs]).toEqual(['ready', t0Ms + dayMs]);
  });

  it('C14 T-0 does not move once it has begun, nor into the past', () => {
    const engine = begun(plan);
    expect(refusalOf(engine.give({ kind: 'retarget', t0Ms: beganAtMs, ...why, atMs: beganAtMs }))).toBe('t0_past');
    engine.give({ kind: 'tick', atMs: t0Ms });
    expect(refusalOf(engine.give({ kind: 'retarget', t0Ms: t0Ms + dayMs, ...why, atMs: t0Ms }))).toBe('t0_begun');
  });

  it('C14 a step that was handed out is taken back when T-0 moves away from it', () => {
    const engine = begun(planOf([step('a', at(-hourMs))]));
    engine.give({ kind: 'tick', atMs: t0Ms - hourMs });
    expect(engine.state('a')).toBe('ready');
    engine.give({ kind: 'retarget', t0Ms: t0Ms + dayMs, ...why, atMs: t0Ms - hourMs });
    expect([engine.state('a'), engine.run.steps['a']?.dueAtMs]).toEqual(['pending', null]);
  });

  it('C14 a hold that stops the count moves T-0 by its length, one that does not makes steps late', () => {
    const held = (count: 'runs' | 'stops'): Engine => {
      const engine = begun(planOf([step('a', at(0))]));
      engine.give({
        kind: 'hold',
        hold: { id: 'h', scope: 'run', subject: null, mode: 'boundary', count },
        ...why,
        atMs: t0Ms - hourMs,
      });
      engine.give({ kind: 'release', hold: 'h', ...why, atMs: t0Ms + hourMs });
      return engine;
    };
    expect(held('runs').run.steps['a']).toMatchObject({ state: 'ready', dueAtMs: t0Ms });
    expect(held('stops').run.steps['a']).toMatchObject({ state: 'pending', dueAtMs: null });
  });

  it('C14 a recycle repeats what reads under a new key, keeps what writes, and is refused past the return', () => {
    const engine = begun(
      planOf(
        [
          step('look', { ...at(-2 * hourMs), writes: false, onRecycle: 'repeat' }),
          step('write', { ...at(-hourMs), needs: ['look'] }),
          step('go', { ...at(0), needs: ['write'] }),
        ],
        {
          recyclePoints: [{ id: 'p', title: 'p', atMs: -3 * hourMs }],
        },
      ),
    );
    engine.give({ kind: 'tick', atMs: t0Ms - hourMs });
    engine.work('look');
    engine.work('write');
    engine.give({ kind: 'recycle', point: 'p', ...why, atMs: t0Ms - minuteMs });
    expect([engine.state('look'), engine.state('write')]).toEqual(['pending', 'done']);
    const again = engine.give({ kind: 'tick', atMs: t0Ms - minuteMs + hourMs });
    expect(again.find(({ kind }) => kind === 'dispatch')).toMatchObject({ key: 'run-1/look/1' });
    engine.give({
      kind: 'return_seen',
      point: 'return-1',
      result: 'crossed',
      detail: 'order 201',
      atMs: engine.run.nowMs,
    });
    expect(refusalOf(engine.give({ kind: 'recycle', point: 'p', ...why, atMs: engine.run.nowMs }))).toBe('past_return');
  });

  it('law 10 a step that is too late asks before it begins', () => {
    const engine = begun(planOf([step('a', { ...at(0), askWhenLateMs: hourMs })]));
    engine.give({ kind: 'tick', atMs: t0Ms + 2 * hourMs });
    expect(engine.run.steps['a']?.wait).toMatchObject({ for: 'late-start', people: ['alice', 'bob'] });
    expect(refusalOf(engine.give({ kind: 'confirm', step: 'a', by: lead, proof: '', atMs: engine.run.nowMs }))).toBe(
      'step_state',
    );
    engine.give({ kind: 'permit_late', step: 'a', ...why, atMs: engine.run.nowMs });
    expect(engine.state('a')).toBe('ready');
  });
});

describe('cancel and undo', () => {
  const plan = planOf(
    ['a', 'b', 'c'].map((id, index, all) =>
      step(id, {
        needs: index === 0 ? [] : [all[index - 1]!],
        undo: `un-${id}`,
        undoAfterReturn: id === 'b' ? 'keep-b' : null,
      }),
    ),
    { undoSteps: [step('un-a'), step('un-b'), step('un-c'), step('keep-b')] },
  );

  function twoDone(): Engine {
    const engine = begun(plan);
    engine.work('a');
    engine.work('b', beganAtMs + minuteMs);
    return engine;
  }

  it('O07 cancel asks what runs to end, waits for it, then cleans up in reverse order; twice is once', () => {
    const engine = twoDone();
    engine.give({ kind: 'step_started', step: 'c', atMs: engine.run.nowMs });
    const cancel = {
      kind: 'cancel',
      cause: 'user_initiated',
      takeBack: true,
      approval: null,
      ...why,
      atMs: engine.run.nowMs,
    } as const;
    expect(kinds(engine.give(cancel))).toEqual(expect.arrayContaining(['stop', 'stop_step']));
    expect(engine.give(cancel)).toEqual([]);
    engine.give({
      kind: 'step_ended',
      step: 'c',
      attempt: 1,
      outcome: 'stopped',
      detail: 'SIGTERM',
      atMs: engine.run.nowMs,
    });
    expect(engine.run.state).toBe('undoing');
    expect(engine.give(cancel)).toEqual([]);
    for (const undo of ['un-c', 'un-b', 'un-a']) {
      expect(engine.state(undo)).toBe('ready');
      engine.work(undo);
    }
    expect(engine.run.state).toBe('cancelled');
    expect(engine.give(cancel)).toEqual([]);
  });

  it('O07 a worker that does not stop in 30 s leaves an unknown outcome, and the run does not say that it was cancelled', () => {
    const engine = running({});
    engine.give({ kind: 'cancel', cause: 'system_shutdown', takeBack: false, approval: null, ...why, atMs: beganAtMs });
    engine.give({ kind: 'tick', atMs: beganAtMs + 29_999 });
    expect(engine.run.state).toBe('stopping');
    engine.give({ kind: 'tick', atMs: beganAtMs + 30_000 });
    expect([engine.state('a'), engine.run.state]).toEqual(['unknown', 'partial']);
  });

  it('F12 T31 undo takes back what was done, newest first, and ends rolled back with its times', () => {
    const engine = twoDone();
    engine.give({ kind: 'undo', approval: null, ...why, atMs: engine.run.nowMs });
    engine.work('un-b', engine.run.nowMs + minuteMs);
    engine.work('un-a', engine.run.nowMs + minuteMs);
    expect(engine.run.state).toBe('rolled_back');
    expect(engine.run.endedAtMs).toBe(beganAtMs + 3 * minuteMs);
  });

  it('C16 past the point of no return the other way back runs, with an approval of its own, and the rest is named', () => {
    const engine = twoDone();
    const crossed = engine.give({
      kind: 'return_seen',
      point: 'return-1',
      result: 'crossed',
      detail: 'order 201',
      atMs: engine.run.nowMs,
    });
    expect(kinds(crossed)).toEqual(['return_moved', 'announce']);
    const undo = { kind: 'undo', ...why, atMs: engine.run.nowMs } as const;
    expect(refusalOf(engine.give({ ...undo, approval: null }))).toBe('approval_missing');
    expect(refusalOf(engine.give({ ...undo, approval: approval(1) }))).toBe('approval_level');
    engine.give({ ...undo, approval: approval(2) });
    expect(undoPlan(engine.run)).toMatchObject({
      variant: 'partial-write',
      steps: [{ step: 'keep-b', undoes: ['b'], certain: true }],
    });
    engine.work('keep-b');
    expect([engine.run.state, engine.events.at(-1)]).toMatchObject([
      'partial',
      { reason: expect.stringContaining('a: un-a would destroy') as string },
    ]);
  });

  it('F72 a point of no return that cannot be read holds, and counts as crossed for the way back', () => {
    const engine = twoDone();
    engine.give({
      kind: 'return_seen',
      point: 'return-1',
      result: 'unknown',
      detail: 'no connection',
      atMs: engine.run.nowMs,
    });
    expect([engine.run.state, undoPlan(engine.run).variant]).toEqual(['held', 'partial-write']);
    engine.give({ kind: 'return_seen', point: 'return-1', result: 'ahead', detail: '0', atMs: engine.run.nowMs });
    expect([engine.run.state, undoPlan(engine.run).variant]).toEqual(['running', 'full']);
  });

  it('C16 crossed while the full undo runs, the undo is held', () => {
    const engine = twoDone();
    engine.give({ kind: 'undo', approval: null, ...why, atMs: engine.run.nowMs });
    engine.give({
      kind: 'return_seen',
      point: 'return-1',
      result: 'crossed',
      detail: 'order 201',
      atMs: engine.run.nowMs,
    });
    expect([engine.state('un-b'), engine.run.holds[0]?.cause]).toEqual(['pending', 'return-crossed']);
  });

  it('C17 while a run is taken back its forward steps cannot be asked for again, nor skipped', () => {
    const engine = twoDone();
    engine.work('c', engine.run.nowMs, 'failed');
    engine.give({ kind: 'undo', approval: null, ...why, atMs: engine.run.nowMs });
    expect(engine.run.state).toBe('undoing');
    for (const kind of ['retry', 'skip'] as const) {
      expect(refusalOf(engine.give({ kind, step: 'c', ...why, atMs: engine.run.nowMs }))).toBe('run_undoing');
    }
  });

  it('F71 an undo step whose worker dies is not taken for done, and the run is not promoted again', () => {
    const engine = twoDone();
    engine.give({ kind: 'undo', approval: null, ...why, atMs: engine.run.nowMs });
    engine.give({ kind: 'step_started', step: 'un-b', atMs: engine.run.nowMs });
    engine.give({ kind: 'step_interrupted', step: 'un-b', attempt: 1, detail: 'killed', atMs: engine.run.nowMs });
    expect([engine.run.state, engine.state('un-b'), engine.state('un-a')]).toEqual(['undoing', 'unknown', 'pending']);
  });
});

describe('holds and stop conditions', () => {
  it('C14 a stop condition that is met holds until somebody who decides lifts it', () => {
    const engine = begun(planOf([step('a')]));
    engine.give({ kind: 'stop_seen', stop: 'stop-1', result: 'met', detail: '199', atMs: beganAtMs });
    expect([engine.run.state, engine.state('a')]).toEqual(['held', 'pending']);
    engine.give({ kind: 'stop_seen', stop: 'stop-1', result: 'clear', detail: '200', atMs: beganAtMs });
    expect(engine.run.state).toBe('held');
    const release = { kind: 'release', hold: 'stop:stop-1', reason: 'found it', atMs: beganAtMs } as const;
    expect(refusalOf(engine.give({ ...release, by: operator }))).toBe('role_missing');
    engine.give({ ...release, by: lead });
    expect(engine.state('a')).toBe('ready');
  });

  it('D11 an approval that expires after a step was handed out stops it at the worker', () => {
    const engine = new Engine(
      newRun(planOf([step('a')], production), { approval: approval(1, { expiresAtMs: beganAtMs + hourMs }) }),
    );
    engine.give({ kind: 'start', atMs: beganAtMs });
    expect(engine.state('a')).toBe('ready');
    expect(refusalOf(engine.give({ kind: 'step_started', step: 'a', atMs: beganAtMs + hourMs }))).toBe(
      'approval_expired',
    );
    engine.give({ kind: 'tick', atMs: beganAtMs + hourMs });
    expect(engine.state('a')).toBe('pending');
    engine.give({ kind: 'approve', approval: approval(1, { id: 'ap-new' }), atMs: beganAtMs + hourMs });
    expect(engine.state('a')).toBe('ready');
  });
});
