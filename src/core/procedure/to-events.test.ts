import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Change } from './change.ts';
import { decide } from './decide.ts';
import { renderEventTypes, runEventTypes } from './run-event-types.ts';
import { approval, beganAtMs, begun, Engine, humanStep, lead, newRun, planOf, step } from './runs.fixture.ts';
import { runIn } from './states.fixture.ts';
import { toEvents } from './to-events.ts';
import type { RunEvent } from './to-events.ts';
import { hasLoss } from './turns.fixture.ts';
import { walk } from './walks.fixture.ts';

const choices = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 20, maxLength: 120, size: 'max' });
const production = { environment: { id: 'production', production: true } };

type ToEvents = typeof toEvents;

/** Endings of a run by state, said here once more: an event that says less or more is a lie. */
const endings: { [state: string]: string } = {
  completed: 'execution.completed',
  failed: 'execution.failed',
  timed_out: 'execution.failed',
  partial: 'execution.failed',
  cancelled: 'execution.cancelled',
  rolled_back: 'execution.cancelled',
  rejected: 'approval.rejected',
};
const stepEndings: { [state: string]: string } = {
  done: 'step.completed',
  skipped: 'step.skipped',
  cancelled: 'step.skipped',
  failed: 'step.failed',
  timed_out: 'step.failed',
};

/** What is wrong with the events of a walk, or null. */
function faultIn(tell: ToEvents, numbers: readonly number[]): string | null {
  for (const { before, changes, after } of walk(decide, numbers)) {
    const events = tell(after, changes);
    const untold = changes.findIndex((_, place) => events.every(({ change }) => change !== place));
    if (untold >= 0) return `nothing tells of ${JSON.stringify(changes[untold])}`;
    if (events.some(({ type, text }) => !(type in runEventTypes) || text.trim() === '')) return 'a type or no words';
    if (events.some(({ change, atMs }) => changes[change]?.atMs !== atMs)) return 'at another time';
    if (hasLoss(events)) return 'it cannot be written down';
    const wanted = before.state === after.state ? undefined : endings[after.state];
    if (wanted && !events.some(({ type }) => type === wanted)) return `no ${wanted}`;
    if (!wanted && events.some(({ type }) => Object.values(endings).includes(type))) return 'an ending that was none';
    for (const { id, state } of Object.values(after.steps)) {
      const ended = before.steps[id]?.state === state ? undefined : stepEndings[state];
      if (ended && !events.some(({ type, step: one }) => type === ended && one === id)) return `no ${ended} of ${id}`;
    }
  }
  return null;
}

function replacing(test: (event: RunEvent) => boolean, over: (event: RunEvent) => RunEvent[]): ToEvents {
  return (run, changes) => toEvents(run, changes).flatMap((event) => (test(event) ? over(event) : [event]));
}

const bugs: { [name: string]: ToEvents } = {
  'refused inputs are silent': replacing(
    ({ data }) => data['what'] === 'refused',
    () => [],
  ),
  'calls are silent': replacing(
    ({ data }) => data['what'] === 'call',
    () => [],
  ),
  'skipped looks completed': replacing(
    ({ type }) => type === 'step.skipped',
    (event) => [{ ...event, type: 'step.completed' }],
  ),
  'partial looks completed': replacing(
    ({ data }) => data['state'] === 'partial',
    (event) => [{ ...event, type: 'execution.completed' }],
  ),
  'a cancelled run looks failed': replacing(
    ({ type }) => type === 'execution.cancelled',
    (event) => [{ ...event, type: 'execution.failed' }],
  ),
  'a held run looks ended': replacing(
    ({ type }) => type === 'execution.held',
    (event) => [{ ...event, type: 'execution.failed' }],
  ),
  'events of the past are told now': (run, changes) =>
    toEvents(run, changes).map((event) => ({ ...event, atMs: event.atMs + 1 })),
};

