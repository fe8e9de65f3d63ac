import { allows } from '../../core/access/allows.ts';
import type { ApprovalRequest } from '../../core/access/approval-request.ts';
import { bypasserOf } from '../../core/access/break-glass.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import { permitAction } from '../../core/access/permit-action.ts';
import type { ActionPermit } from '../../core/access/permit-action.ts';
import { approvalEndMs } from '../../core/access/to-approval-reference.ts';
import { approvalLevel } from '../../core/procedure/authority.ts';
import type { Run } from '../../core/procedure/run.ts';
import { undoPlan } from '../../core/procedure/undo-plan.ts';
import { insertAccessDecisions } from '../../store/access-decision.ts';
import type { NewAccessDecision } from '../../store/access-decision.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { createGather } from '../delivery/gather.ts';
import { loadAccess, loadAccessTogether } from './load-access.ts';
import type { AccessGround } from './load-access.ts';

/** A step that is about to have an effect. */
export interface StepAsk {
  run: Run;
  step: string;
  /** `undo` on the way back. */
  part: 'forward' | 'undo';
  /** Account that the step runs for. */
  actor: string;
  /** Where it is about to have its effect: has to be the environment of the plan. */
  environment: string;
  /** Candidate of the run. */
  candidateSha256: string;
  nowMs: number;
}

/** Whether the step may begin. `exception` means that the glass was broken: it goes into the event, the message to everybody and the report. */
export interface StepPermit extends ActionPermit {
  /** The request that it was approved by; null where none was wanted or none holds. */
  request: string | null;
}

/**
 * The last question before an effect (D11, O05), by the rows of this moment: the environment is declared and the plan's, the actor still may, and where
 * the run wants an approval one of the run's requests is approved now, for this plan and this candidate. The way back does not stop because an
 * approval ended by itself in the middle: it is judged at the last moment at which that one held; rights that were taken away stop it, too.
 * Two statements. The answer is in the audit of the same transaction: commit after a refusal, too.
 */
export async function permitStep(
  store: Store,
  launch: RightsLaunch,
  ask: StepAsk,
  tx?: StoreTransaction,
): Promise<StepPermit> {
  const run = ask.run.id;
  const ground = await (tx ? loadAccessTogether(store, launch, { run, tx }) : loadAccess(store, launch, run));
  const permit = judgeStep(ground, ask);
  const { permitted: allowed, exception, reasons } = permit;
  const about = { launch: launch.id, environment: ask.environment, actor: ask.actor, run: ask.run.id };
  const reason = reasons.join('; ') || `approved by ${permit.request ?? 'nobody: no approval is wanted'}`;
  const row = { ...about, permission: 'step.run', subject: ask.step, allowed, exception, reason };
  await (tx ? insertTogether(store, tx, row) : insertAccessDecisions(store, [row]));
  return permit;
}

/** Answers that are given side by side in one transaction are written in one statement; forgotten with the transaction. */
const audits = new WeakMap<StoreTransaction, (row: NewAccessDecision) => Promise<void>>();

function insertTogether(store: Store, tx: StoreTransaction, row: NewAccessDecision): Promise<void> {
  const write =
    audits.get(tx) ??
    createGather(async (rows: readonly NewAccessDecision[]) => {
      await insertAccessDecisions(store, rows, tx);
      return rows.map(() => undefined);
    });
  audits.set(tx, write);
  return write(row);
}

/** The answer by what is known. */
export function judgeStep(ground: AccessGround, ask: StepAsk): StepPermit {
  const { run, environment, actor, nowMs } = ask;
  if (environment !== run.plan.environment.id)
    return refuse([`the plan is for the environment ${run.plan.environment.id}, not for ${environment || '(none)'}`]);
  const scope = { launch: ground.scene.launch.id, environment };
  const right = allows(ground.scene, { actor, permission: 'step.run', scope }, nowMs);
  if (!right.allowed) return refuse([right.reason]);
  const level = wantedLevel(ground, ask);
  if (level === 0) {
    const { exception, reason } = right;
    return { permitted: true, exception, reasons: exception ? [reason] : [], request: null };
  }
  return judgeApprovals(ground, ask, level);
}

/** An environment that the document calls production now is production, whatever it was when the run was planned. */
function wantedLevel({ scene }: AccessGround, { run, part, environment }: StepAsk): number {
  const production =
    run.plan.environment.production || scene.launch.environments.find(({ id }) => id === environment)!.production;
  const plan = { ...run.plan, environment: { id: environment, production } };
  return part === 'undo' ? undoPlan({ ...run, plan }).approvalLevel : approvalLevel(plan);
}

function judgeApprovals(ground: AccessGround, ask: StepAsk, level: number): StepPermit {
  const { run, candidateSha256 } = ask;
  const fits = (request: ApprovalRequest): boolean =>
    request.level >= level && request.planHash === run.plan.planHash && request.candidateSha256 === candidateSha256;
  const permits = ground.requests
    .filter((request) => fits(request))
    .map((request) => ({ ...permitBy(ground, ask, request), request: request.id }));
  const chosen = permits.find(({ permitted, exception }) => permitted && !exception) ?? permits.at(-1);
  if (chosen?.permitted) return chosen;
  const reasons = chosen?.reasons ?? [
    `level ${level} wants an approval for this plan and candidate, and there is none`,
  ];
  return bypass(ground, ask, reasons);
}

function permitBy({ scene, votes }: AccessGround, ask: StepAsk, request: ApprovalRequest): ActionPermit {
  const own = votes.filter(({ entry }) => entry.statement.request === request.id);
  const { actor: executor, part, nowMs } = ask;
  const end = approvalEndMs(
    request,
    own.map(({ entry }) => entry.statement),
  );
  const atMs = part === 'undo' ? Math.min(nowMs, end - 1) : nowMs;
  return permitAction({ request, votes: own, executor, bypassedBy: null }, scene, atMs);
}

/** A29: whoever stands in the place of the approval, or runs the step, may have broken the glass. */
function bypass({ scene }: AccessGround, ask: StepAsk, reasons: string[]): StepPermit {
  const actor = bypasserOf(ask.run.approval?.id ?? null, scene.grants) ?? ask.actor;
  const scope = { launch: scene.launch.id, environment: ask.environment };
  const { allowed, reason } = allows(scene, { actor, permission: 'approval.bypass', scope }, ask.nowMs);
  if (!allowed) return refuse(reasons);
  return { permitted: true, exception: true, reasons: [...reasons, reason], request: null };
}

function refuse(reasons: string[]): StepPermit {
  return { permitted: false, exception: false, reasons, request: null };
}
