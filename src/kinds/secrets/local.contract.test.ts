import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { chmod, link, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { secretProviderContract } from '../../../tests/contract/secret-provider.ts';
import type { SecretContext, SecretReading } from '../../core/secret/secret.ts';
import { ageProvider } from './age/provider.ts';
import { envProvider } from './env/provider.ts';
import { fileProvider } from './file/provider.ts';

let folder = '';
let identity = '';
let stranger = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tminus-test-secrets-'));
  identity = await generateX25519Identity();
  stranger = await generateX25519Identity();
  await writeFile(join(folder, 'identity'), `# made for a test\n\n${identity}\n`, { mode: 0o600 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function context(patch: Partial<SecretContext> = {}): SecretContext {
  return { environment: {}, workspace: folder, prefix: null, signal: AbortSignal.timeout(100_000), ...patch };
}

async function writePrivate(name: string, value: string | Uint8Array): Promise<string> {
  await rm(join(folder, name), { force: true });
  await writeFile(join(folder, name), value, { mode: 0o600 });
  return name;
}

async function encrypt(value: string, to = identity): Promise<Uint8Array> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(to));
  return encrypter.encrypt(value);
}

function codeOf(reading: SecretReading): string {
  return reading.state === 'failed' ? reading.trouble.code : `resolved ${reading.value.exposeText()}`;
}

secretProviderContract({
  provider: envProvider,
  keep: async (value) => ({ reference: { env: 'SHOP_DB' }, context: { environment: { SHOP_DB: value } } }),
  missing: async () => ({ reference: { env: 'SHOP_DB' }, context: { environment: { SHOP: 'canary-of-another' } } }),
  denied: { none: 'variables of a process are readable to it' },
  garbage: { none: 'every text is a value' },
  slow: { none: 'nothing to wait for' },
  canaries: () => [],
});

secretProviderContract({
  provider: fileProvider,
  keep: async (value) => ({ reference: { file: await writePrivate('db', value) }, context: context() }),
  missing: async () => ({ reference: { file: 'nowhere' }, context: context() }),
  denied: async () => {
    await chmod(join(folder, await writePrivate('open', 'canary-open')), 0o644);
    return { reference: { file: 'open' }, context: context() };
  },
  garbage: { none: 'every content is a value' },
  slow: { none: 'nothing to wait for' },
  canaries: () => [],
});

const ageContext = (): Partial<SecretContext> => context({ environment: { AGE_IDENTITY_FILE: 'identity' } });

secretProviderContract({
  provider: ageProvider,
  keep: async (value) => ({
    reference: { age: await writePrivate('db.age', await encrypt(value)) },
    context: ageContext(),
  }),
  missing: async () => ({ reference: { age: 'nowhere.age' }, context: ageContext() }),
  denied: async () => ({
    reference: { age: await writePrivate('other.age', await encrypt('canary-other', stranger)) },
    context: ageContext(),
  }),
  garbage: async () => ({
    reference: { age: await writePrivate('garbage.age', 'age-encryption.org/v1\nnot a stanza') },
    context: ageContext(),
  }),
  slow: { none: 'nothing to wait for' },
  canaries: () => [identity, identity.slice(20, 40)],
});

describe('a secret in the environment', () => {
  it('O06 is no property that every object has', async () => {
    for (const env of ['constructor', '__proto__', 'toString'])
      expect(codeOf(await envProvider.resolve({ id: 'x', reference: { env } }, context()))).toBe('missing');
  });
});

describe('a secret in a file', () => {
  const resolve = async (file: string) =>
    codeOf(await fileProvider.resolve({ id: 'x', reference: { file } }, context()));

  it('O06 loses its last line break, and nothing else', async () => {
    expect(await resolve(await writePrivate('a', ' value \n'))).toBe('resolved  value ');
    expect(await resolve(await writePrivate('a', 'one\r\ntwo\r\n'))).toBe('resolved one\r\ntwo');
    expect(await resolve(await writePrivate('a', 'value\n\n'))).toBe('resolved value\n');
    expect(await resolve(await writePrivate('a', '\n'))).toBe('empty');
  });

  it.each([0o604, 0o640, 0o660, 0o601, 0o666, 0o777])('O06 is refused with mode %i', async (mode) => {
    await chmod(join(folder, await writePrivate('modes', 'canary')), mode);
    expect(await resolve('modes')).toBe('unsafe');
  });

  it('O06 is taken with mode 0400 and 0600 (negative control of the modes)', async () => {
    for (const mode of [0o400, 0o600, 0o700]) {
      await chmod(join(folder, await writePrivate('modes', 'value')), mode);
      expect(await resolve('modes')).toBe('resolved value');
    }
  });

  it('O06 is refused behind a symbolic link, also one that leads nowhere or in a circle', async () => {
    await writePrivate('real', 'canary');
    for (const [name, target] of [
      ['to-real', 'real'],
      ['to-nothing', 'nothing'],
      ['to-itself', 'to-itself'],
    ] as const) {
      await rm(join(folder, name), { force: true });
      await symlink(target, join(folder, name));
      expect(await resolve(name)).toBe('unsafe');
    }
  });

  it('O06 is refused in a folder that others write to, until the folder is closed', async () => {
    await mkdir(join(folder, 'shared/inner'), { recursive: true });
    await writePrivate('shared/inner/db', 'value');
    await chmod(join(folder, 'shared'), 0o777);
    expect(await resolve('shared/inner/db')).toBe('unsafe');
    await chmod(join(folder, 'shared'), 0o755);
    expect(await resolve('shared/inner/db')).toBe('resolved value');
  });

  it.skipIf(process.getuid?.() !== 0)(
    'O06 is refused where another user owns it or its folder (needs root to try)',
    async () => {
      const nobody = 65_534;
      await mkdir(join(folder, 'theirs'), { recursive: true });
      await writePrivate('theirs/db', 'canary');
      spawnSync('chown', [String(nobody), join(folder, 'theirs/db')]);
      expect(await resolve('theirs/db')).toBe('unsafe');
      spawnSync('chown', ['0', join(folder, 'theirs/db')]);
      expect(await resolve('theirs/db')).toBe('resolved canary');
      spawnSync('chown', [String(nobody), join(folder, 'theirs')]);
      expect(await resolve('theirs/db')).toBe('unsafe');
    },
  );

  it('O06 is refused where it is a folder, a pipe that nobody writes to, or a device', async () => {
    await mkdir(join(folder, 'folder'), { recursive: true });
    await rm(join(folder, 'pipe'), { force: true });
    expect(spawnSync('/bin/sh', ['-c', 'mkfifo -m 600 "$1"', 'sh', join(folder, 'pipe')]).status).toBe(0);
    expect(await resolve('folder')).toBe('unsafe');
    expect(await resolve('pipe')).toBe('unsafe');
    expect(await resolve('/dev/null')).toBe('unsafe');
  });

  it('O06 is the one under its name at the moment of reading', async () => {
    await writePrivate('new', 'new value');
    await writePrivate('db', 'old value');
    expect(await resolve('db')).toBe('resolved old value');
    await rename(join(folder, 'new'), join(folder, 'db'));
    await link(join(folder, 'db'), join(folder, 'db2'));
    expect(await resolve('db')).toBe('resolved new value');
  });
});

describe('a secret in an age file', () => {
  const resolve = async (age: string, patch: Partial<SecretContext> = ageContext()) =>
    codeOf(await ageProvider.resolve({ id: 'x', reference: { age } }, context(patch)));

  it('O06 opens armoured files, too, with any of several identities', async () => {
    await writePrivate('armoured.age', armor.encode(await encrypt('value\n')));
    await writePrivate('identities', `${stranger}\n${identity}\n`);
    expect(await resolve('armoured.age', context({ environment: { AGE_IDENTITY_FILE: 'identities' } }))).toBe(
      'resolved value',
    );
  });

  it('O06 is not opened where one byte was changed or the end was cut', async () => {
    const file = await encrypt('canary');
    for (const damaged of [
      file.subarray(0, -1),
      Uint8Array.from(file, (byte, index) => (index === file.length - 1 ? byte ^ 1 : byte)),
      file.subarray(0, 40),
      new Uint8Array(),
    ]) {
      expect(await resolve(await writePrivate('damaged.age', damaged))).toBe('unreadable');
    }
    expect(await resolve(await writePrivate('damaged.age', file))).toBe('resolved canary');
  });

  it('O06 wants an identity, in a private file', async () => {
    await writePrivate('db.age', await encrypt('canary'));
    expect(await resolve('db.age', context())).toBe('not_configured');
    expect(await resolve('db.age', context({ environment: { AGE_IDENTITY_FILE: 'nowhere' } }))).toBe('not_configured');
    await writePrivate('none', '# no identity here\n');
    expect(await resolve('db.age', context({ environment: { AGE_IDENTITY_FILE: 'none' } }))).toBe('not_configured');
    await writePrivate('wrong', 'AGE-SECRET-KEY-1CANARY\n');
    expect(await resolve('db.age', context({ environment: { AGE_IDENTITY_FILE: 'wrong' } }))).toBe('unreadable');
    await chmod(join(folder, await writePrivate('wide', identity)), 0o640);
    expect(await resolve('db.age', context({ environment: { AGE_IDENTITY_FILE: 'wide' } }))).toBe('unsafe');
  });
});
