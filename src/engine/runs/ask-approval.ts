import type { ApprovalRequest } from '../../core/access/approval-request.ts';
import type { ApprovalLevel } from '../../core/access/approval-level.ts';
import { approvalLevel } from '../../core/procedure/authority.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import type { ApprovalReference, Run } from '../../core/procedure/run.ts';
import { undoPlan } from '../../core/procedure/undo-plan.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { assessRun } from '../access/assess-request.ts';
import { prepareRequest, requestApproval } from '../access/request-approval.ts';
import type { ApprovalWish } from '../access/request-approval.ts';
import type { Scene } from '../scene.ts';
import { findAuthors } from './find-authors.ts';
import { dryRunSha256, listRunEffects } from './plan-run.ts';
import type { StepEffects } from './plan-run.ts';

/** What an approval is wanted for. */
export interface ApprovalAsk {
  run: Run;
  /** `run` for the run itself, `way-back` for taking it back from where it stands. */
  what: 'run' | 'way-back';
  requester: string;
  reason: string;
  kinds: readonly StepReader[];
}

/** The level that is wanted now. */
export function wantedLevel(run: Run, what: ApprovalAsk['what']): ApprovalLevel {
  return what === 'run' ? approvalLevel(run.plan) : undoPlan(run).approvalLevel;
}

/**
 * Asks for an approval, bound to everything that the steps would do. One of the way back names the steps of the way back only, as they follow from where
 * the run stands at this moment.
 */
export async function askApproval(store: Store, scene: Scene, ask: ApprovalAsk): Promise<ApprovalRequest> {
  const { run, what } = ask;
  const back = new Set(undoPlan(run).steps.map(({ step }) => step));
  const all = listRunEffects(run.plan, ask.kinds, scene);
  const effects = what === 'run' ? all : all.filter(({ step }) => back.has(step));
  const wish = await toWish(scene, ask, { effects, level: wantedLevel(run, what) });
  return requestApproval(store, scene, { ...wish, run: run.id });
}

/**
 * Throws where nobody could ever approve a run of this plan that this person orders. Asked before the run is made: one whose approval cannot even be asked
 * for would wait for ever.
 */
export async function assertApprovable(
  store: Store,
  scene: Scene,
  { plan, requester, reason, kinds }: Pick<ApprovalAsk, 'requester' | 'reason' | 'kinds'> & Pick<Run, 'plan'>,
): Promise<void> {
  const run = { plan, requestedBy: requester };
  const effects = listRunEffects(plan, kinds, scene);
  const ask = { run, what: 'run', requester, reason } as const;
  const wish = await toWish(scene, ask, { effects, level: approvalLevel(plan) });
  await prepareRequest(store, scene, { ...wish, run: null });
}

async function toWish(
  scene: Scene,
  {
    run: { plan, requestedBy },
    what,
    requester,
    reason,
  }: Pick<ApprovalAsk, 'what' | 'requester' | 'reason'> & { run: Pick<Run, 'plan' | 'requestedBy'> },
  { effects, level }: { effects: StepEffects[]; level: ApprovalLevel },
): Promise<Omit<ApprovalWish, 'run'>> {
  const planned = plannedSteps(plan);
  const writing = effects.flatMap(({ step }) => planned.get(step) ?? []).filter(({ writes }) => writes);
  return {
    action: {
      id: what === 'run' ? plan.id : `${plan.id}, taken back`,
      kind: what,
      reversible: writing.every(({ reversible }) => reversible),
      // What cannot be taken back is said by `reversible`; nothing in a procedure says that it destroys data on purpose.
      destructive: false,
    },
    level,
    dryRunSha256: dryRunSha256(effects),
    runbook: plan.id,
    reason,
    requester,
    authors: await findAuthors(scene),
    executors: [requestedBy],
  };
}

/** The newest approval of a run that holds now and is high enough for taking it back; null where there is none, or none is wanted. */
export async function findWayBackApproval(
  store: Store,
  scene: Pick<Scene, 'launch'>,
  run: Run,
): Promise<ApprovalReference | null> {
  const level = wantedLevel(run, 'way-back');
  if (level === 0) return null;
  const nowMs = Date.parse(await readNow(store));
  const assessed = await assessRun(store, scene, run.id, nowMs);
  return (
    assessed
      .filter(({ request }) => request.action.kind === 'way-back')
      .map(({ reference }) => reference)
      .find((reference) => reference !== null && reference.level >= level) ?? null
  );
}
