import type { BundleSource } from './bundle-source.ts';
import { VerifyFailure } from './bundle-state.ts';
import type { BundleState, Step, StepResult, VerifyOptions } from './bundle-state.ts';
import { checkBlobs } from './check-blobs.ts';
import { checkCandidate, checkDecision } from './check-decision.ts';
import { checkEvidence } from './check-evidence.ts';
import { checkFiles } from './check-files.ts';
import { checkForeign } from './check-foreign.ts';
import { checkLaunch } from './check-launch.ts';
import { checkCheckpoint, checkEntries, checkKey, checkRoot } from './check-log.ts';
import { checkPeople } from './check-people.ts';
import { checkStatement } from './check-statement.ts';
import { FormatError, quoteShort } from './format-error.ts';
import type { Recompute } from './recompute.ts';
import { stepTitles } from './verify-report.ts';
import type { VerifiedDecision, VerifyFault, VerifyReport, VerifyStep } from './verify-report.ts';

/** The steps in their order: each relies on what the ones before it established. */
export const verifySteps: readonly Step[] = [
  checkFiles,
  checkKey,
  checkCheckpoint,
  checkEntries,
  checkRoot,
  checkForeign,
  checkBlobs,
  checkLaunch,
  checkPeople,
  checkEvidence,
  checkCandidate,
  checkDecision,
  checkStatement,
];

/**
 * What holds of a bundle and the first thing that does not. Never throws for what a bundle contains: whatever goes wrong in
 * a step is a step that failed. Steps after a failure are not done, because they would rest on what does not hold.
 */
export function verifyBundle(
  source: BundleSource,
  options: VerifyOptions,
  recompute: Recompute,
  steps: readonly Step[] = verifySteps,
): VerifyReport {
  const state = newState(source, options, recompute);
  const done: VerifyStep[] = [];
  const cautions: string[] = [];
  let firstFault: VerifyFault | null = null;
  for (const step of steps) {
    const { id, needed } = step;
    if (firstFault !== null) {
      const detail = `not reached: ${firstFault.where} does not hold`;
      done.push({ id, title: stepTitles[id], state: 'not-checked', detail, needed });
      continue;
    }
    const result = runStep(step, state);
    if ('code' in result) firstFault = result;
    else cautions.push(...result.cautions);
    const outcome = 'code' in result ? ({ state: 'failed', detail: describe(result) } as const) : result;
    done.push({ id, title: stepTitles[id], state: outcome.state, detail: outcome.detail, needed });
  }
  const complete = done.every((step) => step.state === 'ok' || !step.needed);
  const verdict = firstFault !== null ? 'does-not-hold' : complete ? 'verified' : 'incomplete';
  const decision = toDecision(state);
  return {
    format: 'tminus/verify-report/1',
    ok: verdict === 'verified',
    verdict,
    decision,
    steps: done,
    cautions,
    firstFault,
  };
}

function runStep(step: Step, state: BundleState): StepResult | VerifyFault {
  try {
    return step.run(state);
  } catch (error) {
    if (error instanceof VerifyFailure) return error.fault;
    if (error instanceof FormatError) return { code: step.code, ...error.fault, hint: step.hint };
    // Files that vanish, and code handed in that breaks on hostile bytes: both end closed, with what is known.
    const got = error instanceof Error ? quoteShort(error.message, 200) : 'an unknown error';
    const where = `step ${step.id}`;
    return {
      code: step.id === 'files' ? 'bundle_unreadable' : step.code,
      where,
      expected: 'to be readable',
      got,
      hint: step.hint,
    };
  }
}

function describe(fault: VerifyFault): string {
  return `${fault.where}: expected ${fault.expected}, got ${fault.got}`;
}

/** Only what steps filled in may be read; an unread field is an empty value that matches nothing. */
function newState(source: BundleSource, options: VerifyOptions, recompute: Recompute): BundleState {
  return Object.assign(Object.create(null) as BundleState, {
    source,
    options,
    recompute,
    entries: [],
    leafHashes: [],
    launchJson: '',
    planHash: '',
  });
}

function toDecision({ decision }: Partial<BundleState>): VerifiedDecision | null {
  if (decision === undefined) return null;
  const { launch, gate, phase, outcome, decidedAt, candidateSha256, environment } = decision;
  return { launch, gate, phase, outcome, decidedAt, candidateSha256, environment };
}
