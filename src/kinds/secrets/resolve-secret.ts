import type {
  SecretAccess,
  SecretContext,
  SecretProvider,
  SecretReading,
  SecretReference,
} from '../../core/secret/secret.ts';
import type { SecretValue } from '../../core/secret/secret-value.ts';
import { failedReading } from './failed-reading.ts';

/** Who wants which secret, and what for. */
export interface SecretWish {
  secret: SecretReference;
  actor: string;
  purpose: string;
  /** RFC 3339, by the database's clock. */
  at: string;
}

/** What a resolution rests on. */
export interface SecretDesk {
  providers: readonly SecretProvider[];
  context: SecretContext;
  /** Makes the value known to the masker, before anybody has it. */
  mask(value: SecretValue): void;
  /** Writes the audit record; rejects where it could not be written. */
  record(access: SecretAccess): Promise<void>;
}

/**
 * Has a secret resolved by the provider that its reference names (O06). A value is handed out only after the masker knows it and the audit record is
 * written; where either fails the value is wiped and the error goes on. A failure is recorded, too. There is no cache and no value in place of one.
 */
export async function resolveSecret(
  { secret, actor, purpose, at }: SecretWish,
  desk: SecretDesk,
): Promise<SecretReading> {
  const { kind, reading } = await readFrom(secret, desk);
  const isResolved = reading.state === 'resolved';
  const access: SecretAccess = {
    secret: secret.id,
    kind,
    reference: secret.reference,
    actor,
    purpose,
    outcome: isResolved ? 'accessed' : 'failed',
    version: isResolved ? reading.version : null,
    trouble: isResolved ? null : reading.trouble.code,
    at,
  };
  try {
    if (isResolved) desk.mask(reading.value);
    await desk.record(access);
  } catch (error) {
    if (isResolved) reading.value.wipe();
    throw error;
  }
  return reading;
}

async function readFrom(
  secret: SecretReference,
  { providers, context }: SecretDesk,
): Promise<{ kind: string; reading: SecretReading }> {
  const named = providers.filter(({ kind }) => Object.hasOwn(secret.reference, kind));
  const provider = named[0];
  const known = providers.map(({ kind }) => kind).join(', ');
  if (provider === undefined || named.length > 1) {
    const says = `expected one of ${known}, got ${named.length === 0 ? 'none of them' : named.map(({ kind }) => kind).join(' and ')}`;
    return {
      kind: '',
      reading: failedReading(secret, 'provider_unknown', says, 'name one place where the secret is kept'),
    };
  }
  try {
    return { kind: provider.kind, reading: await provider.resolve(secret, context) };
  } catch {
    // What was thrown may quote what was read, so nothing of it is passed on.
    const says = `expected an answer of the provider ${provider.kind}, got an error`;
    return {
      kind: provider.kind,
      reading: failedReading(secret, 'unreadable', says, 'report this: a provider must not throw'),
    };
  }
}
