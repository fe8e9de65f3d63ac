import type { CheckReader } from '../../core/check/check.ts';
import type { StepReader } from '../../core/step/step-kind.ts';

/** The kinds that a launch may name. A fence that none of them reads is a problem, so whoever reads a launch hands in all that there are. */
export interface LaunchReaders {
  checks: readonly CheckReader[];
  steps: readonly StepReader[];
}
