import { dirname } from 'node:path';

import type { CheckReader } from '../../core/check/check.ts';
import type { Plan } from '../../core/procedure/plan.ts';
import type { RunState } from '../../core/procedure/run-transitions.ts';
import { planPasses } from '../rehearsal/passes.ts';
import { rehearse } from '../rehearsal/rehearse.ts';
import type { RehearsalWish } from '../rehearsal/rehearse.ts';
import { rehearsalReportPath } from '../rehearsal/report-path.ts';
import type { Engine } from '../runs/open-engine.ts';
import { assertRehearsable } from '../runs/order-run.ts';
import type { Scene } from '../scene.ts';
import { openSideDesk, startSideWork } from '../side-work.ts';
import type { SideWork } from '../side-work.ts';
import { makeFolder, writeNewFile } from '../write-file.ts';

/** One pass of a rehearsal that is under way. */
export interface PassProgress {
  id: string;
  title: string;
  /** Null until its run is made. */
  run: string | null;
  /** Of its run: a pass may end long before all of its steps are done, and has to. */
  state: RunState | null;
  endedAtMs: number | null;
  steps: number;
  done: number;
}

/** A rehearsal that this process has begun, as it stands. What it came to is kept in the store; this is only how far it is. */
export interface RehearsalRound extends SideWork {
  launch: string;
  environment: string;
  procedure: string;
  depth: 'quick' | 'full';
  /** How many passes it will have. */
  planned: number;
  passes: PassProgress[];
  /** Id of the report that was kept; null where there is none, or none yet. */
  rehearsal: string | null;
  passed: boolean | null;
}

/** What somebody wants to be rehearsed. */
export interface RehearsalOrder {
  plan: Plan;
  depth: 'quick' | 'full';
  by: string;
}

/** Rehearsals that this process has begun. */
export interface RehearsalDesk {
  /** Begins one and returns at once. Throws `run_refused` while one of the same launch and environment is under way, and where it could reach production. */
  begin(scene: Scene, order: RehearsalOrder): RehearsalRound;
  /** The newest of a launch in each of its environments, under way or ended. */
  list(launch: string): RehearsalRound[];
  /** Ends one; what it has begun is called off. False where none is under way. */
  stop(launch: string, environment: string): boolean;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

interface Parts {
  engine: Engine;
  /** Kinds whose negative controls are judged. */
  checks: readonly CheckReader[];
  signal: AbortSignal;
  report: (error: unknown) => void;
}

/** The desk of one process. Workers of any process carry out the steps; where there is none, a rehearsal says that nothing moved. */
export function openRehearsalDesk({ engine, checks, ...parts }: Parts): RehearsalDesk {
  const desk = openSideDesk<RehearsalRound>({ ...parts, name: (key) => `rehearsal of ${key.replace(' ', ' in ')}` });
  return {
    begin(scene, order) {
      assertRehearsable(scene, order.plan);
      const round = toRound(scene, order);
      return desk.begin(keyOf(round.launch, round.environment), round, async (signal) => {
        const { plan, depth, by: requester } = order;
        const wish = { plan, depth, requester, inPlace: false, checks, signal, onPass: toTeller(round) };
        const { report: kept, file } = await rehearse(engine, scene, wish);
        const path = rehearsalReportPath(scene.directory, kept.id);
        makeFolder(dirname(path));
        writeNewFile(path, file);
        round.rehearsal = kept.id;
        round.passed = kept.passed;
      });
    },
    list: (launch) => desk.list().filter((round) => round.launch === launch),
    stop: (launch, environment) => desk.stop(keyOf(launch, environment)),
    idle: () => desk.idle(),
  };
}

function keyOf(launch: string, environment: string): string {
  return `${launch} ${environment}`;
}

function toTeller(round: RehearsalRound): NonNullable<RehearsalWish['onPass']> {
  return ({ id, title }, run) => {
    const known = round.passes.find((pass) => pass.id === id);
    const steps = Object.values(run?.steps ?? {});
    const done = steps.filter(({ state }) => state === 'done').length;
    const now = {
      id,
      title,
      run: run?.id ?? null,
      state: run?.state ?? null,
      endedAtMs: run?.endedAtMs ?? null,
      steps: steps.length,
      done,
    };
    if (known) Object.assign(known, now);
    else round.passes.push(now);
  };
}

function toRound({ launch, environment }: Scene, { plan, depth, by }: RehearsalOrder): RehearsalRound {
  return {
    ...startSideWork(keyOf(launch.id, environment.id), by),
    launch: launch.id,
    environment: environment.id,
    procedure: plan.id,
    depth,
    planned: planPasses(plan, depth).length,
    passes: [],
    rehearsal: null,
    passed: null,
  };
}
