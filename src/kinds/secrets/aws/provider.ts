import type { GetSecretValueCommandOutput, SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';

import type {
  SecretContext,
  SecretProvider,
  SecretReading,
  SecretReference,
  SecretTrouble,
} from '../../../core/secret/secret.ts';
import { failedReading } from '../failed-reading.ts';
import { readReference } from '../read-reference.ts';
import type { ReadReference } from '../read-reference.ts';
import { readStoreAddress } from '../store-address.ts';
import { pickValue, toReading } from '../to-reading.ts';

const client = '@aws-sdk/client-secrets-manager';

/**
 * Secrets in AWS Secrets Manager: `{ aws: NAME, key, version }`, with a stage (`AWSPREVIOUS`) or an id as version. The client of AWS is an optional
 * package, loaded on first use, because it alone knows every way in which a machine gets credentials there.
 */
export const awsProvider: SecretProvider = {
  kind: 'aws',
  summary: `A secret of AWS Secrets Manager, read with the package ${client}.`,
  async resolve(secret, context) {
    const read = readReference(secret, 'aws', ['key', 'version']);
    if (!read.ok) return read.failed;
    const name = toName(read.reference.target, context.prefix);
    if (name === null) {
      const says = 'expected a name of letters, digits and /_+=.@-, got something else';
      return failedReading(
        secret,
        'reference_invalid',
        says,
        'write the name of the secret, below the prefix where there is one',
      );
    }
    const config = toConfig(context);
    if (typeof config === 'string') return failedReading(secret, 'unsafe', `address of aws: ${config}`, 'use https');
    try {
      const output = await fetchSecret({ name, reference: read.reference, config, signal: context.signal });
      return toAwsReading(secret, read.reference, output);
    } catch (error) {
      return toFailure(secret, error, context.signal);
    }
  },
};

/** Null for a name that is none, and for an ARN where this installation has only a part of the store. */
function toName(target: string, prefix: string | null): string | null {
  if (target.startsWith('arn:')) return prefix === null && /^[\w:/+=.@-]+$/.test(target) ? target : null;
  return /^[\w/+=.@-]+$/.test(target) && !target.startsWith('/') ? `${prefix ?? ''}${target}` : null;
}

/** The settings that AWS tools read from the environment; whatever is not there is left to the client. A text says why an address is refused. */
function toConfig({ environment }: SecretContext): SecretsManagerClientConfig | string {
  const region = environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'];
  const written = environment['AWS_ENDPOINT_URL_SECRETS_MANAGER'] || environment['AWS_ENDPOINT_URL'];
  const address = written ? readStoreAddress(written) : null;
  if (address !== null && !address.ok) return address.says;
  const [accessKeyId, secretAccessKey] = [environment['AWS_ACCESS_KEY_ID'], environment['AWS_SECRET_ACCESS_KEY']];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  return {
    maxAttempts: 2,
    ...(region ? { region } : {}),
    ...(address === null ? {} : { endpoint: address.url.href }),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
  };
}

interface AwsWish {
  name: string;
  reference: ReadReference;
  config: SecretsManagerClientConfig;
  signal: AbortSignal;
}

async function fetchSecret({
  name,
  reference: { version },
  config,
  signal,
}: AwsWish): Promise<GetSecretValueCommandOutput> {
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

const denied = {
  code: 'denied',
  says: 'expected to be allowed to read it, got a refusal',
  hint: 'check the credentials and their policy',
} as const;
const failures: { [name: string]: { code: SecretTrouble['code']; says: string; hint: string } } = {
  ResourceNotFoundException: {
    code: 'missing',
    says: 'expected a secret, got nothing',
    hint: 'put the value into the store, or correct the reference',
  },
  InvalidRequestException: {
    code: 'missing',
    says: 'expected a secret, got one that is to be deleted',
    hint: 'restore it, or correct the reference',
  },
  InvalidParameterException: {
    code: 'reference_invalid',
    says: 'expected a name and version, got something else',
    hint: 'correct the reference',
  },
  AccessDeniedException: denied,
  UnrecognizedClientException: denied,
  InvalidSignatureException: denied,
  ExpiredTokenException: denied,
  DecryptionFailure: denied,
  CredentialsProviderError: {
    code: 'not_configured',
    says: 'expected credentials, got none',
    hint: 'give the worker a role or credentials',
  },
  SyntaxError: { code: 'unreadable', says: 'expected an answer of aws, got something else', hint: 'check the address' },
};

/** By the name of the error alone: messages of the client may quote the request. */
function toFailure(secret: SecretReference, error: unknown, signal: AbortSignal): SecretReading {
  const { name = '', code = '', message = '' } = error as { name?: string; code?: string; message?: string };
  if (signal.aborted) return failedReading(secret, 'aborted', 'expected time to ask aws, got a stop', 'run it again');
  if (code === 'ERR_MODULE_NOT_FOUND')
    return failedReading(
      secret,
      'provider_missing',
      `expected the package ${client}, got nothing`,
      `run npm install ${client}`,
    );
  if (message.startsWith('Region is missing'))
    return failedReading(secret, 'not_configured', 'expected AWS_REGION, got nothing', 'set AWS_REGION for the worker');
  const known = Object.hasOwn(failures, name) ? failures[name] : undefined;
  return known
    ? failedReading(secret, known.code, known.says, known.hint)
    : failedReading(
        secret,
        'unreachable',
        'expected an answer of aws, got none that holds',
        'check network and address',
      );
}
