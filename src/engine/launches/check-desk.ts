import type { CheckKind } from '../../core/check/check.ts';
import type { Store } from '../../store/open-store.ts';
import { runChecks } from '../run-checks.ts';
import type { Scene } from '../scene.ts';
import { openSideDesk, startSideWork } from '../side-work.ts';
import type { SideWork } from '../side-work.ts';

/** One check of a round that has been done. */
export interface DoneCheck {
  criterion: string;
  outcome: 'pass' | 'fail' | 'unknown';
  evidence: string;
}

/** A round of checks as it stands. What it saw is in the log as soon as it was seen; this is only how far it is. */
export interface CheckRound extends SideWork {
  launch: string;
  environment: string;
  /** Null until it is known what is due. */
  total: number | null;
  done: DoneCheck[];
}

/** What somebody wants to be looked at. */
export interface CheckWish {
  /** Criteria; all that are due where it is null. */
  only: readonly string[] | null;
  /** Looks again at what is still fresh, too. */
  force: boolean;
  by: string;
}

/** Rounds of checks that this process has begun. */
export interface CheckDesk {
  /** Begins a round and returns at once. Throws `run_refused` while one of the same launch and environment is under way. */
  begin(scene: Scene, wish: CheckWish): CheckRound;
  /** The newest round of a launch in an environment, under way or ended; null where this process began none. */
  newest(launch: string, environment: string): CheckRound | null;
  /** Ends a round; checks that are under way are stopped. False where none is. */
  stop(launch: string, environment: string): boolean;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

interface Parts {
  store: Store;
  kinds: readonly CheckKind[];
  signal: AbortSignal;
  report: (error: unknown) => void;
}

/** The desk of one process. */
export function openCheckDesk({ store, kinds, ...parts }: Parts): CheckDesk {
  const desk = openSideDesk<CheckRound>({ ...parts, name: (key) => `checks of ${key.replace(' ', ' in ')}` });
  return {
    begin(scene, wish) {
      const round = toRound(scene, wish.by);
      return desk.begin(keyOf(round.launch, round.environment), round, async (signal) => {
        const { runs } = await runChecks({ store, kinds, signal, scene, ...toOrder(round, wish) });
        round.total = runs.length;
      });
    },
    newest: (launch, environment) => desk.newest(keyOf(launch, environment)),
    stop: (launch, environment) => desk.stop(keyOf(launch, environment)),
    idle: () => desk.idle(),
  };
}

function keyOf(launch: string, environment: string): string {
  return `${launch} ${environment}`;
}

type Order = Pick<Parameters<typeof runChecks>[0], 'force' | 'only' | 'onDone'>;

function toOrder(round: CheckRound, { only, force }: CheckWish): Order {
  return {
    force,
    ...(only === null ? {} : { only }),
    onDone: ({ planned, record, id }, _, total) => {
      round.total = total;
      round.done.push({ criterion: planned.criterion, outcome: record.judgement.outcome, evidence: id });
    },
  };
}

function toRound({ launch, environment }: Scene, by: string): CheckRound {
  const work = startSideWork(keyOf(launch.id, environment.id), by);
  return { ...work, launch: launch.id, environment: environment.id, total: null, done: [] };
}