describe('toEvents', () => {
  it('O15 there are exactly 18 types in four families', () => {
    const types = Object.keys(runEventTypes);
    expect(types).toHaveLength(18);
    expect([...new Set(types.map((type) => type.split('.')[0]))]).toEqual(['execution', 'step', 'approval', 'system']);
    expect(renderEventTypes().split('\n')).toHaveLength(20);
    expect(renderEventTypes()).toContain('| `step.started` | a worker began it; `attempt` says which time |');
  });

  it('O15 every change is told, at its time, and every ending as what it is', () => {
    fc.assert(
      fc.property(choices, (numbers) => {
        expect(faultIn(toEvents, numbers)).toBeNull();
      }),
      { numRuns: 400, seed: 7 },
    );
  });

  it.each(Object.keys(bugs))('R7 a planted bug is caught: %s', (name) => {
    const caught = fc.check(
      fc.property(choices, (numbers) => faultIn(bugs[name]!, numbers) === null),
      { numRuns: 800, seed: 7, endOnFailure: true },
    );
    expect(caught.failed).toBe(true);
  });

  it('O15 walks tell every type, so that each was asked about', () => {
    const seen = new Set<string>();
    const created = newRun(planOf([step('a')], production));
    for (const { type } of toEvents(created, [{ kind: 'run_created', run: created, atMs: beganAtMs }])) seen.add(type);
    for (const numbers of fc.sample(choices, { numRuns: 300, seed: 3 })) {
      for (const { after, changes } of walk(decide, numbers))
        for (const { type } of toEvents(after, changes)) seen.add(type);
    }
    expect(Object.keys(runEventTypes).filter((type) => !seen.has(type))).toEqual([]);
  });

  it('O15 a run that wants an approval says so when it is made, and what it is, without its plan', () => {
    const run = newRun(planOf([step('a')], production));
    const events = toEvents(run, [{ kind: 'run_created', run, atMs: beganAtMs }]);
    expect(events.map(({ type, change }) => [type, change])).toEqual([
      ['execution.created', 0],
      ['approval.requested', 0],
    ]);
    expect(events[0]?.data).toEqual({
      state: 'pending_approval',
      mode: 'live',
      procedure: 'runbook',
      environment: 'production',
      planHash: 'a1',
      requestedBy: 'dave',
    });
  });

  it('O15 tells a run in order, with words and what a machine may want', () => {
    const engine = new Engine(newRun(planOf([step('a'), humanStep('b', { needs: ['a'] })], production)));
    const told: RunEvent[] = [];
    const give = (input: Parameters<Engine['give']>[0]): void => {
      told.push(...toEvents(engine.run, engine.give(input)));
    };
    give({ kind: 'approve', approval: approval(1), atMs: beganAtMs });
    give({ kind: 'start', atMs: beganAtMs });
    give({ kind: 'step_started', step: 'a', atMs: beganAtMs });
    give({ kind: 'skip', step: 'a', by: lead, reason: 'no', atMs: beganAtMs });
    give({ kind: 'step_ended', step: 'a', attempt: 1, outcome: 'done', detail: 'exit 0', atMs: beganAtMs });
    expect(told.map(({ type, text }) => `${type} ${text}`)).toEqual([
      'approval.given bob approved at level 1',
      'execution.queued approval ap-1 of level 1',
      'execution.started begun',
      'step.waiting a: due, and its needs are met',
      'step.waiting a: it waits for a worker',
      'step.started a: attempt 1',
      'system.notice step a: expected pending or ready or waiting_human or waiting or failed or timed_out, got running',
      'step.completed a: exit 0',
      'step.waiting b: operator has to do it',
      'system.notice b waits for you',
      'execution.held b waits for a person',
    ]);
    expect(told.find(({ type }) => type === 'step.started')?.data).toMatchObject({ attempt: 1, state: 'running' });
  });

  it('O15 a run of every state can be told from its own log', () => {
    for (const make of Object.values(runIn)) {
      const run = make();
      const created: Change = { kind: 'run_created', run, atMs: beganAtMs };
      expect(toEvents(run, [created])[0]).toMatchObject({ type: 'execution.created', run: 'run-1', step: null });
    }
    expect(toEvents(begun(planOf([step('a')])).run, [])).toEqual([]);
  });
});
