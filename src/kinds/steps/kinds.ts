import type { StepKind } from '../../core/step/step-kind.ts';
import { checkKinds } from '../checks/kinds.ts';
import { createCheckStep } from './check/kind.ts';
import { commandKind } from './command/kind.ts';
import { dnsStepKind } from './dns/kind.ts';
import { httpStepKind } from './http/kind.ts';
import { notifyKind } from './notify/kind.ts';
import { shKind } from './sh/kind.ts';
import { sqlStepKind } from './sql/kind.ts';
import { createWaitStep } from './wait/kind.ts';

/** Every step kind with the half that touches the world. A kind adds one line here and one in `readers.ts`. */
export const stepKinds: readonly StepKind[] = [
  createCheckStep(checkKinds),
  commandKind,
  dnsStepKind,
  httpStepKind,
  notifyKind,
  shKind,
  sqlStepKind,
  createWaitStep(checkKinds),
];
