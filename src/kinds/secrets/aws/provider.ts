import type { GetSecretValueCommandOutput } from '@aws-sdk/client-secrets-manager';

import type { SecretProvider, SecretReading, SecretReference } from '../../../core/secret/secret.ts';
import { failedReading } from '../failed-reading.ts';
import type { ReadReference } from '../read-reference.ts';
import { pickValue, toReading } from '../to-reading.ts';
import { awsClient, readAwsAccess, toAwsFailure } from './aws-access.ts';
import type { AwsAccess } from './aws-access.ts';

/**
 * Secrets in AWS Secrets Manager: `{ aws: NAME, key, version }`, with a stage (`AWSPREVIOUS`) or an id as version. The client of AWS is an optional
 * package, loaded on first use, because it alone knows every way in which a machine gets credentials there.
 */
export const awsProvider: SecretProvider = {
  kind: 'aws',
  summary: `A secret of AWS Secrets Manager, read with the package ${awsClient}.`,
  async resolve(secret, context) {
    const access = readAwsAccess(secret, context);
    if (!access.ok) return access.failed;
    const { reference } = access;
    try {
      const output = await fetchSecret(access, context.signal);
      return toAwsReading(secret, reference, output);
    } catch (error) {
      return toAwsFailure(secret, error, context.signal);
    }
  },
};

async function fetchSecret(
  { name, reference: { version }, config }: AwsAccess,
  signal: AbortSignal,
): Promise<GetSecretValueCommandOutput> {
  const { SecretsManagerClient, GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const connected = new SecretsManagerClient(config);
  const which =
    version === null ? {} : /^AWS[A-Z]+$/.test(version) ? { VersionStage: version } : { VersionId: version };
  try {
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(20_000)]);
    return await connected.send(new GetSecretValueCommand({ SecretId: name, ...which }), { abortSignal });
  } finally {
    connected.destroy();
  }
}

function toAwsReading(
  secret: SecretReference,
  { key }: ReadReference,
  output: GetSecretValueCommandOutput,
): SecretReading {
  const found = { version: output.VersionId ?? null, createdAt: output.CreatedDate?.toISOString() ?? null };
  if (key === null && output.SecretBinary !== undefined)
    return toReading(secret, Uint8Array.from(output.SecretBinary), found);
  const text = output.SecretString;
  if (text === undefined)
    return failedReading(
      secret,
      'unreadable',
      'expected a text, got something else',
      'take the key out of the reference for a binary secret',
    );
  if (key === null) return toReading(secret, new TextEncoder().encode(text), found);
  const picked = pickValue(secret, parseFields(text), key);
  return picked.ok ? toReading(secret, new TextEncoder().encode(picked.text), found) : picked.failed;
}

function parseFields(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
