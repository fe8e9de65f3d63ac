import { homedir } from 'node:os';
import { join } from 'node:path';

import type { Shell } from './shell.ts';

/** Where a person's private key lies unless they say otherwise: in their own configuration, never in the launch repository. */
export function toKeyFile({ env }: Pick<Shell, 'env'>, person: string): string {
  const configuration = env['XDG_CONFIG_HOME'] ?? join(env['HOME'] ?? homedir(), '.config');
  return join(configuration, 'tminus', 'keys', `${person}.pem`);
}
