import type { JsonObject } from '@tminus/verify';

import { listTemplates } from '../../../core/step/list-templates.ts';
import { valueOf } from '../../../core/step/fill-values.ts';
import type { StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { openSecrets, toMissing } from '../open-templates.ts';
import { runProgram } from '../program/run-program.ts';
import { toFailed } from '../step-outcome.ts';
import { toScript } from './to-script.ts';
import type { ShSpec } from './schema.ts';

/** Runs the script with its templates as variables; its secrets are opened just before and wiped after. */
export async function runSh(written: JsonObject, context: StepContext): Promise<StepOutcome> {
  const spec = written as unknown as ShSpec;
  const script = toScript(spec.script);
  if (!script.ok) return toFailed(`script: expected ${script.faults[0]!.expected}, got ${script.faults[0]!.got}`);
  const missing = listTemplates(written).filter(
    (template) => template.kind === 'value' && (valueOf(template, context.variables) ?? '') === '',
  );
  if (missing.length > 0) return toMissing(missing.map(({ name }) => name));
  const opened = await openSecrets(written, context);
  if (!opened.ok) return opened.end;
  try {
    const program = { ...spec, argv: toArgv(spec.shell, script.script), env: {}, stdin: null };
    return await runProgram(program, opened.values, context);
  } finally {
    for (const value of opened.values) value.wipe();
  }
}

function toArgv(shell: ShSpec['shell'], script: string): string[] {
  return shell === 'bash' ? ['bash', '-eu', '-o', 'pipefail', '-c', script, 'bash'] : ['sh', '-eu', '-c', script, 'sh'];
}
