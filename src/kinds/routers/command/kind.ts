import type { RouterKind } from '../../../core/rollout/router-kind.ts';
import { commandOptions } from './schema.ts';

/** Whatever has a program to read and to set it. */
export const commandKind: RouterKind = {
  kind: 'command',
  summary: 'Programs of your own that read and set a weight, run without a shell; what they print has to be JSON',
  jsonSchema: commandOptions.jsonSchema,
  faults: commandOptions.faults,
  open: async (written, context) => {
    const options = commandOptions.read(written);
    const { openCommandSession } = await import('./open-session.ts');
    return await openCommandSession(options, context);
  },
};
