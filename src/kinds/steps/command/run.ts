import type { JsonObject } from '@tminus/verify';

import type { StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { openSecrets } from '../open-templates.ts';
import { runProgram } from '../program/run-program.ts';
import type { CommandSpec } from './schema.ts';

/** Runs the program of the spec; its secrets are opened just before and wiped after. */
export async function runCommand(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  const opened = await openSecrets(written, context);
  if (!opened.ok) return opened.end;
  try {
    return await runProgram(written as unknown as CommandSpec, opened.values, context);
  } finally {
    for (const value of opened.values) value.wipe();
  }
}
