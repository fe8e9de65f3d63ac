import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { formatPersonKey } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Store } from '../../src/store/open-store.ts';
import { readNewestReconcile } from '../../src/store/reconcile-report.ts';
import { runInside } from '../e2e/run-inside.ts';
import { commitAll } from '../e2e/run-tminus.ts';
import type { TminusRun } from '../e2e/run-tminus.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

const people = { alice: generateKeyPairSync('ed25519'), mallory: generateKeyPairSync('ed25519') };
const keyLine = ({ publicKey }: { publicKey: KeyObject }): string => `key: "${formatPersonKey(publicKey)}"`;

/** Mallory is declared and has a key, and holds no role: whoever is known may still not do everything. */
const document = `---
tminus: launch
id: rights
title: Rights
owner: alice
environment: production
candidate: { commit: "0123456789abcdef0123456789abcdef01234567" }
environments: { production: { url: "https://rights.invalid", production: true } }
people: { alice: { name: Alice, ${keyLine(people.alice)} }, mallory: { name: Mallory, ${keyLine(people.mallory)} } }
roles: { lead: [alice] }
datastores:
  old: { url: "sqlite:old.db" }
  new: { url: "sqlite:new.db" }
secrets:
  seed: { env: RIGHTS_SEED }
---

# Rights

## Gate: ready for T-0 {#ready fresh=1d}

- [ ] [HUMAN] It is done {#done role=lead}

## Data

- Accounts {#accounts}

  \`\`\`yaml dataset
  source: { on: old, table: accounts }
  target: { on: new, table: accounts }
  key: id
  \`\`\`
`;

const mail = `---
mailout: notice
dataset: accounts
email: email
server: smtp://127.0.0.1:9
from: team@example.org
password: seed
unsubscribe: "https://example.org/out"
subject: Hello
---

Hello.
`;

