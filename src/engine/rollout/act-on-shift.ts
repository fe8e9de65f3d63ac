import type { Permission } from '../../core/access/permission.ts';
import { VersionConflict } from '../../core/error/version-conflict.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { rolloutRefusals } from '../../core/rollout/rollout-input.ts';
import type { RolloutActor, RolloutInput } from '../../core/rollout/rollout-input.ts';
import { lockShift, readShift } from '../../store/rollout.ts';
import type { Shift } from '../../store/rollout.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import { decideShift, writeDecided } from './decide-shift.ts';
import { openSealer } from './open-sealer.ts';

/** What people do to a shift, with the right that each wants. To end an exposure is open to whoever may hold. */
const wanted = {
  promote: 'rollout.promote',
  hold: 'run.hold',
  resume: 'run.resume',
  abort: 'run.hold',
  note: 'step.attest',
} as const satisfies { [Kind in RolloutInput['kind']]?: Permission };

/** One thing that a person does to a shift. */
export interface ShiftDeed {
  kind: keyof typeof wanted;
  person: string;
  /** Why; of a note what it says. */
  reason: string;
  /** The version that the person saw; null takes it as it stands. */
  seen: number | null;
}

/**
 * Does one thing to a shift in the name of a person; weights that follow are set by whoever carries it, within a moment. Throws `permission_denied`,
 * `rollout_refused`, and `version_conflict` where it is not as the person saw it.
 */
export async function actOnShift(store: Store, launch: Launch, id: string, deed: ShiftDeed): Promise<Shift> {
  const { kind, person, seen } = deed;
  const place = await findShift(store, launch, id);
  const nowMs = Date.parse(await readNow(store));
  const ask = { person, permission: wanted[kind], environment: place.environment, nowMs, subject: id };
  await requirePermission(store, launch, ask);
  const seal = await openSealer(store, launch.id);
  return store.tables.transaction().execute(async (tx) => {
    const shift = await lockShift(tx, id);
    if (shift === null) throw shiftUnknown(launch, id);
    if (seen !== null && seen !== shift.version)
      throw new VersionConflict(`rollout ${id}`, String(seen), String(shift.version));
    if (shift.endedAt !== null) throw refused(id, deed, { code: 'rollout_ended', reason: `it is ${shift.stands}` });
    const { write, events } = decideShift(shift, toInput(deed, toActor(launch, person), nowMs), { seal });
    const refusal = events.find((event) => event.kind === 'refused');
    if (refusal?.kind === 'refused') throw refused(id, deed, refusal);
    return writeDecided(tx, shift, write);
  });
}

/** Returns a shift of a launch, in an environment where one is named; throws `rollout_unknown`. */
export async function findShift(
  store: Store,
  launch: Pick<Launch, 'id'>,
  id: string,
  environment: string | null = null,
): Promise<Shift> {
  const shift = await readShift(store, id);
  const isHere = environment === null || shift?.environment === environment;
  if (shift !== null && shift.launch === launch.id && isHere) return shift;
  throw shiftUnknown(launch, id);
}

function toInput({ kind, reason }: ShiftDeed, by: RolloutActor, atMs: number): RolloutInput {
  return kind === 'note' ? { kind, atMs, by, text: reason } : { kind, atMs, by, reason };
}

function toActor({ people }: Launch, person: string): RolloutActor {
  // Nobody is taken for a human because the documents do not name them.
  return { person, automation: people.find(({ id }) => id === person)?.automation ?? true };
}

function refused(id: string, { kind }: ShiftDeed, { code, reason }: { code: string; reason: string }): ProductError {
  const hint = (rolloutRefusals as { [code: string]: string })[code] ?? 'see "tminus rollout status"';
  return new ProductError('rollout_refused', `${kind} of ${id}: ${reason}`, { hint });
}

function shiftUnknown({ id: launch }: Pick<Launch, 'id'>, id: string): ProductError {
  return new ProductError('rollout_unknown', `rollout ${id} of ${launch}: expected one that was started, got none`, {
    hint: 'list them with "tminus rollout status"',
  });
}
