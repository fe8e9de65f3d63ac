import { isDeepStrictEqual } from 'node:util';

import type { SecretContext, SecretReference, SecretTrouble } from '../../../core/secret/secret.ts';
import type { SecretWriter, WriteResult } from '../../../core/secret/secret-writer.ts';
import { failedReading } from '../failed-reading.ts';
import { fetchJson } from '../fetch-json.ts';
import type { JsonAnswer } from '../fetch-json.ts';
import { readReference } from '../read-reference.ts';
import { maxSecretBytes, pickValue } from '../to-reading.ts';
import { readVaultAccess } from './read-vault-access.ts';
import { toVaultUrl } from './vault-url.ts';

/** In the custom metadata of a secret while a change is not settled: the version before it. */
const mark = 'tminus-before';

/**
 * Changes secrets in a KV version 2 engine of HashiCorp Vault or OpenBao. Every write is checked and set: where somebody else was faster, nothing is written. The value
 * before is a version of the secret, and its number stands in the custom metadata until the change is settled. Other keys of the secret stay as they are.
 */
export const vaultWriter: SecretWriter = {
  kind: 'vault',
  replace: (secret, value, context) => withKv(secret, context, (kv) => replace(kv, secret, value)),
  restore: (secret, context) => withKv(secret, context, (kv) => restore(kv, secret)),
  settle: (secret, context) => withKv(secret, context, (kv) => settle(kv, secret)),
};

type Fields = { [key: string]: unknown };

/** A version as it was read. */
interface KvVersion {
  version: number;
  fields: Fields;
  custom: { [key: string]: string };
}

/** One secret of the engine. */
interface Kv {
  key: string | null;
  read(version?: number): Promise<KvVersion | WriteResult>;
  /** Writes a version behind the one that was read, and behind no other. */
  write(fields: Fields, behind: number): Promise<WriteResult>;
  note(custom: { [key: string]: string }): Promise<WriteResult>;
}

async function replace(kv: Kv, secret: SecretReference, value: Uint8Array): Promise<WriteResult> {
  const now = await kv.read();
  if ('ok' in now) return now;
  if (now.custom[mark] !== undefined)
    return fail(secret, 'unsafe', 'expected no change under way, got one that is not settled');
  const picked = pickValue(secret, now.fields, kv.key);
  if (!picked.ok) return toTrouble(picked.failed);
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const key = kv.key ?? Object.keys(now.fields)[0]!;
  let fresh: string;
  try {
    fresh = text.decode(value);
  } catch {
    return fail(secret, 'unreadable', 'expected a text, got bytes that are none');
  }
  const noted = await kv.note({ ...now.custom, [mark]: String(now.version) });
  if (!noted.ok) return noted;
  const written = await kv.write({ ...now.fields, [key]: fresh }, now.version);
  // Whether it came through is not known where no answer came: the mark stays, and restoring finds out.
  if (!written.ok && written.trouble.code === 'unsafe') await kv.note(now.custom);
  return written;
}

async function restore(kv: Kv, secret: SecretReference): Promise<WriteResult> {
  const now = await kv.read();
  if ('ok' in now) return now;
  const noted = now.custom[mark];
  if (noted === undefined) return { ok: true };
  const before = Number(noted);
  const { [mark]: _mark, ...custom } = now.custom;
  if (now.version === before) return kv.note(custom);
  const old = await kv.read(before);
  if ('ok' in old) return old;
  // A restoring that was interrupted behind its write has nothing left to write.
  if (isDeepStrictEqual(now.fields, old.fields)) return kv.note(custom);
  if (now.version !== before + 1)
    return fail(secret, 'unsafe', `expected version ${before + 1}, got ${now.version}: somebody has changed it since`);
  const written = await kv.write(old.fields, now.version);
  return written.ok ? kv.note(custom) : written;
}

async function settle(kv: Kv, _secret: SecretReference): Promise<WriteResult> {
  const now = await kv.read();
  if ('ok' in now) return now;
  const { [mark]: noted, ...custom } = now.custom;
  return noted === undefined ? { ok: true } : kv.note(custom);
}