let directory: string;
let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
  directory = mkdtempSync(join(tmpdir(), 'tminus-rights-'));
  writeFileSync(join(directory, 'launch.md'), document);
  writeFileSync(join(directory, 'notice.md'), mail);
  writeFileSync(join(directory, 'board.json'), '{}');
  for (const name of ['old', 'new']) {
    const file = new DatabaseSync(join(directory, `${name}.db`), { timeout: 30_000 });
    file.exec(
      `create table accounts (id integer primary key, email text); insert into accounts values (1, 'a@b.test')`,
    );
    file.close();
  }
  for (const [name, { privateKey }] of Object.entries(people))
    writeFileSync(join(directory, `${name}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  commitAll(directory);
});
afterAll(async () => {
  await database.drop();
  rmSync(directory, { recursive: true });
});

const tminus = (...args: string[]): Promise<TminusRun> =>
  runInside(directory, args, { DATABASE_URL: database.url, TMINUS_DATA: database.dataDirectory, RIGHTS_SEED: 'seed' });

const readAudit = (): Promise<{ actor: string; permission: string; subject: string | null; allowed: boolean }[]> =>
  store.tables
    .selectFrom('access_decision')
    .select(['actor', 'permission', 'subject', 'allowed'])
    .orderBy('id')
    .execute();

/** Every deed that reads whole datasets or changes something, with what would be there if it had been done. */
const deeds: [args: string[], permission: string, subject: string][] = [
  [['export', 'accounts', '--out', 'out'], 'run.start', 'export accounts'],
  [['export', '--out', 'out'], 'run.start', 'export'],
  [['snapshot', 'accounts', '--seed', 'seed', '--out', 'out'], 'run.start', 'snapshot accounts'],
  [['restore-drill', 'archive.tar.gz'], 'run.start', 'restore-drill archive.tar.gz'],
  [['mailout', 'plan', 'notice.md'], 'check.run', 'mailout notice.md'],
  [['mailout', 'proof', 'notice.md'], 'check.run', 'mailout notice.md'],
  [['mailout', 'send', 'notice.md', '--dry-run'], 'check.run', 'mailout notice.md'],
  [['mailout', 'send', 'notice.md', '--send'], 'run.start', 'mailout notice.md'],
  [['mailout', 'settle', 'notice.md', '--sent', '<a@b>'], 'run.start', 'mailout notice.md'],
  [['trello', 'redact', 'board.json', '--out', 'out', '--seed', 'seed'], 'run.start', 'trello redact out'],
  [['trello', 'approve', 'out', '--comment', 'seen'], 'approval.vote', 'trello approve out'],
  [['trello', 'plan', 'out', 'accounts'], 'check.run', 'trello out'],
  [['trello', 'import', 'out', 'accounts'], 'check.run', 'trello out'],
  [['trello', 'rollback', 'out', 'accounts'], 'check.run', 'trello out'],
  [['tasks', 'import', 'accounts'], 'check.run', 'tasks accounts'],
  [['import', 'plan', 'accounts'], 'check.run', 'import accounts'],
  [['import', 'approve', 'accounts', '--comment', 'go'], 'approval.vote', 'import accounts'],
  [['import', 'apply', 'accounts'], 'run.start', 'import accounts'],
  [['import', 'rollback', 'accounts'], 'run.cancel', 'import accounts'],
  [['reconcile', 'accounts'], 'check.run', 'reconcile accounts'],
  [['rules', 'accounts'], 'check.run', 'rules accounts'],
  [['redirects', 'https://rights.invalid', '--gone', '/a'], 'check.run', 'redirects'],
  [['check'], 'check.run', 'check'],
  [['fix', 'plan', 'accounts'], 'check.run', 'fix plan accounts'],
  [['fix', 'approve', 'f-1', '--comment', 'go'], 'approval.vote', 'fix approve f-1'],
  [['fix', 'apply', 'f-1'], 'run.start', 'fix apply f-1'],
  [['fix', 'undo', 'f-1'], 'run.cancel', 'fix undo f-1'],
];

describe('the right to a deed on data, at the command line', () => {
  it.each(deeds)(
    'O05 %j is refused to somebody without %s, and the refusal is in the audit',
    async (args, permission, subject) => {
      const ended = await tminus(...args, '--as', 'mallory', '--key', 'mallory.pem');
      expect(ended.stderr).toContain(`mallory: expected the permission ${permission}, got none`);
      expect(ended.exit).toBe(6);
      expect(await readAudit()).toContainEqual({ actor: 'mallory', permission, subject, allowed: false });
    },
  );

  it('O05 nothing was written for whoever was refused', () => {
    expect(existsSync(join(directory, 'out'))).toBe(false);
    expect(readdirSync(directory).toSorted()).toEqual(
      ['.git', 'alice.pem', 'board.json', 'launch.md', 'mallory.pem', 'new.db', 'notice.md', 'old.db'].toSorted(),
    );
  });

  it('O05 rows of both sides are compared for whoever may ask and may see them, and for nobody else', async () => {
    const alice = ['--as', 'alice', '--key', 'alice.pem'];
    const compared = await tminus('reconcile', 'accounts', '--recheck', '1ms', '5s', ...alice);
    expect(compared).toMatchObject({ exit: 0, stdout: expect.stringContaining('equal') });
    // What was compared here is what pages show, and not "never".
    const place = { launch: 'rights', environment: 'production', dataset: 'accounts' };
    expect(await readNewestReconcile(store, place)).toMatchObject({ startedBy: 'alice' });
    const asked = { actor: 'alice', permission: 'check.run', subject: 'reconcile accounts', allowed: true };
    expect(await readAudit()).toContainEqual(asked);
    for (const command of [
      ['reconcile', 'accounts'],
      ['rules', 'accounts'],
      ['redirects', 'https://rights.invalid'],
    ])
      expect(await tminus(...command)).toMatchObject({ exit: 2, stderr: expect.stringContaining("'--as <person>'") });
  });

  it('O05 rows of a fix are shown to nobody who is not named or may not see them; the list, which has no value, needs nobody', async () => {
    expect(await tminus('fix', 'show', 'f-1')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('fix show f-1: expected --as, got nobody'),
    });
    expect(await tminus('fix', 'show', 'f-1', '--as', 'mallory', '--key', 'mallory.pem')).toMatchObject({
      exit: 6,
      stderr: expect.stringContaining('mallory: expected the permission data.view, got none'),
    });
    // Somebody who may is told of the fix itself.
    const seen = await tminus('fix', 'show', 'f-1', '--as', 'alice', '--key', 'alice.pem');
    expect(seen.stderr).toContain('fix f-1: expected an id');
    expect(await tminus('fix', 'show')).toMatchObject({ exit: 0, stdout: 'no fix was planned\n' });
  });

  it('C28 whether everybody was told in time is asked with a length of time, and is no where nobody was', async () => {
    const asked = ['mailout', 'proof', 'notice.md', '--notice', '14d', '--as', 'alice', '--key', 'alice.pem'];
    expect(await tminus(...asked)).toMatchObject({ exit: 1, stderr: '' });
  });

  it('O05 a check is what machines ask, so that it wants nobody; it tells no value of a row', async () => {
    expect((await tminus('check', '--dry-run')).exit).not.toBe(6);
  });

  it('O05 an export by somebody who may is done, and stands in the audit with who did it; by nobody it is none', async () => {
    const done = await tminus('export', 'accounts', '--out', 'out', '--as', 'alice', '--key', 'alice.pem');
    expect(done).toMatchObject({ exit: 0, stdout: expect.stringContaining('1 rows of 1 entities') });
    const allowed = { actor: 'alice', permission: 'run.start', subject: 'export accounts', allowed: true };
    expect(await readAudit()).toContainEqual(allowed);
    const nobody = await tminus('export', 'accounts', '--out', 'none');
    expect(nobody).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('export accounts: expected --as, got nobody'),
    });
    expect(existsSync(join(directory, 'none'))).toBe(false);
  });
});
