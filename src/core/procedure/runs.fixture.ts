import { applyChanges } from './apply-changes.ts';
import type { Change } from './change.ts';
import { decide } from './decide.ts';
import type { Pause, Plan, PlannedStep } from './plan.ts';
import type { RunInput } from './run-input.ts';
import type { Actor, ApprovalReference, Run } from './run.ts';
import { startRun } from './start-run.ts';
import type { RunRequest } from './start-run.ts';

export const beganAtMs = Date.parse('2026-12-01T08:00:00Z');
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const lead: Actor = { person: 'alice', role: 'lead' };
export const operator: Actor = { person: 'carol', role: 'operator' };
export const bot: Actor = { person: 'bot', role: 'operator' };

/** A machine step that writes and hangs on its needs alone. */
export function step(id: string, over: Partial<PlannedStep> = {}): PlannedStep {
  return {
    id,
    title: id,
    human: false,
    role: null,
    needs: [],
    timer: { kind: 'needs' },
    proof: null,
    action: null,
    probe: null,
    pause: null,
    actionClass: 'long_modify',
    writes: true,
    reversible: true,
    undo: null,
    undoAfterReturn: null,
    assets: [],
    limitMs: 2 * minuteMs,
    onFail: 'hold',
    onTimeout: 'hold',
    interrupted: 'ask',
    maxAttempts: 1,
    askWhenLateMs: null,
    onRecycle: 'keep',
    ...over,
  };
}

export function humanStep(id: string, over: Partial<PlannedStep> = {}): PlannedStep {
  const human = { human: true, role: 'operator', actionClass: 'human', limitMs: dayMs, onTimeout: 'escalate' } as const;
  return step(id, { ...human, ...over });
}

/** A step that only waits. */
export function pause(id: string, wanted: Pause, over: Partial<PlannedStep> = {}): PlannedStep {
  const reading = { actionClass: 'long_read', writes: false, interrupted: 'rerun', onRecycle: 'repeat' } as const;
  return step(id, { pause: wanted, limitMs: null, ...reading, ...over });
}

export function planOf(steps: PlannedStep[], over: Partial<Plan> = {}): Plan {
  return {
    id: 'runbook',
    title: 'Runbook',
    planHash: 'a1',
    environment: { id: 'staging', production: false },
    steps,
    undoSteps: [],
    roles: { lead: ['alice', 'bob'], operator: ['carol', 'bot'] },
    automations: ['bot'],
    deciders: ['lead'],
    builtInHolds: [],
    recyclePoints: [],
    stops: [{ id: 'stop-1', text: 'an order is missing', detect: null, everyMs: null }],
    pointsOfNoReturn: [{ id: 'return-1', text: 'first order on the new side', detect: null, everyMs: null }],
    queueLimitMs: hourMs,
    limitMs: null,
    ...over,
  };
}

export function approval(level: ApprovalReference['level'], over: Partial<ApprovalReference> = {}): ApprovalReference {
  return { id: `ap-${level}`, level, planHash: 'a1', approver: 'bob', expiresAtMs: beganAtMs + 400 * dayMs, ...over };
}

export function request(plan: Plan, over: Partial<RunRequest> = {}): RunRequest {
  const times = { t0Ms: beganAtMs + 10 * dayMs, atMs: beganAtMs };
  return { id: 'run-1', plan, mode: 'live', requestedBy: 'dave', approval: null, ...times, ...over };
}

export function newRun(plan: Plan, over: Partial<RunRequest> = {}): Run {
  const started = startRun(request(plan, over));
  if ('refused' in started) throw new Error(started.refused.map(({ reason }) => reason).join('; '));
  return started.run;
}

/** A run in the engine's hands: keeps state and events as the engine will. */
export class Engine {
  run: Run;
  readonly events: Change[];
  readonly decideBy: typeof decide;

  constructor(run: Run, decideBy = decide) {
    this.run = run;
    this.events = [{ kind: 'run_created', atMs: run.createdAtMs, run }];
    this.decideBy = decideBy;
  }

  give(input: RunInput): Change[] {
    const changes = this.decideBy(this.run, input);
    this.run = applyChanges(this.run, changes);
    if (changes[0]?.kind !== 'refused') this.events.push(...changes);
    return changes;
  }

  /** Starts and ends a machine step. */
  work(id: string, atMs = this.run.nowMs, outcome: 'done' | 'failed' | 'stopped' = 'done'): Change[] {
    const started = this.give({ kind: 'step_started', step: id, atMs });
    const attempt = this.run.steps[id]?.attempt ?? 0;
    return [...started, ...this.give({ kind: 'step_ended', step: id, attempt, outcome, detail: outcome, atMs })];
  }

  state(id: string): string {
    return this.run.steps[id]?.state ?? 'none';
  }
}

/** A run that has begun. */
export function begun(plan: Plan, over: Partial<RunRequest> = {}): Engine {
  const engine = new Engine(newRun(plan, over));
  engine.give({ kind: 'start', atMs: engine.run.nowMs });
  return engine;
}

/** The code of a refusal, or null where the changes are none. */
export function refusalOf(changes: readonly Change[]): string | null {
  return changes[0]?.kind === 'refused' ? changes[0].code : null;
}
