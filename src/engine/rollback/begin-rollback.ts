import { ProductError } from '../../core/error/product-error.ts';
import type { CheckKind } from '../../core/check/check.ts';
import type { Procedure } from '../../core/launch/launch.ts';
import { rollbackKinds } from '../../core/rollback/rollback-terms.ts';
import type { RollbackKind } from '../../core/rollback/rollback-terms.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import { readReturnPoints } from '../../store/rollout.ts';
import type { Store } from '../../store/open-store.ts';
import { beginTakeBack } from '../rollout/begin-take-back.ts';
import { orderLiveRun } from '../runs/order-live-run.ts';
import type { OrderedLiveRun } from '../runs/order-live-run.ts';
import type { Engine } from '../runs/open-engine.ts';
import { planRun } from '../runs/plan-run.ts';
import type { Scene } from '../scene.ts';
import { termsOf } from './drill.ts';
import { rolloutsOf } from './raise-traffic.ts';
import { seeReturnPoints } from './see-return-points.ts';

/** A declared way back that somebody begins. */
export interface RollbackWish {
  procedure: string;
  person: string;
  reason: string;
  kinds: readonly StepReader[];
  checks: readonly CheckKind[];
}

/** A way back that has begun. */
export interface BegunRollback extends OrderedLiveRun {
  /** The procedure that runs: behind the point of no return it may be another one. */
  procedure: string;
  pastReturn: boolean;
  /** Shifts that were told to give the canary nothing any more, before anything else. */
  shifts: string[];
}

/** Returns the declared way back of a name or kind; null where it names none, or several are of that kind. */
export function findRollback({ launch }: Pick<Scene, 'launch'>, named: string): Procedure | null {
  const declared = launch.procedures.filter(({ goesBack }) => goesBack !== undefined);
  const byId = declared.find(({ id }) => id === named);
  const kind: RollbackKind | undefined = rollbackKinds.find((one) => one === named);
  const ofKind = declared.filter(({ goesBack }) => goesBack?.kind === kind);
  return byId ?? (kind !== undefined && ofKind.length === 1 ? ofKind[0]! : null);
}

/**
 * Begins a declared way back as a live run: its clock starts here, and workers go on with it whatever becomes of this process. An immediate one takes the traffic first, which no approval,
 * gate, window or hold keeps it from. Behind the point of no return it is the procedure that is declared for there, with an approval of one level more (C16). Throws `run_refused`
 * where none is.
 */
export async function beginRollback(engine: Engine, scene: Scene, wish: RollbackWish): Promise<BegunRollback> {
  const { person, reason, kinds } = wish;
  const terms = termsOf(scene, wish.procedure);
  if (reason.trim() === '')
    throw new ProductError('usage', `way back ${wish.procedure}: expected why it is begun, got nothing`, {
      hint: 'say it with --reason: it stands in the audit',
    });
  const pastReturn = terms.kind !== 'switch' && (await isPastReturn(engine.store, scene, wish.checks));
  const procedure = pastReturn ? pastProcedure(wish.procedure, terms.afterReturn) : wish.procedure;
  const plan = planRun(scene, procedure, kinds);
  const shifts: string[] = [];
  if (terms.kind === 'immediate' && !pastReturn)
    for (const rollout of rolloutsOf(plan, kinds))
      shifts.push(await beginTakeBack(engine.store, scene, { rollout, person, reason }));
  const wanted = pastReturn ? { ...plan, pastReturn: true as const } : plan;
  const order = { plan: wanted, person, reason, labels: [], t0Ms: null, key: null, kinds };
  const ordered = await orderLiveRun(engine, scene, order);
  return { ...ordered, procedure, pastReturn, shifts };
}

async function isPastReturn(store: Store, scene: Scene, kinds: readonly CheckKind[]): Promise<boolean> {
  const { launch, environment, candidateSha256 } = scene;
  const runsSaw = await readReturnPoints(store, { launch: launch.id, environment: environment.id, candidateSha256 });
  const points = await seeReturnPoints(store, scene, { kinds, keptMs: 0 });
  return (
    runsSaw.some((state) => state !== 'ahead') || points.some(({ state }) => state === 'crossed' || state === 'unknown')
  );
}

function pastProcedure(own: string, afterReturn: string | null): string {
  if (afterReturn === null)
    throw new ProductError(
      'run_refused',
      `way back ${own}: expected the point of no return ahead, got it behind, or not known to be ahead`,
      {
        hint: 'declare with afterReturn: which procedure keeps what users wrote since, or same; "tminus rollback status" says what is behind',
      },
    );
  return afterReturn === 'same' ? own : afterReturn;
}