async function withKv(
  secret: SecretReference,
  context: SecretContext,
  work: (kv: Kv) => Promise<WriteResult>,
): Promise<WriteResult> {
  const read = readReference(secret, 'vault', ['key', 'version']);
  if (!read.ok) return toTrouble(read.failed);
  const { reference } = read;
  if (reference.version !== null)
    return fail(
      secret,
      'reference_invalid',
      'expected a reference that follows the newest version, got one that names a version',
    );
  const access = await readVaultAccess(secret, context);
  if (!access.ok) return toTrouble(access.failed);
  const { address, headers, ca } = access;
  const ask = (part: 'data' | 'metadata', version: number | null, send?: unknown): Promise<JsonAnswer | null> => {
    const asked = { ...reference, version: version === null ? null : String(version) };
    const url = toVaultUrl(address, asked, context.prefix, part);
    if (url === null) return Promise.resolve(null);
    const wish = { url, headers, ca, signal: context.signal, limit: 16 * maxSecretBytes };
    return fetchJson(send === undefined ? wish : { ...wish, send });
  };
  return work({
    key: reference.key,
    read: async (version) => toVersion(secret, await ask('data', version ?? null)),
    write: async (data, cas) => toWritten(secret, await ask('data', null, { options: { cas }, data })),
    note: async (custom) => toWritten(secret, await ask('metadata', null, { custom_metadata: custom })),
  });
}

function toVersion(secret: SecretReference, answer: JsonAnswer | null): KvVersion | WriteResult {
  if (answer?.state !== 'answered' || answer.status !== 200) return toRefusal(secret, answer, 'to read it');
  const found = (
    answer.body as { data?: { data?: Fields; metadata?: { version?: number; custom_metadata?: unknown } } } | null
  )?.data;
  const version = found?.metadata?.version;
  if (typeof version !== 'number' || typeof found?.data !== 'object' || found.data === null)
    return fail(secret, 'unreadable', 'expected a KV version 2 secret, got something else');
  const custom = (found.metadata?.custom_metadata ?? {}) as { [key: string]: string };
  return { version, fields: found.data, custom };
}

function toWritten(secret: SecretReference, answer: JsonAnswer | null): WriteResult {
  if (answer?.state === 'answered' && (answer.status === 200 || answer.status === 204)) return { ok: true };
  // Vault says 400 for a version that is not the one expected, and for nothing else that is sent from here.
  if (answer?.state === 'answered' && answer.status === 400)
    return fail(secret, 'unsafe', 'expected the version that was read, got another: somebody was faster');
  return toRefusal(secret, answer, 'to write it');
}

function toRefusal(secret: SecretReference, answer: JsonAnswer | null, what: string): WriteResult {
  if (answer === null)
    return fail(secret, 'reference_invalid', 'expected MOUNT/PATH of plain parts, got something else');
  if (answer.state === 'failed')
    return fail(secret, 'unreachable', `expected an answer of vault, got none (${answer.why})`);
  const { status } = answer;
  if (status === 401 || status === 403) return fail(secret, 'denied', `expected to be allowed ${what}, got a refusal`);
  if (status === 503) return fail(secret, 'sealed', 'expected an open vault, got a sealed one');
  if (status === 404) return fail(secret, 'missing', 'expected a version that is there, got none');
  return fail(secret, 'unreadable', `expected an answer, got status ${status}`);
}

const hint = 'look at the versions and the custom metadata of the secret in vault';

function fail(secret: SecretReference, code: SecretTrouble['code'], says: string): WriteResult & { ok: false } {
  return toTrouble(failedReading(secret, code, says, hint));
}

function toTrouble(failed: ReturnType<typeof failedReading>): WriteResult & { ok: false } {
  if (failed.state === 'resolved') throw new TypeError('what failed has no value');
  return { ok: false, trouble: failed.trouble };
}
