import type { JsonObject } from '@tminus/verify';

import type { SpecFault } from '../../../core/check/check.ts';
import { listTemplates } from '../../../core/step/list-templates.ts';
import type { StepReader } from '../../../core/step/step-kind.ts';
import { toJsonSchema } from '../../checks/read-schema.ts';
import { listProgramEffects } from '../program/list-program-effects.ts';
import { readStepSchema } from '../read-step-schema.ts';
import { refuseStepFence } from '../step-fence.ts';
import { commandSchema } from './schema.ts';
import type { CommandSpec } from './schema.ts';

/** The pure half of the step kind `command`. */
export const commandReader: StepReader = {
  kind: 'command',
  summary: 'Runs a program with arguments that no shell reads, in a sandbox where there is one.',
  jsonSchema: toJsonSchema(commandSchema),
  readSpec: (written) => readStepSchema(commandSchema, written, commandFaults),
  fenceLanguages: [],
  readFence: refuseStepFence,
  actionClass: () => 'long_modify',
  listEffects: (spec) => listEffects(spec),
  undoSpec: () => null,
};

function commandFaults({ argv, env, stdin, handover }: CommandSpec): SpecFault[] {
  const name = argv[0]!;
  const faults: SpecFault[] = [];
  // Programs that read their own name, and wrappers that pass it on, would take it for an option; and what is run must be known when it is approved.
  if (name === '' || name.startsWith('-') || name.includes('{{'))
    faults.push({ path: ['argv', 0], expected: 'a program name', got: name || 'nothing', hint: 'name the program' });
  const secret = listTemplates({ argv, env, stdin }).find(({ kind }) => kind === 'secret');
  if (handover === 'environment' && secret !== undefined)
    faults.push({
      path: ['handover'],
      expected: 'descriptor or file, so that there is a path',
      got: handover,
      hint: `leave handover out, or let the program read the variable ${secret.variable}`,
    });
  return faults;
}

function listEffects(spec: JsonObject): ReturnType<StepReader['listEffects']> {
  const { argv } = spec as unknown as CommandSpec;
  return listProgramEffects(
    spec,
    argv.join(' '),
    `runs ${argv[0]} with ${argv.length === 2 ? 'one argument' : `${argv.length - 1} arguments`}`,
  );
}
