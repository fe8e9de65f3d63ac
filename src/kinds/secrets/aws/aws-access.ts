import type { SecretsManagerClientConfig } from '@aws-sdk/client-secrets-manager';

import type { SecretContext, SecretReading, SecretReference, SecretTrouble } from '../../../core/secret/secret.ts';
import { failedReading } from '../failed-reading.ts';
import { readReference } from '../read-reference.ts';
import type { ReadReference } from '../read-reference.ts';
import { readStoreAddress } from '../store-address.ts';

/** The client of AWS: an optional package. */
export const awsClient = '@aws-sdk/client-secrets-manager';

/** What a reference names in AWS Secrets Manager, and with which settings it is asked. */
export interface AwsAccess {
  ok: true;
  name: string;
  reference: ReadReference;
  config: SecretsManagerClientConfig;
}

/** Reads them, or says why nothing is asked. */
export function readAwsAccess(
  secret: SecretReference,
  context: SecretContext,
): AwsAccess | { ok: false; failed: SecretReading } {
  const read = readReference(secret, 'aws', ['key', 'version']);
  if (!read.ok) return read;
  const fail = (code: SecretTrouble['code'], says: string, hint: string): { ok: false; failed: SecretReading } => ({
    ok: false,
    failed: failedReading(secret, code, says, hint),
  });
  const name = toName(read.reference.target, context.prefix);
  if (name === null) {
    const says = 'expected a name of letters, digits and /_+=.@-, got something else';
    return fail('reference_invalid', says, 'write the name of the secret, below the prefix where there is one');
  }
  const config = toConfig(context);
  if (typeof config === 'string') return fail('unsafe', `address of aws: ${config}`, 'use https');
  return { ok: true, name, reference: read.reference, config };
}

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
export function toAwsFailure(secret: SecretReference, error: unknown, signal: AbortSignal): SecretReading {
  const { name = '', code = '', message = '' } = error as { name?: string; code?: string; message?: string };
  if (signal.aborted) return failedReading(secret, 'aborted', 'expected time to ask aws, got a stop', 'run it again');
  if (code === 'ERR_MODULE_NOT_FOUND')
    return failedReading(
      secret,
      'provider_missing',
      `expected the package ${awsClient}, got nothing`,
      `run npm install ${awsClient}`,
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
