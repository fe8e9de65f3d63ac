import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { startKvServer } from '../../../../tests/doubles/kv-server.ts';
import type { KvServer } from '../../../../tests/doubles/kv-server.ts';
import type { SecretContext, SecretReference } from '../../../core/secret/secret.ts';
import { vaultProvider } from './provider.ts';
import { vaultWriter } from './writer.ts';

let kv: KvServer;
beforeEach(async () => {
  kv = await startKvServer();
  kv.put('shop/db', { password: 'before', user: 'shop' });
});
afterEach(() => kv.stop());

const secret: SecretReference = { id: 'db', reference: { vault: 'kv/shop/db', key: 'password' } };
const context = (): SecretContext => ({
  environment: { VAULT_ADDR: kv.url, VAULT_TOKEN: kv.token },
  workspace: '/',
  prefix: null,
  signal: new AbortController().signal,
});
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const replace = (text: string, wanted = secret) => vaultWriter.replace(wanted, bytes(text), context());
async function read(key = 'password'): Promise<string> {
  const found = await vaultProvider.resolve({ id: 'db', reference: { vault: 'kv/shop/db', key } }, context());
  return found.state === 'resolved' ? Buffer.from(found.value.exposeBytes()).toString() : found.trouble.code;
}

describe('a secret in vault is changed', () => {
  it('T23 checked and set, beside the version before, and settled', async () => {
    expect(await replace('after')).toEqual({ ok: true });
    expect([await read(), await read('user'), kv.customOf('shop/db')]).toEqual([
      'after',
      'shop',
      { 'tminus-before': '1' },
    ]);
    expect(await replace('third')).toMatchObject({ ok: false, trouble: { code: 'unsafe' } });
    expect(await vaultWriter.settle(secret, context())).toEqual({ ok: true });
    expect([await read(), kv.customOf('shop/db')]).toEqual(['after', {}]);
    expect(await vaultWriter.restore(secret, context())).toEqual({ ok: true });
    expect(await read()).toBe('after');
  });

  it('T23 taken back it is what it was, with every key, also where the taking back was interrupted', async () => {
    await replace('after');
    expect(await vaultWriter.restore(secret, context())).toEqual({ ok: true });
    expect([await read(), await read('user'), kv.customOf('shop/db')]).toEqual(['before', 'shop', {}]);
    await replace('again');
    kv.put('shop/db', { password: 'before', user: 'shop' });
    expect(await vaultWriter.restore(secret, context())).toEqual({ ok: true });
    expect([await read(), kv.customOf('shop/db')]).toEqual(['before', {}]);
  });

  it('T23 somebody who was faster is not written over, and nothing is left behind', async () => {
    kv.beforeNextWrite(() => kv.put('shop/db', { password: 'of another', user: 'shop' }));
    expect(await replace('after')).toMatchObject({
      ok: false,
      trouble: { message: 'secret db: expected the version that was read, got another: somebody was faster' },
    });
    expect([await read(), kv.customOf('shop/db')]).toEqual(['of another', {}]);
  });

  it('T23 a change of somebody else behind it is not taken back', async () => {
    await replace('after');
    kv.put('shop/db', { password: 'of another', user: 'shop' });
    expect(await vaultWriter.restore(secret, context())).toMatchObject({ ok: false, trouble: { code: 'unsafe' } });
    expect(await read()).toBe('of another');
  });

  it('T23 where the version before is gone, that is said, and the mark stays for people', async () => {
    kv.keep('shop/db', 1);
    await replace('after');
    expect(await vaultWriter.restore(secret, context())).toMatchObject({ ok: false, trouble: { code: 'missing' } });
    expect(kv.customOf('shop/db')).toEqual({ 'tminus-before': '1' });
  });

  it.each([
    ['a version is named', { vault: 'kv/shop/db', key: 'password', version: 1 }, 'reference_invalid'],
    ['it is not allowed', { vault: 'kv/denied/db', key: 'password' }, 'denied'],
    ['the key is not there', { vault: 'kv/shop/db', key: 'token' }, 'missing'],
  ])('T23 nothing is written where %s', async (_why, reference, code) => {
    expect(await replace('after', { id: 'db', reference })).toMatchObject({ ok: false, trouble: { code } });
    expect(await read()).toBe('before');
  });

  it('T23 no trouble tells the value, the token, or what the server said', async () => {
    for (const mood of ['sealed', 'redirect', 'garbage', 'broken', 'kv1'] as const) {
      kv.behave(mood);
      const result = await replace('canary-of-the-value');
      expect(result.ok).toBe(false);
      expect(JSON.stringify(result)).not.toMatch(/canary|hvs\./u);
    }
    kv.behave(null);
    expect(await read()).toBe('before');
  });
});
