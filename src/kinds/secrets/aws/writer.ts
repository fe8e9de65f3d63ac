import type { GetSecretValueCommandOutput, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { randomUUID } from 'node:crypto';

import type { SecretContext, SecretReading, SecretReference, SecretTrouble } from '../../../core/secret/secret.ts';
import type { SecretWriter, WriteResult } from '../../../core/secret/secret-writer.ts';
import { failedReading } from '../failed-reading.ts';
import { pickValue } from '../to-reading.ts';
import { readAwsAccess, toAwsFailure } from './aws-access.ts';

/** The stage that AWS hands out where none is named. */
const current = 'AWSCURRENT';
/** On the version before a change, until the change is settled. */
const before = 'tminus-before';
/** On the version that a change wrote: it tells a change of somebody else behind it from our own. */
const after = 'tminus-after';

/**
 * Changes secrets in AWS Secrets Manager. The new value is a version beside the old one; what changes hands is `AWSCURRENT`, which AWS moves only from the version that was
 * read. Where somebody else was faster, nothing has changed for those who read. Other keys of the secret stay as they are.
 */
export const awsWriter: SecretWriter = {
  kind: 'aws',
  replace: (secret, value, context) => withVersions(secret, context, (versions) => replace(versions, secret, value)),
  restore: (secret, context) => withVersions(secret, context, (versions) => restore(versions, secret)),
  settle: (secret, context) => withVersions(secret, context, unmark),
};

type Content = { SecretString: string } | { SecretBinary: Uint8Array };

/** The versions of one secret. Every function throws what the client throws. */
interface Versions {
  key: string | null;
  /** Null where no version has the stage. */
  find(stage: string): Promise<GetSecretValueCommandOutput | null>;
  put(content: Content): Promise<string>;
  /** Moves a stage; where `from` does not have it, AWS refuses. Null stands for no version. */
  move(stage: string, from: string | null, to: string | null): Promise<void>;
}

async function replace(versions: Versions, secret: SecretReference, value: Uint8Array): Promise<WriteResult> {
  const now = await versions.find(current);
  if (now?.VersionId === undefined) return fail(secret, 'missing', 'expected a secret, got nothing');
  if ((await versions.find(before)) !== null)
    return fail(secret, 'unsafe', 'expected no change under way, got one that is not settled');
  const content = toContent(secret, now, versions.key, value);
  if ('ok' in content) return content;
  const made = await versions.put(content);
  await versions.move(before, null, now.VersionId);
  if (await hasMoved(versions, now.VersionId, made)) return { ok: true };
  await unmark(versions);
  return fail(secret, 'unsafe', 'expected the version that was read, got another: somebody was faster');
}

async function restore(versions: Versions, secret: SecretReference): Promise<WriteResult> {
  const old = (await versions.find(before))?.VersionId;
  if (old === undefined) return { ok: true };
  const now = (await versions.find(current))?.VersionId;
  if (now === old) return unmark(versions);
  const ours = (await versions.find(after))?.VersionId;
  if (now === undefined || now !== ours || !(await hasMoved(versions, now, old)))
    return fail(secret, 'unsafe', 'expected the version that was written, got another: somebody has changed it since');
  return unmark(versions);
}

/** The marks of a change are taken off, that of the version before last: until then it can be taken back. */
async function unmark(versions: Versions): Promise<WriteResult> {
  for (const stage of [after, before]) {
    const id = (await versions.find(stage))?.VersionId;
    if (id !== undefined) await versions.move(stage, id, null);
  }
  return { ok: true };
}

/** Tells whether the newest version is `to` now; false where it was not `from` any more. */
async function hasMoved(versions: Versions, from: string, to: string): Promise<boolean> {
  try {
    await versions.move(current, from, to);
    return true;
  } catch (error) {
    if ((error as Error).name === 'InvalidParameterException') return false;
    throw error;
  }
}

/** What is to be written: the value alone, or under its key beside the others. */
function toContent(
  secret: SecretReference,
  now: GetSecretValueCommandOutput,
  key: string | null,
  value: Uint8Array,
): Content | WriteResult {
  if (key === null && now.SecretBinary !== undefined) return { SecretBinary: value };
  let fresh: string;
  try {
    fresh = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(value);
  } catch {
    return fail(secret, 'unreadable', 'expected a text, got bytes that are none');
  }
  if (key === null) return { SecretString: fresh };
  const fields = parseFields(now.SecretString);
  const picked = pickValue(secret, fields, key);
  if (!picked.ok) return toTrouble(picked.failed);
  return { SecretString: JSON.stringify({ ...(fields as object), [key]: fresh }) };
}

function parseFields(text = ''): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

async function withVersions(
  secret: SecretReference,
  context: SecretContext,
  work: (versions: Versions) => Promise<WriteResult>,
): Promise<WriteResult> {
  const access = readAwsAccess(secret, context);
  if (!access.ok) return toTrouble(access.failed);
  const { name, reference, config } = access;
  if (reference.version !== null)
    return fail(
      secret,
      'reference_invalid',
      'expected a reference that follows the newest version, got one that names a version',
    );
  let connected: SecretsManagerClient | null = null;
  try {
    const aws = await import('@aws-sdk/client-secrets-manager');
    connected = new aws.SecretsManagerClient(config);
    return await work(openVersions(aws, connected, { name, key: reference.key, signal: context.signal }));
  } catch (error) {
    return toTrouble(toAwsFailure(secret, error, context.signal));
  } finally {
    connected?.destroy();
  }
}

function openVersions(
  aws: typeof import('@aws-sdk/client-secrets-manager'),
  client: SecretsManagerClient,
  { name: SecretId, key, signal }: { name: string; key: string | null; signal: AbortSignal },
): Versions {
  const limited = () => ({ abortSignal: AbortSignal.any([signal, AbortSignal.timeout(20_000)]) });
  return {
    key,
    async find(VersionStage) {
      try {
        return await client.send(new aws.GetSecretValueCommand({ SecretId, VersionStage }), limited());
      } catch (error) {
        if ((error as Error).name === 'ResourceNotFoundException') return null;
        throw error;
      }
    },
    async put(content) {
      const ClientRequestToken = randomUUID();
      const wish = { SecretId, ClientRequestToken, VersionStages: [after], ...content };
      await client.send(new aws.PutSecretValueCommand(wish), limited());
      return ClientRequestToken;
    },
    async move(VersionStage, from, to) {
      const wish = {
        ...(from === null ? {} : { RemoveFromVersionId: from }),
        ...(to === null ? {} : { MoveToVersionId: to }),
      };
      await client.send(new aws.UpdateSecretVersionStageCommand({ SecretId, VersionStage, ...wish }), limited());
    },
  };
}

const hint = 'look at the versions of the secret in aws and at their stages';

function fail(secret: SecretReference, code: SecretTrouble['code'], says: string): WriteResult & { ok: false } {
  return toTrouble(failedReading(secret, code, says, hint));
}

function toTrouble(failed: SecretReading): WriteResult & { ok: false } {
  if (failed.state === 'resolved') throw new TypeError('what failed has no value');
  return { ok: false, trouble: failed.trouble };
}
