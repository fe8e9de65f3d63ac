import type { SecretProvider, SecretReading, SecretReference, SecretTrouble } from '../../../core/secret/secret.ts';
import { failedReading } from '../failed-reading.ts';
import { fetchJson } from '../fetch-json.ts';
import type { JsonAnswer } from '../fetch-json.ts';
import { readReference } from '../read-reference.ts';
import type { ReadReference } from '../read-reference.ts';
import { maxSecretBytes, pickValue, toReading } from '../to-reading.ts';
import { readVaultAccess } from './read-vault-access.ts';
import { toVaultUrl } from './vault-url.ts';

/**
 * Secrets in a KV version 2 engine of HashiCorp Vault or OpenBao: `{ vault: MOUNT/PATH, key, version }`. Address and token come from the environment
 * of the worker, as for their command lines.
 */
export const vaultProvider: SecretProvider = {
  kind: 'vault',
  summary: 'A KV version 2 secret of HashiCorp Vault or OpenBao; the first part of the path is the mount.',
  async resolve(secret, context) {
    const read = readReference(secret, 'vault', ['key', 'version']);
    if (!read.ok) return read.failed;
    const access = await readVaultAccess(secret, context);
    if (!access.ok) return access.failed;
    const url = toVaultUrl(access.address, read.reference, context.prefix);
    if (url === null) {
      const says = 'expected MOUNT/PATH of plain parts and a whole number as version, got something else';
      return failedReading(
        secret,
        'reference_invalid',
        says,
        'write a reference such as { vault: kv/shop/db, key: password }',
      );
    }
    const { headers, ca } = access;
    // A secret of the largest size, each byte of it escaped, among its neighbours.
    const answer = await fetchJson({ url, headers, ca, signal: context.signal, limit: 16 * maxSecretBytes });
    return toVaultReading(secret, read.reference, answer);
  },
};

function toVaultReading(secret: SecretReference, reference: ReadReference, answer: JsonAnswer): SecretReading {
  if (answer.state === 'failed') {
    const { code, says, hint } = failures[answer.why];
    return failedReading(secret, code, says, hint);
  }
  return answer.status === 200 ? pickSecret(secret, reference, answer.body) : refusal(secret, reference.target, answer);
}

const failures: Record<'aborted' | 'unreachable' | 'too-large' | 'garbage', Failure> = {
  aborted: { code: 'aborted', says: 'expected time to ask vault, got a stop', hint: 'run it again' },
  unreachable: {
    code: 'unreachable',
    says: 'expected an answer of vault, got none',
    hint: 'check VAULT_ADDR and the certificate',
  },
  'too-large': {
    code: 'too_large',
    says: 'expected a small secret, got more',
    hint: 'check where the reference points',
  },
  garbage: { code: 'unreadable', says: 'expected JSON of vault, got something else', hint: 'check VAULT_ADDR' },
};

interface Failure {
  code: SecretTrouble['code'];
  says: string;
  hint: string;
}

interface KvAnswer {
  data?: {
    data?: unknown;
    metadata?: { version?: unknown; created_time?: unknown; deletion_time?: unknown; destroyed?: unknown } | null;
  } | null;
}

function pickSecret(
  secret: SecretReference,
  { target, key, version: wanted }: ReadReference,
  body: unknown,
): SecretReading {
  const { data, metadata } = (body as KvAnswer | null)?.data ?? {};
  if (typeof metadata !== 'object' || metadata === null) {
    return failedReading(
      secret,
      'unreadable',
      `${target}: expected a KV version 2 secret, got something else`,
      'check that the mount is a KV engine of version 2',
    );
  }
  const { version, created_time: createdAt, deletion_time: deletedAt, destroyed } = metadata;
  if (destroyed === true || (deletedAt !== undefined && deletedAt !== '')) return deleted(secret, target);
  if (wanted !== null && String(version) !== wanted) {
    return failedReading(
      secret,
      'unreadable',
      `${target}: expected version ${wanted}, got another`,
      'check where the reference points',
    );
  }
  const picked = pickValue(secret, data, key);
  if (!picked.ok) return picked.failed;
  return toReading(secret, new TextEncoder().encode(picked.text), {
    version: typeof version === 'number' ? String(version) : null,
    createdAt: typeof createdAt === 'string' ? createdAt : null,
  });
}

/** Vault answers 404 for a path that is not there and for a deleted version; the latter has metadata. What else it says is not repeated. */
function refusal(
  secret: SecretReference,
  target: string,
  { status, body }: { status: number; body: unknown },
): SecretReading {
  if (status === 404) {
    const isDeleted = typeof (body as KvAnswer | null)?.data?.metadata === 'object';
    return isDeleted
      ? deleted(secret, target)
      : failedReading(
          secret,
          'missing',
          `${target}: expected a secret, got nothing`,
          'put the value into vault, or correct the reference',
        );
  }
  if (status === 403 || status === 401)
    return failedReading(
      secret,
      'denied',
      `${target}: expected to be allowed to read it, got a refusal`,
      'check the token and its policy',
    );
  if (status === 503)
    return failedReading(secret, 'sealed', 'expected an open vault, got a sealed one', 'have it unsealed');
  if (status >= 300 && status < 400) {
    return failedReading(
      secret,
      'unsafe',
      'expected an answer, got a redirect, along which the token would go',
      'set VAULT_ADDR to the active node or a balancer',
    );
  }
  return failedReading(
    secret,
    status >= 500 || status === 429 ? 'unreachable' : 'unreadable',
    `${target}: expected an answer, got status ${status}`,
    'look into the log of vault',
  );
}

function deleted(secret: SecretReference, target: string): SecretReading {
  return failedReading(
    secret,
    'missing',
    `${target}: expected a version that is there, got one that was deleted`,
    'undelete it, or name another version',
  );
}
