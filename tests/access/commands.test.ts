import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { signStatement } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { privateKeyOf } from '../../src/core/gate/dossier.fixture.ts';
import { commitAll, runTminus } from '../e2e/run-tminus.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

const old = 'value-of-the-first-year';
let database: TestDatabase;
let directory: string;
let server: Server;
/** The server takes whatever is in the file, or only the old value. */
let takesAll = true;

const keyOf = (id: string): string => signStatement({ person: id }, id, privateKeyOf(id)).signature.key;
const file = (): string => join(directory, 'private/db');

beforeAll(async () => {
  database = await createTestDatabase();
  directory = mkdtempSync(join(tmpdir(), 'tminus-access-'));
  server = createServer((_, response) => {
    const known = takesAll || readFileSync(file(), 'utf8').trimEnd() === old;
    response.writeHead(known ? 200 : 503).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  mkdirSync(join(directory, 'private'), { mode: 0o700 });
  mkdirSync(join(directory, '.keys'), { mode: 0o700 });
  writeFileSync(file(), `${old}\n`, { mode: 0o600 });
  for (const id of ['alice', 'ada', 'carol'])
    writeFileSync(join(directory, `.keys/${id}.pem`), privateKeyOf(id), { mode: 0o600 });
  writeFileSync(join(directory, '.gitignore'), '.keys\nprivate\n');
  writeFileSync(join(directory, 'launch.md'), documentOf(port));
  commitAll(directory);
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
  await database.drop();
});

function documentOf(port: number): string {
  return `---
tminus: launch
id: access
title: Rights and secrets
environment: production
environments:
  production:
    production: true
    allow: ["127.0.0.1:${port}"]
people:
  alice: { name: Alice, key: "${keyOf('alice')}" }
  ada: { name: Ada, key: "${keyOf('ada')}" }
  zoe: { name: Zoe }
  carol: { name: Carol, key: "${keyOf('carol')}" }
  dave: { name: Tester }
roles:
  lead: [alice]
  operator: [carol]
secrets:
  db: { file: private/db }
---

# Rights and secrets

## Gate: ready {#ready phase=t-0 fresh=1h}

- [ ] The database takes the password {#login}

  \`\`\`http
  GET http://127.0.0.1:${port}/

  expect status == 200
  \`\`\`

## Runbook {#cutover}

1. Switch {#switch role=operator}

   \`\`\`sh
   true
   \`\`\`
`;
}

function tminus(...args: string[]) {
  const env = { DATABASE_URL: database.url, TMINUS_DATA: database.dataDirectory };
  return runTminus(directory, args, env);
}

const as = (id: string): string[] => ['--as', id, '--key', `.keys/${id}.pem`];

describe('tminus approve RUN', () => {
  it('O02 A28 shows what is to be approved, takes votes on exactly that, and tells the run', async () => {
    const started = await tminus('run', 'cutover', '--detach', '--reason', 'the evening', '--json', ...as('carol'));
    expect(started).toMatchObject({ exit: 5 });
    const { run } = JSON.parse(started.stdout) as { run: { id: string; state: string } };
    expect(run.state).toBe('pending_approval');
    const shown = await tminus('approve', run.id, ...as('alice'));
    expect(shown).toMatchObject({ exit: 5, stdout: expect.stringContaining('asked for by carol: the evening') });
    const [, subject] = /--subject (\w+)/.exec(shown.stdout)!;
    const vote = (who: string, digest = subject!) => tminus('approve', run.id, '--subject', digest, ...as(who));
    expect(await vote('alice', '0123456789ab')).toMatchObject({ exit: 6 });
    expect(await vote('carol')).toMatchObject({ exit: 6, stderr: expect.stringContaining('asked for it') });
    expect(await vote('alice')).toMatchObject({ exit: 0, stdout: expect.stringContaining('APPROVED') });
    const status = JSON.parse((await tminus('status', run.id, '--json')).stdout) as {
      run: { approval: unknown; state: string };
    };
    expect(status.run).toMatchObject({ state: 'queued', approval: { approver: 'alice', level: 1 } });
  }, 600_000);
});

describe('tminus grant', () => {
  it('O05 lists what the document gives, names the first admin, gives and ends rights, and refuses whoever may not', async () => {
    const before = await tminus('grant', 'list');
    expect(before).toMatchObject({ exit: 0, stderr: '' });
    expect(before.stdout).toContain('document/lead/alice/production');
    expect(before.stdout).not.toContain('zoe');
    const give = ['grant', 'give', 'zoe', '--role', 'operator', '--reason', 'night shift'];
    expect(await tminus(...give)).toMatchObject({ exit: 6, stderr: expect.stringContaining('names its admin') });
    expect((await tminus('grant', 'give', 'ada', '--role', 'admin', '--reason', 'installed it')).exit).toBe(0);
    expect(await tminus(...give)).toMatchObject({ exit: 6, stderr: expect.stringContaining('permission grant.give') });
    expect(await tminus(...give, ...as('alice'))).toMatchObject({ exit: 6 });
    expect((await tminus(...give, ...as('ada'))).exit).toBe(0);
    const ended = await tminus('grant', 'revoke', '--holder', 'alice', '--reason', 'left', ...as('ada'));
    expect(ended.stdout.match(/^ended: alice/gm)).toHaveLength(3);
    const after = JSON.parse((await tminus('grant', 'list', '--json')).stdout) as {
      grants: { holder: { id: string } }[];
    };
    expect(after.grants.map(({ holder }) => holder.id).toSorted()).toEqual(['ada', 'carol', 'zoe']);
    await tminus('grant', 'give', 'alice', '--role', 'operator', '--reason', 'is back', ...as('ada'));
  }, 600_000);
});

describe('tminus secrets', () => {
  it('T23 O06 check is a gate, rotate goes back where the check fails, and no value is printed', async () => {
    const outputs: string[] = [];
    const secrets = async (...args: string[]) => {
      const done = await tminus('secrets', ...args);
      outputs.push(done.stdout, done.stderr);
      return done;
    };
    expect(await secrets('check')).toMatchObject({ exit: 4, stdout: expect.stringContaining('age unknown') });
    expect((await secrets('check', '--allow-unknown-age')).exit).toBe(0);
    expect((await secrets('list')).exit).toBe(0);
    const rotate = ['rotate', 'db', '--validate', 'login', ...as('alice')];
    expect(await secrets(...rotate, '--dry-run')).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('would-rotate'),
    });
    takesAll = false;
    expect(await secrets(...rotate)).toMatchObject({
      exit: 4,
      stdout: expect.stringContaining('rolled-back: login: fail'),
    });
    expect(readFileSync(file(), 'utf8')).toBe(`${old}\n`);
    takesAll = true;
    expect(await secrets(...rotate)).toMatchObject({ exit: 0, stdout: expect.stringContaining('rotated') });
    const value = readFileSync(file(), 'utf8');
    expect(value).toMatch(/^[\w-]{43}$/);
    expect(await secrets('check', ...as('alice'))).toMatchObject({
      exit: 0,
      stdout: expect.stringContaining('0 days old'),
    });
    expect(await secrets('check', ...as('ada'))).toMatchObject({ exit: 6 });
    rmSync(file());
    expect(await secrets('check', '--allow-unknown-age')).toMatchObject({
      exit: 4,
      stdout: expect.stringContaining('got nothing'),
    });
    for (const output of outputs) expect(output.includes(old) || output.includes(value)).toBe(false);
  }, 600_000);
});
