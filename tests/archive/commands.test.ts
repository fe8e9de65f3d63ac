import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { formatPersonKey } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runInside } from '../e2e/run-inside.ts';
import { commitAll } from '../e2e/run-tminus.ts';
import type { TminusRun } from '../e2e/run-tminus.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const document = `---
tminus: launch
id: small
title: Small
owner: alice
environment: production
candidate: { commit: "0123456789abcdef0123456789abcdef01234567" }
environments:
  production: { url: "https://small.invalid", production: true }
people:
  alice: { name: Alice, key: "${formatPersonKey(publicKey)}" }
roles:
  lead: [alice]
datastores: { old: { kind: csv, url: "file:old/" }, new: { kind: sqlite, url: "sqlite:new.db" } }
---

# Small

## Data

- Orders {#orders}

  \`\`\`yaml dataset
  source: { on: old, table: orders }
  target: { on: new, table: orders }
  key: id
  partial: { by: created_at }
  \`\`\`

## Gate: ready for T-0 {#backup fresh=1d}

- A fresh drill {#drill owner=lead}

  \`\`\`yaml check
  kind: restore-drill
  maxAge: 1d
  \`\`\`
`;

let directory: string;
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), 'tminus-small-'));
  writeFileSync(join(directory, 'launch.md'), document);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(directory, 'alice.pem'), pem, { mode: 0o600 });
  const orders = new DatabaseSync(join(directory, 'new.db'), { timeout: 30_000 });
  orders.exec(`create table orders (id integer primary key, created_at timestamptz);
    insert into orders values (1, '2026-01-01T00:00:00Z'), (2, '2026-02-01T00:00:00Z'), (3, null)`);
  orders.close();
  commitAll(directory);
});
afterAll(async () => {
  await database.drop();
  rmSync(directory, { recursive: true });
});

function tminus(...args: string[]): Promise<TminusRun> {
  return runInside(directory, args, { DATABASE_URL: database.url, TMINUS_DATA: database.dataDirectory });
}

const alice = ['--as', 'alice', '--key', 'alice.pem'];

describe('the commands about archives', () => {
  it('D33 R8 export, verify, drill: the signed report is what the check then counts; a changed byte ends in exit 4 at each of them', async () => {
    const written = await tminus('export', '--json', ...alice);
    expect(written).toMatchObject({ exit: 0, stderr: '' });
    const { file } = JSON.parse(written.stdout) as { file: string };
    expect((await tminus('archive', 'verify', file)).stdout).toMatch(/^whole {2}\d+ rows of production/);

    const before = await tminus('check', '--json');
    expect(before.stdout + before.stderr).toMatch(/unknown/);
    const drilled = await tminus('restore-drill', file, '--json', ...alice);
    expect(drilled).toMatchObject({ exit: 0 });
    expect(JSON.parse(drilled.stdout)).toMatchObject({ passed: true, findings: [] });
    expect(readdirSync(join(directory, 'reports', 'restore-drills'))).toHaveLength(1);
    const after = await tminus('check', '--json');
    expect(after.stdout).toMatch(/"pass"/);

    const bytes = readFileSync(file);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    const damaged = join(directory, 'damaged.tar.gz');
    writeFileSync(damaged, bytes);
    expect(await tminus('archive', 'verify', damaged)).toMatchObject({
      exit: 4,
      stdout: expect.stringMatching(/^damaged {2}archive_/),
    });
    expect(await tminus('restore-drill', damaged, ...alice)).toMatchObject({
      exit: 4,
      stdout: expect.stringContaining('did not pass'),
    });
    const server = 'postgres://drill@db.prod.invalid/postgres';
    const refused = await tminus('restore-drill', file, '--server', server, ...alice);
    expect(refused).toMatchObject({
      exit: 6,
      stderr: expect.stringContaining('expected a server outside of production'),
    });
  }, 400_000);

  it('C17 what was written since a moment is exported by itself: verified it is called partial, restored it is refused, and no switch is made up', async () => {
    const since = ['--since', '2026-01-15T00:00:00Z'];
    const planned = await tminus('export', 'orders', ...since, '--dry-run');
    expect(planned).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('written since 2026-01-15T00:00:00.000Z'),
    });
    const written = await tminus('export', 'orders', ...since, '--json', ...alice);
    expect(written).toMatchObject({ exit: 0, stderr: '' });
    const { file, ...told } = JSON.parse(written.stdout) as { file: string };
    expect(file).toMatch(/partial-[^/]+\.tar\.gz$/);
    expect(told).toMatchObject({
      counts: { orders: 1 },
      window: { until: null, entities: { orders: { by: 'created_at', undated: 1 } } },
    });
    const verified = await tminus('archive', 'verify', file);
    expect(verified).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^partial {2}1 rows of production/) });
    expect(verified.stdout).toContain('1 of orders without a created_at, which are not in it: no backup');
    for (const dry of [[], ['--dry-run']])
      expect(await tminus('restore-drill', file, ...dry, ...alice)).toMatchObject({
        exit: 4,
        stdout: expect.stringContaining('archive_partial'),
      });
    expect(await tminus('export', 'orders', '--since', 'switch', ...alice)).toMatchObject({
      exit: 6,
      stderr: expect.stringContaining('switch: expected a shift of candidate'),
    });
    for (const wrong of [
      ['--since', 'switch'],
      ['orders', '--until', since[1]!],
      ['orders', '--source', ...since],
    ])
      expect(await tminus('export', ...wrong, ...alice)).toMatchObject({ exit: 2 });
  }, 400_000);
});
