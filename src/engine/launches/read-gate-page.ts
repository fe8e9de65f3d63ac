import { callRoll } from '../../core/approval/call-roll.ts';
import type { Roll } from '../../core/approval/call-roll.ts';
import { pollState } from '../../core/approval/poll.ts';
import type { Poll, PollState } from '../../core/approval/poll.ts';
import type { Permission } from '../../core/access/permission.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Criterion, Gate } from '../../core/launch/launch.ts';
import { listRights } from '../runs/read-run-page.ts';
import { closePoll, openPoll, readPoll } from '../../store/poll.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { requirePermission } from '../access/permit-person.ts';
import type { Scene } from '../scene.ts';
import type { DeskDecision, GateDesk } from './gate-desk.ts';

/** A poll with how it stands now. */
export type StandingPoll = Poll & { state: PollState };

/** A gate with everything that people can do at it. */
export interface GatePage extends DeskDecision {
  declared: Gate;
  roll: Roll;
  poll: StandingPoll | null;
  rights: readonly Permission[];
}

/** What gates are read with. */
export interface GateParts {
  store: Store;
  gates: GateDesk;
}

/** A gate as `person` sees it now. Throws `gate_unknown`. */
export async function readGatePage(
  { store, gates }: GateParts,
  scene: Scene,
  { gate, person }: { gate: string; person: string },
): Promise<GatePage> {
  const { launch, environment } = scene;
  const made = await gates.decide(scene, gate);
  const declared = findGate(scene, gate);
  const [now, poll, rights] = await Promise.all([
    readNow(store),
    readPoll(store, { launch: launch.id, environment: environment.id, gate }),
    listRights(store, { person, launch }, environment.id),
  ]);
  const nowMs = Date.parse(now);
  const roll = callRoll({ launch, gate: declared, decision: made.decision, entries: made.entries, nowMs });
  const state = poll && pollState(poll, made.decision.subjectSha256, nowMs);
  return { ...made, declared, roll, poll: poll && state ? { ...poll, state } : null, rights };
}

/** Calls a poll about the decision that the caller has seen. Throws `permission_denied`, and `poll_refused` where one is open. */
export async function callPoll(
  { store, gates }: GateParts,
  scene: Scene,
  wish: { gate: string; person: string; subjectSha256: string; seconds: number },
): Promise<StandingPoll> {
  const { launch, environment } = scene;
  const { gate, person, subjectSha256, seconds } = wish;
  await permitPoll(store, scene, { gate, person });
  const { decision } = await gates.decide(scene, gate);
  const place = { launch: launch.id, environment: environment.id, gate };
  const poll = await openPoll(store, { ...place, subjectSha256, openedBy: person, seconds });
  if (poll) return { ...poll, state: pollState(poll, decision.subjectSha256, poll.openedAtMs) };
  throw new ProductError('poll_refused', `gate ${gate}: expected no open poll, got one`, {
    hint: 'wait until its time has passed, or close it',
  });
}

/** Closes the poll that is open at a gate; what was voted stays. Throws `permission_denied`, and `poll_refused` where none is open. */
export async function endPoll(
  { store }: Pick<GateParts, 'store'>,
  scene: Scene,
  { gate, person }: { gate: string; person: string },
): Promise<StandingPoll> {
  await permitPoll(store, scene, { gate, person });
  const place = { launch: scene.launch.id, environment: scene.environment.id, gate };
  const poll = await closePoll(store, place, person);
  if (poll) return { ...poll, state: 'closed' };
  throw new ProductError('poll_refused', `gate ${gate}: expected an open poll, got none`, {
    hint: 'call one, or read the gate again',
  });
}

async function permitPoll(
  store: Store,
  { launch, environment }: Scene,
  { gate, person }: { gate: string; person: string },
): Promise<void> {
  const nowMs = Date.parse(await readNow(store));
  const ask = { person, permission: 'poll.call', environment: environment.id, nowMs, subject: gate } as const;
  await requirePermission(store, launch, ask);
}

function findGate({ launch }: Scene, gate: string): Gate {
  return launch.gates.find(({ id }) => id === gate)!;
}

/** Every criterion of a gate that stands for itself, groups not among them. */
export function leafCriteria({ criteria }: Gate): Criterion[] {
  const visit = (criterion: Criterion): Criterion[] =>
    criterion.children.length === 0 ? [criterion] : criterion.children.flatMap(visit);
  return criteria.flatMap(visit);
}
