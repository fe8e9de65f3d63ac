import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startSecretsManager } from '../../../../tests/doubles/secrets-manager-server.ts';
import type { SecretsManagerServer } from '../../../../tests/doubles/secrets-manager-server.ts';
import type { SecretContext, SecretReference } from '../../../core/secret/secret.ts';
import { awsProvider } from './provider.ts';
import { awsWriter } from './writer.ts';

let manager: SecretsManagerServer;
beforeEach(async () => {
  manager = await startSecretsManager();
  manager.put('shop/db', JSON.stringify({ password: 'before', user: 'shop' }));
  manager.put('shop/plain', 'before');
  manager.put('shop/bytes', Buffer.from([0xff, 1]));
});
afterEach(() => manager.stop());

const secret: SecretReference = { id: 'db', reference: { aws: 'shop/db', key: 'password' } };
const context = (): SecretContext => ({
  environment: {
    AWS_ENDPOINT_URL: manager.url,
    AWS_REGION: manager.region,
    AWS_ACCESS_KEY_ID: manager.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: manager.credentials.secretAccessKey,
  },
  workspace: '/',
  prefix: null,
  signal: new AbortController().signal,
});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const replace = (text: string, wanted = secret) => awsWriter.replace(wanted, bytes(text), context());
async function read(reference: SecretReference['reference'] = secret.reference): Promise<string> {
  const found = await awsProvider.resolve({ id: 'db', reference }, context());
  return found.state === 'resolved' ? Buffer.from(found.value.exposeBytes()).toString() : found.trouble.code;
}

describe('a secret in AWS Secrets Manager is changed', () => {
  it('T23 beside the version before, which stays until it is settled; other keys stay as they are', async () => {
    expect(await replace('after')).toEqual({ ok: true });
    expect(await read()).toBe('after');
    expect(await read({ aws: 'shop/db', key: 'user' })).toBe('shop');
    expect(manager.stagesOf('shop/db')).toEqual([
      ['AWSPREVIOUS', 'tminus-before'],
      ['AWSCURRENT', 'tminus-after'],
    ]);
    expect(await replace('third')).toMatchObject({ ok: false, trouble: { code: 'unsafe' } });
    expect(await awsWriter.settle(secret, context())).toEqual({ ok: true });
    expect(manager.stagesOf('shop/db')).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
    expect(await awsWriter.restore(secret, context())).toEqual({ ok: true });
    expect(await read()).toBe('after');
  });

  it('T23 a text or bytes without keys are changed as a whole', async () => {
    expect(await replace('after', { id: 'plain', reference: { aws: 'shop/plain' } })).toEqual({ ok: true });
    expect(await read({ aws: 'shop/plain' })).toBe('after');
    expect(await replace('after', { id: 'bytes', reference: { aws: 'shop/bytes' } })).toEqual({ ok: true });
    expect(await read({ aws: 'shop/bytes' })).toBe('after');
  });

  it('T23 taken back it is the version that it was, and nothing is marked any more', async () => {
    await replace('after');
    expect(await awsWriter.restore(secret, context())).toEqual({ ok: true });
    expect([await read(), await read({ aws: 'shop/db', key: 'user' })]).toEqual(['before', 'shop']);
    expect(manager.stagesOf('shop/db').flat().toSorted()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('T23 a change that broke off before its value was current is taken back, too', async () => {
    const cut = new AbortController();
    manager.beforeMoveOf('AWSCURRENT', () => cut.abort());
    expect(await awsWriter.replace(secret, bytes('after'), { ...context(), signal: cut.signal })).toMatchObject({
      ok: false,
    });
    expect(await awsWriter.restore(secret, context())).toEqual({ ok: true });
    expect(await read()).toBe('before');
    expect(manager.stagesOf('shop/db').flat()).not.toContain('tminus-before');
  });

  it('T23 somebody who was faster is not written over, and nothing is left behind', async () => {
    const other = JSON.stringify({ password: 'of another', user: 'shop' });
    manager.beforeMoveOf('AWSCURRENT', () => manager.put('shop/db', other));
    expect(await replace('after')).toMatchObject({
      ok: false,
      trouble: { message: 'secret db: expected the version that was read, got another: somebody was faster' },
    });
    expect(await read()).toBe('of another');
    expect(manager.stagesOf('shop/db').flat().toSorted()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  it('T23 a change of somebody else behind it is not taken back', async () => {
    await replace('after');
    manager.put('shop/db', JSON.stringify({ password: 'of another', user: 'shop' }));
    expect(await awsWriter.restore(secret, context())).toMatchObject({ ok: false, trouble: { code: 'unsafe' } });
    expect(await read()).toBe('of another');
    expect(manager.stagesOf('shop/db').flat()).toContain('tminus-before');
  });

  it.each([
    ['a version is named', { aws: 'shop/db', key: 'password', version: 'AWSPREVIOUS' }, 'reference_invalid'],
    ['it is not there', { aws: 'shop/nowhere' }, 'missing'],
    ['the key is not there', { aws: 'shop/db', key: 'token' }, 'missing'],
    ['it has no keys', { aws: 'shop/plain', key: 'password' }, 'unreadable'],
  ])('T23 nothing is written where %s', async (_why, reference, code) => {
    expect(await replace('after', { id: 'db', reference })).toMatchObject({ ok: false, trouble: { code } });
    expect(await read()).toBe('before');
    expect(manager.calls.filter((call) => call.includes('ClientRequestToken'))).toEqual([]);
  });

  it('T23 no trouble tells the value, the credentials, or what the server said', async () => {
    for (const mood of ['denied', 'deleted', 'garbage', 'broken'] as const) {
      manager.behave(mood);
      const result = await replace('canary-of-the-value');
      expect(result.ok).toBe(false);
      expect(JSON.stringify(result)).not.toMatch(/canary|AKID|double-secret|scheduled|not authorized/u);
    }
    manager.behave(null);
    expect(await read()).toBe('before');
  });
});
