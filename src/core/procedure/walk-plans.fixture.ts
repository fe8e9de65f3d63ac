import type { Plan } from './plan.ts';
import { beganAtMs, dayMs, hourMs, humanStep, minuteMs, pause, planOf, step } from './runs.fixture.ts';

const at = (offsetMs: number) => ({ timer: { kind: 'offset' as const, offsetMs } });

/** Plans that together use every policy that a step can declare. */
export const walkPlans: Plan[] = [
  planOf(
    [
      humanStep('announce', { ...at(-7 * dayMs), proof: 'url' }),
      step('freeze', {
        ...at(-2 * hourMs),
        needs: ['announce'],
        undo: 'thaw',
        undoAfterReturn: 'same',
        interrupted: 'rerun',
        maxAttempts: 2,
      }),
      step('look', {
        ...at(-hourMs),
        needs: ['freeze'],
        writes: false,
        interrupted: 'rerun',
        maxAttempts: 2,
        onRecycle: 'repeat',
      }),
      step('move', { ...at(0), needs: ['look'], undo: 'restore', undoAfterReturn: 'merge', assets: ['db'] }),
      step('probe', {
        ...at(0),
        needs: ['look'],
        interrupted: 'verify',
        maxAttempts: 2,
        undo: 'thaw',
        undoAfterReturn: 'same',
      }),
      step('drop', {
        timer: { kind: 'at', atMs: beganAtMs + 11 * dayMs },
        needs: ['move', 'probe'],
        reversible: false,
        onFail: 'escalate',
        onTimeout: 'escalate',
      }),
    ],
    {
      undoSteps: [step('thaw'), step('restore'), step('merge')],
      environment: { id: 'production', production: true },
      recyclePoints: [{ id: 'p', title: 'p', atMs: -90 * minuteMs }],
      builtInHolds: [
        { id: 'b1', title: 'b1', atMs: -90 * minuteMs, forMs: 10 * minuteMs, release: 'clock' },
        { id: 'b2', title: 'b2', atMs: -30 * minuteMs, forMs: 10 * minuteMs, release: 'person' },
      ],
    },
  ),
  planOf(
    [
      step('a', { undo: 'un-a', undoAfterReturn: 'un-a', onFail: 'fail', onTimeout: 'fail' }),
      step('b', { needs: ['a'], undo: 'un-b', undoAfterReturn: 'un-b', interrupted: 'verify', maxAttempts: 3 }),
      step('c', { needs: ['a'], undo: 'un-c', undoAfterReturn: 'un-c', interrupted: 'rerun', maxAttempts: 2 }),
      step('d', { needs: ['b', 'c'], ...at(-9 * dayMs), askWhenLateMs: hourMs, undo: 'un-d', undoAfterReturn: 'un-d' }),
      humanStep('e', { needs: ['d'], onTimeout: 'hold' }),
    ],
    { undoSteps: [step('un-a'), step('un-b'), step('un-c'), step('un-d')], limitMs: 20 * dayMs },
  ),
];

walkPlans.push(
  planOf(
    [
      step('x', { undo: 'un-x', undoAfterReturn: 'un-x' }),
      step('y', { needs: ['x'], interrupted: 'verify', maxAttempts: 1, undo: 'un-y', undoAfterReturn: 'un-y' }),
    ],
    {
      undoSteps: [step('un-x'), step('un-y')],
    },
  ),
  planOf(
    [
      step('r', { ...at(-10 * dayMs + hourMs), writes: false, onRecycle: 'repeat' }),
      humanStep('h', { ...at(-10 * dayMs + hourMs), onTimeout: 'hold' }),
      step('s', at(0)),
    ],
    {
      recyclePoints: [{ id: 'p', title: 'p', atMs: -10 * dayMs + minuteMs }],
    },
  ),
  planOf(
    [
      pause('soak', { kind: 'for', ms: 2 * hourMs }, at(-10 * dayMs + hourMs)),
      step('w', { needs: ['soak'], undo: 'cool', undoAfterReturn: 'cool', interrupted: 'rerun', maxAttempts: 2 }),
      pause('opening', { kind: 'until', atMs: beganAtMs + 2 * dayMs }, { needs: ['soak'] }),
      pause('after', { kind: 'until-offset', offsetMs: hourMs }, { needs: ['opening'] }),
      step('z', { needs: ['after', 'w'] }),
      pause('over', { kind: 'until', atMs: beganAtMs }, { assets: ['db'] }),
    ],
    {
      undoSteps: [pause('cool', { kind: 'for', ms: minuteMs })],
      recyclePoints: [{ id: 'p', title: 'p', atMs: -10 * dayMs + minuteMs }],
      builtInHolds: [{ id: 'b3', title: 'b3', atMs: -2 * dayMs, forMs: dayMs, release: 'clock' }],
    },
  ),
);
