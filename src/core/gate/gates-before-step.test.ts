import { describe, expect, it } from 'vitest';

import type { Gate, Launch, Phase } from '../launch/launch.ts';
import { dayMs, hourMs, newRun, planOf, step } from '../procedure/runs.fixture.ts';
import type { Run } from '../procedure/run.ts';
import { criteriaOfStep, gatesBeforeStep } from './gates-before-step.ts';

const phase = (id: string, offsetMs: number): Phase => ({ id, title: id, offsetMs, at });
const at = { file: 'launch.md', line: 1, column: 1 };
const gate = (id: string, of: string): Gate => ({ id, phase: of, criteria: [] }) as unknown as Gate;

const launch = {
  phases: [phase('t-1d', -dayMs), phase('t-0', 0), phase('t+1h', hourMs)],
  gates: [gate('rehearsed', 't-1d'), gate('ready', 't-0')],
  procedures: [],
} as unknown as Launch;

const timer = (offsetMs: number) => ({ timer: { kind: 'offset', offsetMs } as const });

function runWith(done: string[]): Run {
  const steps = [
    step('announce', timer(-7 * dayMs)),
    step('freeze', timer(-dayMs)),
    step('switch', timer(0)),
    step('shift', timer(0)),
    step('watch', timer(hourMs)),
    step('delete', { ...timer(hourMs), reversible: false }),
  ];
  const run = newRun(planOf(steps));
  for (const id of done) run.steps[id] = { ...run.steps[id]!, state: 'done' };
  return run;
}

const asked = (done: string[], id: string): string[] => gatesBeforeStep(launch, runWith(done), id).map((one) => one.id);

describe('gates before a step', () => {
  it.each([
    [[], 'announce', []],
    [[], 'freeze', ['rehearsed']],
    [['freeze'], 'switch', ['ready']],
    [['freeze', 'switch'], 'shift', []],
    [['freeze', 'switch', 'shift'], 'watch', []],
  ] as const)('D06 after %j, %s is asked for %j: whoever enters a phase first', (done, id, gates) => {
    expect(asked([...done], id)).toEqual(gates);
  });

  it('D06 a step that enters a later phase first is asked for every gate before it', () => {
    expect(asked([], 'watch')).toEqual(['rehearsed', 'ready']);
  });

  it('F72 a step that cannot be taken back is asked for every gate, whoever passed before', () => {
    expect(asked(['freeze', 'switch', 'shift', 'watch'], 'delete')).toEqual(['rehearsed', 'ready']);
  });

  it('the way back is asked for none, and neither is a step that nobody knows', () => {
    const run = runWith(['switch']);
    run.steps['shift'] = { ...run.steps['shift']!, part: 'undo' };
    expect([gatesBeforeStep(launch, run, 'shift'), gatesBeforeStep(launch, run, 'nobody')]).toEqual([[], []]);
  });

  it('D34 criteria that a step needs are told apart from steps', () => {
    const declared = {
      gates: [{ ...gate('ready', 't-0'), criteria: [{ id: 'backup', children: [] }] }],
      procedures: [{ steps: [{ id: 'import', needs: ['freeze', 'backup'] }] }],
    } as unknown as Launch;
    expect([criteriaOfStep(declared, 'import'), criteriaOfStep(declared, 'other')]).toEqual([['backup'], []]);
  });
});
