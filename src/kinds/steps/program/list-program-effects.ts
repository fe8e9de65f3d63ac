import type { JsonObject } from '@tminus/verify';

import { listTemplates } from '../../../core/step/list-templates.ts';
import type { Effect } from '../../../core/step/step-kind.ts';

/** Returns what a program may do: anything that its sandbox lets it, and the secrets that it is handed. */
export function listProgramEffects(spec: JsonObject, program: string, text: string): Effect[] {
  const how = spec['handover'] === 'environment' ? 'its value in the environment' : 'a path to read it from';
  return [
    { does: 'unknown', target: program.slice(0, 2000), text: `${text}, which may do anything that its limits let it` },
    ...listTemplates(spec)
      .filter(({ kind }) => kind === 'secret')
      .map(({ name, variable }): Effect => ({
        does: 'read',
        target: `secret ${name}`,
        text: `hands ${variable} to the program: ${how}`,
      })),
  ];
}
