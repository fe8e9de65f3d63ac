import type { StepKind } from '../../../core/step/step-kind.ts';
import { commandReader } from './reader.ts';
import { runCommand } from './run.ts';

/** The step kind `command`. Whether a program took effect is only known to itself, so there is no probe. */
export const commandKind: StepKind = { ...commandReader, run: runCommand, probe: null };
