import type { StepKind } from '../../../core/step/step-kind.ts';
import { httpStepReader } from './reader.ts';
import { probeHttp, runHttp } from './run.ts';

/** The step kind `http`. */
export const httpStepKind: StepKind = { ...httpStepReader, run: runHttp, probe: probeHttp };
