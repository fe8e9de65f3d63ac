import { beginRollout } from '../../core/rollout/begin-rollout.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { knownDispersions } from '../../core/rollout/dispersion-history.ts';
import type { Rollout } from '../../core/rollout/rollout.ts';
import { isOver, insertShift, listShifts, lockStarts } from '../../store/rollout.ts';
import type { DeclaredShift, Shift } from '../../store/rollout.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { requirePermission } from '../access/permit-person.ts';
import type { PersonAsk } from '../access/permit-person.ts';
import { keepLaunch } from '../keep-launch.ts';
import type { Scene } from '../scene.ts';
import { tellMoved, toBody } from './decide-shift.ts';
import { foreseeShift, readHistory } from './foresee-shift.ts';
import type { Foreseen, History } from './foresee-shift.ts';
import type { DeclaredLook } from './look-at-declared.ts';
import { startObjections } from './start-objections.ts';

/** What is looked at before a shift begins. */
export type StartLook = Pick<DeclaredLook, 'routers' | 'measures' | 'later' | 'incidents'>;

/** A shift of traffic that somebody wants. */
export interface ShiftWish {
  rollout: string;
  person: string;
  reason: string;
  labels: readonly string[];
  /** What routers and sources say before anything is moved; the sources twice, or their traffic counts as none. */
  seen: StartLook;
  /** Why it may begin although it cannot see its own limit; null where nobody says so. */
  blind: string | null;
  /** Idempotency key of the step of a run that begins it; left out where a person does. */
  step?: string;
}

/** Returns a rollout of the launch with what it moves and is judged by; throws `rollout_unknown`. Without a name the only one of the launch. */
export function findRollout({ launch }: Pick<Scene, 'launch'>, named: string | null): DeclaredShift {
  const found = named === null ? launch.rollouts : launch.rollouts.filter(({ id }) => id === named);
  if (found.length === 1) return toDeclared(launch, found[0]!);
  const known = launch.rollouts.map(({ id }) => id).join(', ') || 'none';
  throw new ProductError(
    'rollout_unknown',
    `rollout ${named ?? 'to start'} of launch ${launch.id}: expected one of ${known}, got ${named === null ? `${found.length} of them` : 'another name'}`,
    { hint: 'name it by the id of its item; one is declared by a yaml rollout fence' },
  );
}

function toDeclared({ routers, metricSources }: Scene['launch'], rollout: Rollout): DeclaredShift {
  const sources = new Set(rollout.measures.map(({ source }) => source));
  return {
    rollout,
    routers: routers.filter(({ id }) => rollout.routers.includes(id)),
    sources: metricSources.filter(({ id }) => sources.has(id)),
  };
}

/**
 * Begins a shift: whoever carries shifts takes it up within a moment. Throws `permission_denied`, and `rollout_refused` with everything that stands against it: gates
 * that do not say GO, a closed window, a hold, a candidate that failed before, a router that gives the canary something already, another shift of the same router, and
 * traffic at which it could not prove what it is for, unless a person who may promote says why it begins all the same.
 */
export async function startShift(store: Store, scene: Scene, wish: ShiftWish): Promise<Shift> {
  const { launch, environment } = scene;
  const declared = findRollout(scene, wish.rollout);
  const { id: rollout } = declared.rollout;
  const nowMs = Date.parse(await readNow(store));
  const ask = {
    person: wish.person,
    permission: 'run.start',
    environment: environment.id,
    nowMs,
    subject: rollout,
  } as const;
  await requirePermission(store, launch, ask);
  const history = await readHistory(store, scene, declared, nowMs);
  const foreseen = foreseeShift(declared.rollout, wish.seen, { requestsPerSecond: null, history });
  const isBlind = foreseen.faults.length > 0 && wish.blind !== null;
  if (isBlind) await requireBlind(store, launch, { ...ask, reason: wish.blind ?? '' });
  const { routers: before, incidents } = wish.seen;
  const against = [
    ...(await startObjections(store, scene, { ...wish, before, incidents, declared, nowMs })),
    ...(isBlind ? [] : foreseen.faults),
  ];
  await keepLaunch(store, scene);
  return store.tables.transaction().execute(async (tx) => {
    await lockStarts(tx);
    const objections = [...against, ...(await othersOn(store, tx, { scene, declared }))];
    if (objections.length > 0) throw startRefused(rollout, objections, foreseen);
    const made = await insertBegun(tx, scene, { wish, declared, history, foreseen, nowMs });
    await tellMoved(tx, made, nowMs);
    return made;
  });
}

