import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import {
  countHeldRuns,
  liftStandingHold,
  lockHolds,
  putStandingHold,
  readStandingHolds,
} from '../../store/standing-hold.ts';
import type { StandingHold } from '../../store/standing-hold.ts';
import { readNow } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import { applyHolds } from '../advance/apply-holds.ts';
import type { Engine } from './open-engine.ts';

/** Puts a hold above single runs: those that there are stop at their next boundary, or now, and those that come begin under it. Returns how many it holds. */
export async function holdAll(
  engine: Engine,
  launch: Launch,
  hold: StandingHold,
  environment: string,
): Promise<number> {
  const nowMs = Date.parse(await readNow(engine.store));
  await requirePermission(engine.store, launch, {
    person: hold.by,
    permission: 'run.hold',
    environment,
    nowMs,
    subject: hold.id,
  });
  const put = await engine.store.tables.transaction().execute(async (tx) => {
    await lockHolds(tx, 'exclusive');
    return putStandingHold(tx, hold);
  });
  if (!put)
    throw refusedHold(`hold ${hold.id}: expected a new id, got one that is on`, 'give the hold another id with --id');
  await applyHolds(engine.store, engine.advancer);
  // Workers bring runs under holds, too: what counts is what holds now, whoever was faster.
  return countHeldRuns(engine.store, hold);
}

/** Lifts a hold above single runs, and returns how many runs it held. */
export async function liftAll(
  engine: Engine,
  launch: Launch,
  { id, by, reason, environment }: { id: string; by: string; reason: string; environment: string },
): Promise<number> {
  const nowMs = Date.parse(await readNow(engine.store));
  const on = (await readStandingHolds(engine.store, null)).find((hold) => hold.id === id);
  // A right in one launch, or in one environment of it, lifts nothing that is on another.
  const isForeign = on !== undefined && on.launch !== null && on.launch !== launch.id;
  await requirePermission(engine.store, launch, {
    person: by,
    permission: 'run.resume',
    environment: isForeign ? environment : (on?.environment ?? environment),
    nowMs,
    subject: id,
  });
  if (isForeign) throw noHold(id);
  const held = await engine.store.tables.transaction().execute(async (tx) => {
    const lifted = await liftStandingHold(tx, { id, by, reason });
    return lifted === null ? null : countHeldRuns(engine.store, lifted, tx);
  });
  if (held === null) throw noHold(id);
  await applyHolds(engine.store, engine.advancer);
  return held;
}

function noHold(id: string): ProductError {
  return refusedHold(`hold ${id}: expected one that is on, got none`, 'see "tminus status" for the holds of a run');
}

function refusedHold(message: string, hint: string): ProductError {
  return new ProductError('run_refused', message, { hint });
}
