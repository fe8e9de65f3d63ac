import type { StepKind } from '../../../core/step/step-kind.ts';
import type { TargetPolicy } from '../../target-policy.ts';
import { httpStepReader } from './reader.ts';
import { probeHttp, runHttp } from './run.ts';

/** The step kind `http`. The circuits of the policy are shared by all steps of a process: one target that is down is down for each of them. */
export function createHttpStep(policy: TargetPolicy): StepKind {
  return {
    ...httpStepReader,
    run: (spec, context) => runHttp(spec, { context, policy }),
    probe: (spec, context) => probeHttp(spec, { context, policy }),
  };
}
