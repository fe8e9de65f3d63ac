import type { ApprovalRequest } from '../../core/access/approval-request.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { approvalLevel } from '../../core/procedure/authority.ts';
import type { Plan } from '../../core/procedure/plan.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import type { Run } from '../../core/procedure/run.ts';
import { readNow } from '../../store/open-store.ts';
import { assessRun } from '../access/assess-request.ts';
import type { RunSetting } from '../run-setting.ts';
import type { Scene } from '../scene.ts';
import { actOnRun } from './act-on-run.ts';
import { askApproval, assertApprovable } from './ask-approval.ts';
import type { Engine } from './open-engine.ts';
import { orderRun } from './order-run.ts';

/** A live run that somebody wants. */
export interface LiveRunWish {
  /** Its id; a new one where it is left out. */
  id?: string;
  plan: Plan;
  person: string;
  /** Who approves reads it; may be empty where no approval is wanted. */
  reason: string;
  /** Words that lift a change window which names them; told to whoever approves. */
  labels: readonly string[];
  /** Milliseconds since the epoch; null takes the one of the launch. */
  t0Ms: number | null;
  /** Idempotency key; null where there is none. */
  key: string | null;
  kinds: readonly StepReader[];
}

/** A live run that was made, or the equal one of the last 24 hours. */
export interface OrderedLiveRun {
  id: string;
  repeated: boolean;
  /** What was asked for where it wants an approval; null where it began, or was made before. */
  request: ApprovalRequest | null;
}

/**
 * Makes a live run, and starts it or asks for its approval. Throws what stands against it before anything is made: above all where nobody could ever
 * approve it, and `usage` where it wants an approval and gives no reason.
 */
export async function orderLiveRun(engine: Engine, scene: Scene, wish: LiveRunWish): Promise<OrderedLiveRun> {
  const { store } = engine;
  const { plan, person, labels, t0Ms, key, kinds } = wish;
  const reason = `${labels.map((label) => `[${label}] `).join('')}${wish.reason}`;
  if (approvalLevel(plan) > 0) {
    assertReason(wish);
    await assertApprovable(store, scene, { plan, requester: person, reason, kinds });
  }
  const { id, repeated, run, setting } = await orderRun(store, scene, {
    ...(wish.id === undefined ? {} : { id: wish.id }),
    plan,
    mode: 'live',
    requester: person,
    t0Ms,
    key,
    setting: { workspace: null, faults: {}, standIns: null, labels },
  });
  const request = run === null ? null : await beginLiveRun(engine, scene, { run, setting, person, reason, kinds });
  return { id, repeated, request };
}

/** A live run that was made, and may not have begun. */
export interface MadeLiveRun extends Pick<LiveRunWish, 'person' | 'reason' | 'kinds'> {
  run: Run;
  setting: RunSetting;
}

/** Starts a run that needs no approval, or asks for the approval of one that nobody has asked for; does nothing with one that is further. */
export async function beginLiveRun(
  engine: Engine,
  scene: Scene,
  { run, setting, person, reason, kinds }: MadeLiveRun,
): Promise<ApprovalRequest | null> {
  const { store } = engine;
  if (run.state === 'approved')
    await actOnRun(engine, { run, launch: scene.launch, setting, person, input: { kind: 'start' } });
  if (run.state !== 'pending_approval') return null;
  const nowMs = Date.parse(await readNow(store));
  if ((await assessRun(store, { launch: scene.launch }, run.id, nowMs)).length > 0) return null;
  return askApproval(store, scene, { run, what: 'run', requester: person, reason, kinds });
}

/** Asked before anything is made: a run without a reason could not be approved. */
function assertReason({ plan, reason }: LiveRunWish): void {
  if (reason.trim() !== '') return;
  throw new ProductError(
    'usage',
    `run of ${plan.id} in ${plan.environment.id}: expected why it is wanted, got nothing`,
    { hint: 'say it with --reason: who approves reads it' },
  );
}
