import { ProductError } from '../core/error/product-error.ts';
import { secretProviders } from '../kinds/secrets/providers.ts';
import type { Shell } from '../cli/shell.ts';

/** The value behind a reference such as `file:/run/secrets/oidc` or `env:OIDC_SECRET`. Throws `secret_unavailable` with the reason, never with the value. */
export async function readSecretReference(shell: Shell, text: string): Promise<string> {
  const [, word = '', rest = ''] = /^([a-z]+):(.+)$/u.exec(text) ?? [];
  const provider = secretProviders.find((one) => one.kind === word);
  if (!provider) throw unavailable(text, `one of ${secretProviders.map((one) => one.kind).join(', ')} and a colon`);
  const context = {
    environment: shell.env,
    prefix: shell.env['TMINUS_SECRET_PREFIX'] ?? null,
    workspace: shell.directory,
    signal: shell.signal,
  };
  const read = await provider.resolve({ id: 'oidc', reference: { [word]: rest } }, context);
  if (read.state === 'failed') throw unavailable(text, `one that can be read: ${read.trouble.message}`);
  return read.value.exposeText();
}

function unavailable(text: string, expected: string): ProductError {
  return new ProductError('secret_unavailable', `secret ${text.split(':')[0] ?? ''}: expected ${expected}`, {
    hint: 'see "where secrets come from" in the guide',
  });
}