/** What a shift begins with. */
interface Begun {
  wish: ShiftWish;
  declared: DeclaredShift;
  history: History;
  foreseen: Foreseen;
  nowMs: number;
}

function insertBegun(
  tx: StoreTransaction,
  { launch, environment, planHash, candidate, candidateSha256 }: Scene,
  begun: Begun,
): Promise<Shift> {
  const { wish, declared, history, nowMs } = begun;
  const { person: requester, reason, labels, step = null } = wish;
  const known = { candidateSha256, dispersions: knownDispersions(history), history, nowMs };
  const body = toBody({ ...toStarted(begun), candidate, planHash, candidateSha256 });
  return insertShift(
    tx,
    {
      launch: launch.id,
      environment: environment.id,
      rollout: declared.rollout.id,
      planHash,
      candidateSha256,
      requester,
      reason,
      declared,
      setting: { candidate, labels, step },
      routers: [...declared.rollout.routers],
      state: beginRollout(declared.rollout, known),
      pending: [],
    },
    { nowMs, entries: [{ kind: 'started', body }] },
  );
}

/** Who began it, and with what in sight. */
function toStarted({ wish, foreseen }: Begun): object {
  const { person: by, reason, labels, blind, seen } = wish;
  const { requestsPerSecond, base, faults, dispersions } = foreseen;
  const isBlind = faults.length > 0;
  const sight = { requestsPerSecond, base, dispersions, faults, ...(isBlind && { blind }) };
  return { by, reason, labels, before: seen.routers, ...sight };
}

/** To begin without seeing is to promote without proof: it takes the same right, a human and a reason. */
async function requireBlind(
  store: Store,
  launch: Scene['launch'],
  ask: Omit<PersonAsk, 'permission'> & { reason: string },
): Promise<void> {
  await requirePermission(store, launch, { ...ask, permission: 'rollout.promote' });
  const isHuman = launch.people.find(({ id }) => id === ask.person)?.automation === false;
  if (isHuman && ask.reason.trim() !== '') return;
  throw rolloutRefused(`to begin blind`, [isHuman ? 'no reason' : `an automation: ${ask.person}`]);
}

function startRefused(rollout: string, objections: readonly string[], { faults }: Foreseen): ProductError {
  const isBlind = faults.some((fault) => objections.includes(fault));
  const hint =
    'give the phases what they need, count for longer with --watch, or let a person who may promote say with --blind why it begins all the same';
  return rolloutRefused(`rollout ${rollout}`, objections, isBlind ? hint : undefined);
}

/** Of a router one shift decides. */
async function othersOn(
  store: Store,
  tx: StoreTransaction,
  { scene, declared }: { scene: Scene; declared: DeclaredShift },
): Promise<string[]> {
  const place = { launch: scene.launch.id, environment: scene.environment.id, rollout: null };
  const open = (await listShifts(store, place, { tx, limit: 200 })).filter(({ endedAt }) => endedAt === null);
  return open.flatMap(({ id, rollout, stands, routers }) => {
    const shared = routers.filter((router) => declared.rollout.routers.includes(router));
    return shared.length === 0
      ? []
      : [`${id} of ${rollout} is ${isOver(stands) ? 'ending' : stands} and moves ${shared.join(', ')}`];
  });
}

/** The error for what a rollout does not do, with every reason. */
export function rolloutRefused(subject: string, reasons: readonly string[], hint?: string): ProductError {
  const got = reasons.length === 1 ? ` ${reasons[0]}` : `\n${reasons.map((reason) => `  ${reason}`).join('\n')}`;
  return new ProductError('rollout_refused', `${subject}: expected nothing against it, got${got}`, {
    hint: hint ?? 'mend what is named and ask again; "tminus rollout status" shows where it stands',
  });
}
