import type { StepKind } from '../../../core/step/step-kind.ts';
import { shReader } from './reader.ts';
import { runSh } from './run.ts';

/** The step kind `sh`. Whether a program took effect is only known to itself, so there is no probe. */
export const shKind: StepKind = { ...shReader, run: runSh, probe: null };
