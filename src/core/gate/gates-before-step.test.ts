import { describe, expect, it } from 'vitest';

import type { Gate, Launch, Phase, Procedure } from '../launch/launch.ts';
import type { PlannedStep } from '../procedure/plan.ts';
import { beganAtMs, dayMs, hourMs, minuteMs, newRun, pause, planOf, step } from '../procedure/runs.fixture.ts';
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

function runbook(phases: [step: string, phase: string][] = [], kind: Procedure['kind'] = 'runbook'): Launch {
  const steps = phases.map(([id, of]) => ({ id, phase: of }));
  return { ...launch, procedures: [{ id: 'runbook', kind, steps }] } as unknown as Launch;
}

function runOf(steps: PlannedStep[], done: string[]): Run {
  const run = newRun(planOf(steps, { id: 'runbook' }));
  for (const id of done) run.steps[id] = { ...run.steps[id]!, state: 'done' };
  return run;
}

const askedOf = (of: Launch, run: Run, id: string): string[] => gatesBeforeStep(of, run, id).map((one) => one.id);

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

  it('D06 a step without a time stands where its needs stand, and at T-0 where they tell nothing', () => {
    const steps = [
      step('freeze', timer(-dayMs)),
      step('copy', { needs: ['freeze'] }),
      step('switch'),
      step('after', { needs: ['switch'] }),
    ];
    const ask = (done: string[], id: string): string[] => askedOf(runbook(), runOf(steps, done), id);
    expect(ask([], 'copy')).toEqual(['rehearsed']);
    expect(ask(['freeze'], 'copy')).toEqual([]);
    expect(ask(['freeze', 'copy'], 'switch')).toEqual(['ready']);
    expect(ask(['freeze', 'copy', 'switch'], 'after')).toEqual([]);
  });

  it('D06 a step at an instant stands where the count will be then', () => {
    const steps = [
      step('early', { timer: { kind: 'at', atMs: beganAtMs - hourMs } }),
      step('soon', { timer: { kind: 'at', atMs: beganAtMs } }),
      step('late', timer(2 * dayMs)),
    ];
    const run = runOf(steps, []);
    run.clock = { tMs: -hourMs, wallMs: beganAtMs - hourMs, stops: [], ahead: [] };
    expect([askedOf(runbook(), run, 'early'), askedOf(runbook(), run, 'soon')]).toEqual([
      ['rehearsed'],
      ['rehearsed', 'ready'],
    ]);
  });

  it('D06 a gate of a stage without a time is asked by the first step written under it, or under a later one', () => {
    const staged = {
      ...runbook([
        ['switch', 't-0'],
        ['widen', 'canary'],
        ['more', 'canary'],
      ]),
      phases: [...launch.phases, { ...phase('canary', 0), offsetMs: null }],
      gates: [...launch.gates, gate('canary-ok', 'canary')],
    };
    const steps = [step('switch', timer(0)), step('widen', timer(0)), step('more', timer(0))];
    const ask = (done: string[], id: string): string[] => askedOf(staged, runOf(steps, done), id);
    expect(ask([], 'switch')).toEqual(['rehearsed', 'ready']);
    expect(ask(['switch'], 'widen')).toEqual(['canary-ok']);
    expect(ask(['switch', 'widen'], 'more')).toEqual([]);
  });

  it('D06 a gate of a phase that nobody declared is asked at once', () => {
    const lost = { ...runbook(), gates: [gate('lost', 'nowhere')] };
    expect(askedOf(lost, runOf([step('announce', timer(-7 * dayMs))], []), 'announce')).toEqual(['lost']);
  });

  it('D06 a wait that time ended lets nobody into a phase', () => {
    const steps = [pause('settle', { kind: 'for', ms: minuteMs }, timer(0)), step('switch', timer(0))];
    expect(askedOf(runbook(), runOf(steps, ['settle']), 'switch')).toEqual(['rehearsed', 'ready']);
  });

  it('D06 an SOP is in no phase, and a way back that is run by itself asks nobody', () => {
    const of = (kind: Procedure['kind']): string[] => askedOf(runbook([], kind), runOf([step('rotate')], []), 'rotate');
    expect([of('runbook'), of('procedure'), of('rollback')]).toEqual([['rehearsed', 'ready'], [], []]);
  });

  it('D34 criteria that a step needs are told apart from steps', () => {
    const declared = {
      gates: [{ ...gate('ready', 't-0'), criteria: [{ id: 'backup', children: [] }] }],
      procedures: [{ steps: [{ id: 'import', needs: ['freeze', 'backup'] }] }],
    } as unknown as Launch;
    expect([criteriaOfStep(declared, 'import'), criteriaOfStep(declared, 'other')]).toEqual([['backup'], []]);
  });
});
