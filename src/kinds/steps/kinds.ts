import type { StepKind } from '../../core/step/step-kind.ts';
import { checkKinds } from '../checks/kinds.ts';
import { createCheckStep } from './check/kind.ts';
import { commandKind } from './command/kind.ts';
import { dnsStepKind } from './dns/kind.ts';
import { fixStepKind } from './fix/kind.ts';
import { createTargetPolicy } from '../target-policy.ts';
import { createHttpStep } from './http/kind.ts';
import { exportStepKind } from './export/kind.ts';
import { importStepKind } from './import/kind.ts';
import { mailoutStepKind } from './mailout/kind.ts';
import { notifyKind } from './notify/kind.ts';
import { drillStepKind } from './restore-drill/kind.ts';
import { rolloutStepKind } from './rollout/kind.ts';
import { shKind } from './sh/kind.ts';
import { snapshotStepKind } from './snapshot/kind.ts';
import { sqlStepKind } from './sql/kind.ts';
import { createWaitStep } from './wait/kind.ts';

/**
 * Circuits of the targets of this process. Tries and limits of time are the step's own, as the document declares them: a repeat that nobody declared is
 * none of ours.
 */
const targets = createTargetPolicy({ retries: 0, timeoutMs: 600_000 });

/** Every step kind with the half that touches the world. A kind adds one line here and one in `readers.ts`. */
export const stepKinds: readonly StepKind[] = [
  createCheckStep(checkKinds),
  commandKind,
  dnsStepKind,
  exportStepKind,
  fixStepKind,
  createHttpStep(targets),
  importStepKind,
  mailoutStepKind,
  notifyKind,
  drillStepKind,
  rolloutStepKind,
  shKind,
  snapshotStepKind,
  sqlStepKind,
  createWaitStep(checkKinds),
];
