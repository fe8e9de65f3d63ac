import { ProductError } from '../../core/error/product-error.ts';
import type { RightsLaunch } from '../../core/access/document-grants.ts';
import type { Launch } from '../../core/launch/launch.ts';
import type { SecretContext, SecretProvider, SecretReading, SecretReference } from '../../core/secret/secret.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { resolveSecret } from '../../kinds/secrets/resolve-secret.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { insertSecretAccess } from '../../store/secret-access.ts';
import { requirePermission } from '../access/permit-person.ts';

/** What secrets are opened with. */
export interface SecretDeskOptions {
  launch: RightsLaunch & Pick<Launch, 'secrets'>;
  /** Environment of the launch that the work is in. */
  environment: string;
  providers: readonly SecretProvider[];
  context: SecretContext;
  /** Makes a value known to the masker, before anybody has it. */
  mask(value: SecretValue): void;
}

/** For whom a secret is opened, and what for. */
export interface SecretPurpose {
  /** Account that the work runs for: asked for `secret.use`. Null for whoever holds this installation and its stores, at the terminal. */
  actor: string | null;
  /** Run and step, check, rotation. */
  purpose: string;
}

/** Where the work gets its secrets. */
export interface SecretDesk {
  /** The value; the caller wipes it. Throws `secret_unavailable` where it cannot be had, `permission_denied`, and `secret_unknown`. */
  openSecret(name: string, purpose: SecretPurpose): Promise<SecretValue>;
  /** The same with what is known about the value, a trouble being an answer. */
  readSecret(name: string, purpose: SecretPurpose): Promise<SecretReading>;
}

/** Returns the desk: each access is allowed, masked and in the audit before the value is handed out (O06). Nothing is cached. */
export function createSecretDesk(store: Store, options: SecretDeskOptions): SecretDesk {
  const { launch, environment } = options;
  const readSecret: SecretDesk['readSecret'] = async (name, { actor, purpose }) => {
    const secret = findSecret(launch, name);
    const at = await readNow(store);
    if (actor !== null) {
      const ask = {
        person: actor,
        permission: 'secret.use',
        environment,
        nowMs: Date.parse(at),
        subject: name,
      } as const;
      await requirePermission(store, launch, ask);
    }
    return resolveSecret(
      { secret, actor: actor ?? 'installation', purpose, at },
      { ...options, record: (access) => insertSecretAccess(store, { launch: launch.id, environment }, access) },
    );
  };
  return {
    readSecret,
    async openSecret(name, purpose) {
      const reading = await readSecret(name, purpose);
      if (reading.state === 'resolved') return reading.value;
      const { message, hint } = reading.trouble;
      throw new ProductError('secret_unavailable', message, { hint });
    },
  };
}

/** The declared secret of that name; throws `secret_unknown` with the ones there are. */
export function findSecret({ id, secrets }: Pick<Launch, 'id' | 'secrets'>, name: string): SecretReference {
  const found = secrets.find((secret) => secret.id === name);
  if (found) return { id: found.id, reference: found.reference };
  const known = secrets.map((secret) => secret.id).join(', ') || 'none';
  throw new ProductError('secret_unknown', `secret ${name}: expected one of launch ${id} (${known}), got none`, {
    hint: 'declare it under secrets in the front matter',
  });
}
