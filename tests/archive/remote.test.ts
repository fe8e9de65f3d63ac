import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { formatPersonKey } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { access, startObjectServer } from '../doubles/object-server.ts';
import type { ObjectServer } from '../doubles/object-server.ts';
import { runInside } from '../e2e/run-inside.ts';
import { commitAll } from '../e2e/run-tminus.ts';
import type { TminusRun } from '../e2e/run-tminus.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const document = `---
tminus: launch
id: small
owner: alice
environment: production
candidate: { commit: "0123456789abcdef0123456789abcdef01234567" }
environments: { production: { url: "https://small.invalid", production: true, allow: [127.0.0.1] } }
people: { alice: { name: Alice, key: "${formatPersonKey(publicKey)}" } }
roles: { lead: [alice] }
secrets: { backups/key: { env: BACKUPS_KEY } }
---

# Small

## Gate: ready for T-0 {#ready fresh=1d}

- [ ] [HUMAN] It is done {#done role=lead}
`;

let directory: string;
let database: TestDatabase;
let server: ObjectServer;

beforeAll(async () => {
  [database, server] = await Promise.all([createTestDatabase(), startObjectServer()]);
  directory = mkdtempSync(join(tmpdir(), 'tminus-remote-'));
  writeFileSync(join(directory, 'launch.md'), document);
  writeFileSync(join(directory, 'alice.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  commitAll(directory);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await Promise.all([database.drop(), server.stop()]);
  rmSync(directory, { recursive: true });
});

function tminus(secret: string, ...args: string[]): Promise<TminusRun> {
  const s3 = ['--s3-endpoint', server.url, '--s3-region', access.region, '--s3-key-id', access.keyId];
  const given = [...args, ...s3, '--s3-secret', 'backups/key', '--as', 'alice', '--key', 'alice.pem'];
  vi.stubEnv('BACKUPS_KEY', secret);
  return runInside(directory, given, { DATABASE_URL: database.url, TMINUS_DATA: database.dataDirectory });
}

describe('archives in a store of objects', () => {
  it('D30 D33 O06 an archive is put there, verified there and really restored from there; one that is damaged there is found out, and the secret stands nowhere', async () => {
    const told: string[] = [];
    const run = async (secret: string, ...args: string[]): Promise<TminusRun> => {
      const end = await tminus(secret, ...args);
      told.push(end.stdout, end.stderr);
      return end;
    };
    const refused = await run('not the key', 'export', '--to', 's3://backups/shop');
    expect(refused).toMatchObject({ exit: 6, stderr: expect.stringContaining('permission') });
    expect(server.objects.size).toBe(0);

    const written = await run(access.secret, 'export', '--to', 's3://backups/shop', '--json');
    expect(written).toMatchObject({ exit: 0 });
    const { at, sha256 } = JSON.parse(written.stdout) as { at: string; sha256: string };
    expect(at).toMatch(/^s3:\/\/backups\/shop\/production\/\d{4}-\d{2}-\d{2}\/store-\w+\.tar\.gz$/);
    const key = at.slice('s3://'.length);
    expect(server.objects.get(`${key}.sha256`)?.toString()).toContain(sha256);

    const whole = await run(access.secret, 'archive', 'verify', at);
    expect(whole).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^whole {2}\d+ rows of production/) });
    expect(whole.stdout).toContain(sha256);
    expect(await run(access.secret, 'restore-drill', at, '--dry-run')).toMatchObject({ exit: 0 });
    const restored = await run(access.secret, 'restore-drill', at, '--json');
    expect(restored).toMatchObject({ exit: 0 });
    expect(JSON.parse(restored.stdout)).toMatchObject({
      passed: true,
      archive: { uri: at, expectedSha256: sha256, computedSha256: sha256 },
    });

    const bytes = server.objects.get(key)!;
    server.objects.set(
      key,
      Buffer.concat([bytes.subarray(0, 100), Buffer.from([bytes[100]! ^ 1]), bytes.subarray(101)]),
    );
    expect(await run(access.secret, 'archive', 'verify', at)).toMatchObject({
      exit: 4,
      stdout: expect.stringMatching(/^damaged {2}archive_other/),
    });
    server.objects.delete(key);
    expect(await run(access.secret, 'archive', 'verify', at)).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('missing'),
    });
    expect(told.join('')).not.toContain(access.secret);
  }, 400_000);
});
