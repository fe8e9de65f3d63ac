import type { JsonObject, JsonValue } from '@tminus/verify';

import type { Fence, ReadSpec } from '../../../core/check/check.ts';
import type { ReadStepFence, StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { listProgramEffects } from '../program/list-program-effects.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { readStepAttributes, toFenceFaults } from '../step-fence.ts';
import { shSchema } from './schema.ts';
import type { ShSpec } from './schema.ts';
import { toScript } from './to-script.ts';

/** The pure half of the step kind `sh`. */
export const shReader: StepReader = {
  kind: 'sh',
  summary: 'Runs a shell script in a sandbox where there is one; templates in it become variables.',
  jsonSchema: toJsonSchema(shSchema),
  readSpec: readShSpec,
  fenceLanguages: ['sh', 'bash'],
  readFence: readShFence,
  actionClass: () => 'long_modify',
  listEffects: (spec) => {
    const { script, shell } = spec as unknown as ShSpec;
    const lines = commandLines(script);
    const seen = shell === 'sh' && hasPipe(script) ? ', which sees only the last command of a pipe fail' : '';
    return listProgramEffects(spec, script, `runs ${lines === 1 ? 'a line' : `${lines} lines`} of ${shell}${seen}`);
  },
  undoSpec: () => null,
};

function readShSpec(written: JsonValue): ReadSpec {
  return readStepSchema(shSchema, written, ({ script }) => {
    const read = toScript(script);
    if (commandLines(script) === 0)
      return [{ path: ['script'], expected: 'a command', got: 'comments only', hint: 'write the command' }];
    return read.ok ? [] : read.faults.map(({ expected, got, hint }) => ({ path: ['script'], expected, got, hint }));
  });
}

const attributes = ['cwd', 'sandbox', 'network', 'handover', 'grace', 'output', 'fileSize', 'processes', 'memory'];

function readShFence(fence: Fence): ReadStepFence {
  const own = readStepAttributes(fence, attributes);
  if (!own.ok) return own;
  const script = toScript(fence.text);
  if (!script.ok) return { ok: false, faults: script.faults };
  const written: JsonObject = { ...own.spec, shell: fence.language === 'bash' ? 'bash' : 'sh', script: fence.text };
  const read = readShSpec(written);
  return read.ok ? read : toFenceFaults(read.faults, ['script']);
}

function commandLines(script: string): number {
  return script.split('\n').filter((line) => line.trim() !== '' && !line.trim().startsWith('#')).length;
}

/** Whether commands are piped; a bar within quotes may be taken for one, which tells too much and never too little. POSIX.1-2017 knows no pipefail. */
function hasPipe(script: string): boolean {
  return script.split('\n').some((line) => !line.trim().startsWith('#') && /(?<![|>])\|(?!\|)/.test(line));
}
