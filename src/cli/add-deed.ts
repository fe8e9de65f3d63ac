import type { Command } from '@commander-js/extra-typings';

import { addGlobalOptions } from './add-global-options.ts';

/** Adds a command by which a person does something to a run: every deed has a person with a key, and a role. */
export function addDeed(program: Command, name: string, description: string) {
  return addGlobalOptions(program.command(name))
    .description(description)
    .requiredOption('--as <person>', 'who does it, as the launch names them')
    .option('--key <file>', 'their private key (default: where "tminus key create" put it)')
    .option('--role <role>', 'the role they act in (default: the one that is asked for)');
}
