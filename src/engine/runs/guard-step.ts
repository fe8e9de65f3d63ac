import { decide } from '../../core/gate/decide.ts';
import type { Decision, DecisionNode } from '../../core/gate/decision.ts';
import { criteriaOfStep, gatesBeforeStep } from '../../core/gate/gates-before-step.ts';
import { listCriteria } from '../../core/launch/find-criterion.ts';
import type { Launch } from '../../core/launch/launch.ts';
import { windowFault } from '../../core/launch/window.ts';
import { plannedSteps } from '../../core/procedure/draft.ts';
import type { Run } from '../../core/procedure/run.ts';
import { keepMessage } from '../../store/message.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { permitStep } from '../access/permit-step.ts';
import { readLog } from '../read-log.ts';
import type { RunSetting } from '../run-setting.ts';
import type { Permit } from '../worker/worker-parts.ts';

/** A step that is about to begin. */
export interface GuardedStep {
  launch: Launch;
  run: Run;
  step: string;
  setting: RunSetting;
}

/**
 * The last question before a step of a machine: rights and approval of this moment, change windows, gates, and criteria that it needs. Gates and windows
 * hold for live runs; a rehearsal comes before the GO, and never reaches production.
 */
export function createStepGuard(store: Store): Permit {
  return async (tx, { launch, run, step, setting, nowMs }) => {
    const permit = await permitStep(
      store,
      launch,
      {
        run,
        step,
        part: run.steps[step]?.part ?? 'forward',
        actor: setting.executor,
        environment: run.plan.environment.id,
        candidateSha256: setting.candidateSha256,
        nowMs,
      },
      tx,
    );
    if (!permit.permitted) return permit.reasons.join('; ');
    if (permit.exception) {
      const body = `EXCEPTION: ${step} began without an approval: ${permit.reasons.join('; ')}`;
      await keepMessage(tx, { run: run.id, what: 'exception', people: [], body });
    }
    return (
      windowObjection({ launch, run, step, setting }, nowMs) ?? gateObjection(store, { launch, run, step, setting })
    );
  };
}

/** Why the documents do not let this step begin now, whoever does it; null where they do. */
export async function gateObjection(store: Store, guarded: GuardedStep): Promise<string | null> {
  const { launch, run, step } = guarded;
  if (run.mode !== 'live') return null;
  const gates = gatesBeforeStep(launch, run, step);
  const criteria = criteriaOfStep(launch, step);
  if (gates.length === 0 && criteria.length === 0) return null;
  const log = await readLog(store, launch.id);
  const entries = log.entries.map(({ id, entry }) => ({ id, entry }));
  const now = await readNow(store);
  const ask = (gate: string): Decision => decide({ ...sceneOf(guarded), launch, entries, now, gate });
  const shut = gates.map(({ id }) => ask(id)).filter(({ outcome }) => outcome === 'no-go');
  if (shut.length > 0)
    return shut.map(({ gate }) => `gate ${gate} says NO-GO now: see "tminus decide ${gate}"`).join('; ');
  const open = criteria.filter((id) => !isMet(ask(gateOf(launch, id)).tree, id));
  return open.length === 0 ? null : `it needs ${open.join(', ')}, which is not met now`;
}

function sceneOf({
  run,
  setting,
}: GuardedStep): Pick<Parameters<typeof decide>[0], 'planHash' | 'candidate' | 'candidateSha256'> {
  return { planHash: run.plan.planHash, candidate: setting.candidate, candidateSha256: setting.candidateSha256 };
}

function gateOf(launch: Launch, criterion: string): string {
  const gate = launch.gates.find((one) => listCriteria({ gates: [one] }).some(({ id }) => id === criterion));
  return gate?.id ?? '';
}

function isMet(node: DecisionNode, criterion: string): boolean {
  if (node.kind === 'criterion' && node.id === criterion) return node.outcome === 'pass';
  return node.children.some((child) => isMet(child, criterion));
}

function windowObjection({ launch, run, step, setting }: GuardedStep, nowMs: number): string | null {
  const planned = plannedSteps(run.plan).get(step);
  if (run.mode !== 'live' || planned?.writes !== true || run.steps[step]?.part !== 'forward') return null;
  return windowFault(launch, nowMs, setting.labels)?.reason ?? null;
}
