import { writeFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import type { JsonObject } from '@tminus/verify';

import { secretProviderContract } from '../../../tests/contract/secret-provider.ts';
import { startKvServer } from '../../../tests/doubles/kv-server.ts';
import type { KvServer } from '../../../tests/doubles/kv-server.ts';
import { startTlsServer } from '../../../tests/doubles/tls-server.ts';
import { startSecretsManager } from '../../../tests/doubles/secrets-manager-server.ts';
import type { SecretsManagerServer } from '../../../tests/doubles/secrets-manager-server.ts';
import type { SecretContext, SecretReading } from '../../core/secret/secret.ts';
import { awsProvider } from './aws/provider.ts';
import { vaultProvider } from './vault/provider.ts';

let kv: KvServer;
let manager: SecretsManagerServer;
let folder = '';
beforeAll(async () => {
  kv = await startKvServer();
  manager = await startSecretsManager();
  folder = await mkdtemp(join(tmpdir(), 'tminus-test-vault-'));
});
afterEach(() => {
  kv.behave(null);
  manager.behave(null);
});
afterAll(async () => {
  await Promise.all([kv.stop(), manager.stop(), rm(folder, { recursive: true, force: true })]);
});

type Environment = SecretContext['environment'];
const vaultEnvironment = (): Environment => ({ VAULT_ADDR: kv.url, VAULT_TOKEN: kv.token });
const awsEnvironment = (): Environment => ({
  AWS_ENDPOINT_URL: manager.url,
  AWS_REGION: manager.region,
  AWS_ACCESS_KEY_ID: manager.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: manager.credentials.secretAccessKey,
});

function context(environment: Environment, patch: Partial<SecretContext> = {}): SecretContext {
  return { environment, workspace: folder, prefix: null, signal: AbortSignal.timeout(100_000), ...patch };
}

function codeOf(reading: SecretReading): string {
  return reading.state === 'failed' ? reading.trouble.code : `resolved ${reading.value.exposeText()}`;
}

secretProviderContract({
  provider: vaultProvider,
  keep: async (value) => {
    kv.behave(null);
    kv.put('shop/db', { password: value, user: 'canary-user' });
    return { reference: { vault: 'kv/shop/db', key: 'password' }, context: { environment: vaultEnvironment() } };
  },
  missing: async () => {
    kv.behave(null);
    return { reference: { vault: 'kv/shop/nowhere' }, context: { environment: vaultEnvironment() } };
  },
  denied: async () => {
    kv.behave(null);
    return { reference: { vault: 'kv/denied/db' }, context: { environment: vaultEnvironment() } };
  },
  garbage: async () => {
    kv.behave('garbage');
    return { reference: { vault: 'kv/shop/db' }, context: { environment: vaultEnvironment() } };
  },
  slow: async () => {
    kv.behave('hang');
    return { reference: { vault: 'kv/shop/db' }, context: { environment: vaultEnvironment() } };
  },
  canaries: () => [kv.token],
});

secretProviderContract({
  provider: awsProvider,
  keep: async (value) => {
    manager.behave(null);
    manager.put('shop/db', value);
    return { reference: { aws: 'shop/db' }, context: { environment: awsEnvironment() } };
  },
  missing: async () => {
    manager.behave(null);
    return { reference: { aws: 'shop/nowhere' }, context: { environment: awsEnvironment() } };
  },
  denied: async () => {
    manager.behave('denied');
    return { reference: { aws: 'shop/db' }, context: { environment: awsEnvironment() } };
  },
  garbage: async () => {
    manager.behave('garbage');
    return { reference: { aws: 'shop/db' }, context: { environment: awsEnvironment() } };
  },
  slow: async () => {
    manager.behave('hang');
    return { reference: { aws: 'shop/db' }, context: { environment: awsEnvironment() } };
  },
  canaries: () => [manager.credentials.secretAccessKey],
});

describe('a secret in vault', () => {
  const resolve = async (
    reference: JsonObject,
    environment: Environment = vaultEnvironment(),
    patch: Partial<SecretContext> = {},
  ) => vaultProvider.resolve({ id: 'x', reference }, context(environment, patch));

  it('O06 is read by key and version, with the version and the time it was made', async () => {
    kv.put('shop/api', { key: 'one' });
    kv.put('shop/api', { key: 'two' });
    expect(await resolve({ vault: 'kv/shop/api', key: 'key' })).toMatchObject({
      version: '2',
      createdAt: '2026-11-01T08:00:00.123456789Z',
    });
    expect(codeOf(await resolve({ vault: 'kv/shop/api', version: 1 }))).toBe('resolved one');
    expect(codeOf(await resolve({ vault: 'kv/shop/api', version: 9 }))).toBe('missing');
  });

  it('O06 is missing once its version was deleted, and says so', async () => {
    kv.put('shop/gone', { key: 'canary' });
    expect(codeOf(await resolve({ vault: 'kv/shop/gone' }))).toBe('resolved canary');
    kv.softDelete('shop/gone');
    const reading = await resolve({ vault: 'kv/shop/gone' });
    expect(reading).toMatchObject({
      state: 'failed',
      trouble: { code: 'missing', message: expect.stringContaining('was deleted') },
    });
  });

  it.each([
    ['sealed', 'sealed', 'later'],
    ['broken', 'unreachable', 'later'],
    ['kv1', 'unreadable', 'no'],
    ['huge', 'too_large', 'no'],
    ['redirect', 'unsafe', 'no'],
  ] as const)('O06 fails where vault is %s', async (mood, code, retry) => {
    kv.behave(mood);
    const before = kv.calls.length;
    const reading = await resolve({ vault: 'kv/shop/db' });
    expect(reading).toMatchObject({ state: 'failed', trouble: { code, retry } });
    expect(JSON.stringify(reading)).not.toContain('canary-of-the-server');
    expect(kv.calls.length).toBe(before + 1);
  });

  it.each([
    'kv/../sys/raw',
    'kv/a/../../b',
    'kv/%2e%2e/b',
    'kv/./b',
    'kv//b',
    'kv',
    '/kv/b',
    'kv/',
    'kv\\b/c',
    'kv/a/%2E%2e',
  ])('A13 the path %s leads nowhere', async (vault) => {
    const before = kv.calls.length;
    expect(codeOf(await resolve({ vault }))).toBe('reference_invalid');
    expect(kv.calls.length).toBe(before);
  });

  it('A13 every other character of a path is taken as it is written', async () => {
    const name = 'a b?version=1#x&;$(id)`*';
    kv.put(name, { key: 'literal' });
    expect(codeOf(await resolve({ vault: `kv/${name}` }))).toBe('resolved literal');
    expect(codeOf(await resolve({ vault: 'kv/shop/db', version: '1&list=true' }))).toBe('reference_invalid');
  });

  it('O06 keeps to the part of the store that this installation has', async () => {
    kv.put('team-a/db', { key: 'ours' });
    kv.put('team-b/db', { key: 'canary of others' });
    expect(codeOf(await resolve({ vault: 'kv/db' }, vaultEnvironment(), { prefix: 'team-a/' }))).toBe('resolved ours');
    for (const vault of ['kv/team-b/db', 'kv/../team-b/db', 'kv/..%2fteam-b/db']) {
      expect(codeOf(await resolve({ vault }, vaultEnvironment(), { prefix: 'team-a/' }))).toMatch(
        /missing|reference_invalid/,
      );
    }
  });

  it.each<[string, (url: string) => Environment, string]>([
    ['no address', () => ({ VAULT_TOKEN: 'x' }), 'not_configured'],
    [
      'an address without TLS elsewhere',
      () => ({ VAULT_ADDR: 'http://vault.example.org:8200', VAULT_TOKEN: 'x' }),
      'unsafe',
    ],
    [
      'a password in the address',
      () => ({ VAULT_ADDR: 'https://a:canary@vault.example.org', VAULT_TOKEN: 'x' }),
      'unsafe',
    ],
    ['an address that is none', () => ({ VAULT_ADDR: 'vault:', VAULT_TOKEN: 'x' }), 'unsafe'],
    ['no token', (url) => ({ VAULT_ADDR: url }), 'not_configured'],
    ['a token with a line break', (url) => ({ VAULT_ADDR: url, VAULT_TOKEN: 'x\r\nx-other: y' }), 'not_configured'],
    ['another token', (url) => ({ VAULT_ADDR: url, VAULT_TOKEN: 'hvs.other' }), 'denied'],
    [
      'a certificate file that is missing',
      (url) => ({ VAULT_ADDR: url, VAULT_TOKEN: 'x', VAULT_CACERT: 'nowhere.pem' }),
      'not_configured',
    ],
    ['nobody there', () => ({ VAULT_ADDR: 'http://127.0.0.1:1', VAULT_TOKEN: 'x' }), 'unreachable'],
  ])('O06 fails with %s', async (_, environment, code) => {
    expect(codeOf(await resolve({ vault: 'kv/shop/db' }, environment(kv.url)))).toBe(code);
  });

  it('O06 takes the token from a private file, and from no other', async () => {
    kv.put('shop/t', { key: 'value' });
    writeFileSync(join(folder, '.vault-token'), `${kv.token}\n`, { mode: 0o600 });
    const environments: Environment[] = [
      { VAULT_ADDR: kv.url, HOME: folder },
      { BAO_ADDR: kv.url, VAULT_TOKEN_FILE: '.vault-token' },
    ];
    for (const each of environments) expect(codeOf(await resolve({ vault: 'kv/shop/t' }, each))).toBe('resolved value');
    await chmod(join(folder, '.vault-token'), 0o644);
    for (const each of environments) expect(codeOf(await resolve({ vault: 'kv/shop/t' }, each))).toBe('not_configured');
  });

  it('O06 sends nothing over TLS that does not hold: unknown authority, another name, expired', async () => {
    const wishes = [{}, { names: ['vault.example.org'] }, { validTo: new Date(Date.now() - 1000) }];
    const codes: string[] = [];
    for (const wish of wishes) {
      const server = await startTlsServer(wish);
      writeFileSync(join(folder, 'ca.pem'), server.ca);
      const environment = { VAULT_ADDR: `https://${server.host}`, VAULT_TOKEN: 'x' };
      codes.push(codeOf(await resolve({ vault: 'kv/shop/db' }, environment)));
      codes.push(codeOf(await resolve({ vault: 'kv/shop/db' }, { ...environment, VAULT_CACERT: 'ca.pem' })));
      await server.stop();
    }
    // `unreadable` is of a server that was believed, and is no vault.
    expect(codes).toEqual(['unreachable', 'unreadable', 'unreachable', 'unreachable', 'unreachable', 'unreachable']);
  });

  it('O06 names its namespace', async () => {
    await resolve({ vault: 'kv/shop/db' }, { ...vaultEnvironment(), VAULT_NAMESPACE: 'team/a' });
    expect(kv.calls.at(-1)).toBe('GET /v1/kv/data/shop/db team/a');
  });

  it('O06 wants a key where there are several values, and a text under it', async () => {
    kv.put('shop/two', { a: 'canary', b: 7 });
    expect(codeOf(await resolve({ vault: 'kv/shop/two' }))).toBe('unreadable');
    expect(codeOf(await resolve({ vault: 'kv/shop/two', key: 'b' }))).toBe('unreadable');
    expect(codeOf(await resolve({ vault: 'kv/shop/two', key: 'constructor' }))).toBe('missing');
  });
});

describe('a secret in AWS Secrets Manager', () => {
  const resolve = async (
    reference: JsonObject,
    environment: Environment = awsEnvironment(),
    patch: Partial<SecretContext> = {},
  ) => awsProvider.resolve({ id: 'x', reference }, context(environment, patch));

  it('O06 is read by key, stage or version, as text or bytes, with the time it was made', async () => {
    manager.put('shop/json', '{"user":"u","password":"new"}');
    manager.put('shop/json', '{"password":"old"}', 'AWSPREVIOUS');
    manager.put('shop/binary', Buffer.from([0xff, 0x00, 0x41]));
    expect(codeOf(await resolve({ aws: 'shop/json', key: 'password' }))).toBe('resolved new');
    expect(codeOf(await resolve({ aws: 'shop/json', key: 'password', version: 'AWSPREVIOUS' }))).toBe('resolved old');
    const binary = await resolve({ aws: 'shop/binary' });
    expect(binary.state === 'resolved' && [...binary.value.exposeBytes()]).toEqual([0xff, 0x00, 0x41]);
    expect(binary).toMatchObject({
      version: '00000000-0000-4000-8000-000000000001',
      createdAt: expect.stringMatching(/^2026-.*Z$/),
    });
    expect(codeOf(await resolve({ aws: 'shop/json', version: '00000000-0000-4000-8000-000000000099' }))).toBe(
      'missing',
    );
    expect(codeOf(await resolve({ aws: 'shop/json', key: 'other' }))).toBe('missing');
    expect(codeOf(await resolve({ aws: 'shop/binary', key: 'other' }))).toBe('unreadable');
  });

  it.each<[string, Environment, string]>([
    ['another secret key', { AWS_SECRET_ACCESS_KEY: 'wrong' }, 'denied'],
    ['another key id', { AWS_ACCESS_KEY_ID: 'AKIDOTHER' }, 'denied'],
    ['another region', { AWS_REGION: 'us-east-1' }, 'denied'],
    ['an address without TLS elsewhere', { AWS_ENDPOINT_URL: 'http://aws.example.org' }, 'unsafe'],
    ['nobody there', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'unreachable'],
  ])('O06 (negative control of the signature) fails with %s', async (_, patch, code) => {
    manager.put('shop/db', 'canary');
    expect(codeOf(await resolve({ aws: 'shop/db' }, { ...awsEnvironment(), ...patch }))).toBe(code);
  });

  it.each([
    ['deleted', 'missing'],
    ['broken', 'unreachable'],
  ] as const)('O06 fails where it is %s', async (mood, code) => {
    manager.behave(mood);
    expect(codeOf(await resolve({ aws: 'shop/db' }))).toBe(code);
  });

  it('A13 a name is a name: no spaces, quotes or steps out of the prefix', async () => {
    const before = manager.calls.length;
    for (const aws of ['a b', 'a"b', 'a;b', '$(id)', '/abs', 'a\\b', 'arn:aws:x y'])
      expect(codeOf(await resolve({ aws }))).toBe('reference_invalid');
    expect(
      codeOf(
        await resolve({ aws: 'arn:aws:secretsmanager:eu-north-1:1:secret:x' }, awsEnvironment(), { prefix: 'team-a/' }),
      ),
    ).toBe('reference_invalid');
    expect(manager.calls.length).toBe(before);
    manager.put('team-a/db', 'ours');
    expect(codeOf(await resolve({ aws: 'db' }, awsEnvironment(), { prefix: 'team-a/' }))).toBe('resolved ours');
    expect(codeOf(await resolve({ aws: 'team-b/db' }, awsEnvironment(), { prefix: 'team-a/' }))).toBe('missing');
  });
});
