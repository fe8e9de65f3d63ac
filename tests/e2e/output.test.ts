import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { launchDocument } from './hostile-documents.ts';
import { runInside } from './run-inside.ts';
import { readError, startTminus } from './start-tminus.ts';
import type { StartOptions } from './start-tminus.ts';

const main = join(import.meta.dirname, '../../src/main.ts');
let folder: string;
let elsewhere: string;
/** The server of the test run: an embedded one would be started and stopped for each command. */
let database: TestDatabase;

const run = (args: readonly string[], options: StartOptions = {}) =>
  startTminus(folder, args, { ...options, env: { DATABASE_URL: database.url, ...options.env } }).ended;
/** What is only looked up, and not what is shown, needs no process of its own. */
const ask = async (...args: string[]) =>
  JSON.parse((await runInside(folder, [...args, '--json'], { DATABASE_URL: database.url })).stdout) as unknown;
const listLog = async () => (await ask('evidence', 'list')) as { id: string }[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tminus-output-'));
  database = await createTestDatabase();
  elsewhere = mkdtempSync(join(tmpdir(), 'tminus-output-'));
  const { publicKey } = JSON.parse((await run(['key', 'create', 'alice', '--out', 'alice.pem', '--json'])).stdout) as {
    publicKey: string;
  };
  const check = '\n- [ ] it runs {#runs waivable=yes}\n\n  ```sh\n  echo hello\n  ```\n';
  const text = launchDocument({ text: check }).replace('{ name: Alice }', `{ name: Alice, key: "${publicKey}" }`);
  writeFileSync(join(folder, 'launch.md'), text);
});
afterAll(async () => {
  await database.drop();
  for (const each of [folder, elsewhere]) rmSync(each, { recursive: true, force: true });
});

/** What a person would have read before they vote. */
const readSubject = async (): Promise<string> => {
  const { decision } = (await ask('decide')) as { decision: { subjectSha256: string } };
  return decision.subjectSha256;
};

const signed = ['--as', 'alice', '--key', 'alice.pem'];

describe('what is printed', () => {
  it('is one JSON value on stdout and nothing else with --json, and no escape code where nobody watches', async () => {
    const commands = [
      ['check', '--dry-run'],
      ['check'],
      ['attest', 'read', ...signed, '--comment', 'read it'],
      ['waive', 'runs', ...signed, '--reason', 'x', '--until', '2030-01-01T00:00:00Z', '--requested-by', 'bob'],
      ['approve', ...signed, '--subject', 'SUBJECT'],
      ['decide', '--seal', '--html', 'decision.html'],
      ['lint'],
      ['evidence', 'list'],
      ['evidence', 'show', 'ID'],
      ['evidence', 'show', 'ID', '--source', 'stdout'],
      ['evidence', 'export', '--out', 'BUNDLE'],
      ['verify', 'BUNDLE'],
      ['doctor'],
      ['key', 'create', 'KEY', '--out', 'KEY.pem'],
      ['init', 'other', '-C', 'FOLDER'],
    ];
    const plain = new Set(['lint', 'check', 'decide', 'verify', 'doctor']);
    for (const [nr, command] of commands.entries()) {
      const [first] = nr > 1 ? await listLog() : [];
      for (const json of plain.has(command[0] ?? '') ? [true, false] : [true]) {
        const names: { [word: string]: string } = {
          ID: first?.id ?? '',
          SUBJECT: command[0] === 'approve' ? await readSubject() : '',
          BUNDLE: 'shown',
          KEY: `key-${json}`,
          // Elsewhere: a second launch below this one would be refused.
          FOLDER: join(elsewhere, String(json)),
        };
        const args = command.map((word) => names[word] ?? word);
        const ended = await run(json ? [...args, '--json'] : args, { env: { NO_COLOR: undefined } });
        expect([args, ended.exit === 0 || ended.exit === 4 || ended.exit === 5]).toEqual([args, true]);
        expect([args, ended.stdout.includes('\u001B') || ended.stderr.includes('\u001B')]).toEqual([args, false]);
        if (!json) continue;
        expect([args, typeof JSON.parse(ended.stdout), ended.stderr]).toEqual([args, 'object', '']);
      }
    }
  }, 400_000);

  it('has colours where they are asked for: the control of the case above', async () => {
    expect((await run(['decide'], { env: { NO_COLOR: undefined, FORCE_COLOR: '1' } })).stdout).toContain('\u001B[');
  });

  it('of a refused command line is JSON on the last line of stderr, too', async () => {
    for (const args of [['decide', '--bogus'], ['chekc'], ['decide', 'a', 'b'], ['evidence', 'export']]) {
      const ended = await run([...args, '--json']);
      expect([args, ended.exit, ended.stdout]).toEqual([args, 2, '']);
      expect(readError(ended)).toMatchObject({ code: 'usage', hint: expect.stringContaining('tminus help') as string });
    }
  });

  it('of a source is exactly what was seen, byte for byte', async () => {
    const [entry] = await listLog();
    expect((await run(['evidence', 'show', entry?.id ?? '', '--source', 'stdout'])).stdout).toBe('hello\n');
  });

  it('may be cut short by the reader: no crash, and the work is done all the same', async () => {
    const before = (await listLog()).length;
    const script = `"$NODE" --disable-warning=ExperimentalWarning "$MAIN" check --force --json | true; exit \${PIPESTATUS[0]}`;
    const cut = spawnSync('bash', ['-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE: process.execPath, MAIN: main, DATABASE_URL: database.url },
    });
    expect([cut.status, cut.stderr]).toEqual([0, '']);
    expect((await listLog()).length).toBe(before + 1);
  });

  it.skipIf(!existsSync('/dev/full'))('that cannot be stored is an error, not a success', () => {
    const script = '"$NODE" --disable-warning=ExperimentalWarning "$MAIN" lint > /dev/full';
    const full = spawnSync('bash', ['-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE: process.execPath, MAIN: main, DATABASE_URL: database.url },
    });
    expect(full.status).toBe(1);
    expect(full.stderr).toMatch(/^error stdout: expected that the result can be written, got .*ENOSPC/u);
  });
});

describe('a place that cannot be written', () => {
  it.each([
    ['inside a file', 'launch.md/bundle', 'a file where a folder should be'],
    ['that is a file', 'launch.md', 'a file where a folder should be'],
  ])('is refused before anything is sealed: --out %s', async (_, out, got) => {
    const before = (await listLog()).length;
    const ended = await run(['evidence', 'export', '--out', out, '--json']);
    expect([ended.exit, ended.stdout]).toEqual([2, '']);
    expect(readError(ended).code).toBe('output_unwritable');
    expect(readError(ended).message).toContain(`expected a place that can be written, got ${got}`);
    expect((await listLog()).length).toBe(before);
  });

  it('is told, not waited for, where the system refuses every name', async () => {
    const ended = await run(['evidence', 'export', '--out', '/proc/tminus/bundle', '--json']);
    expect([ended.exit, readError(ended).code]).toEqual([2, 'output_unwritable']);
  });

  it('is refused where something is there already, and what is there stays', async () => {
    mkdirSync(join(folder, 'taken'));
    writeFileSync(join(folder, 'taken/notes.txt'), 'mine');
    for (const [args, code] of [
      [['evidence', 'export', '--out', 'taken'], 'output_exists'],
      [['key', 'create', 'alice', '--out', 'alice.pem'], 'output_exists'],
      [['init', 'other'], 'output_exists'],
      [['key', 'create', 'bob', '--out', 'launch.md/bob.pem'], 'output_unwritable'],
      [['decide', '--html', 'launch.md/x.html'], 'output_unwritable'],
      [['decide', '--html', 'taken', '--seal'], 'output_unwritable'],
    ] as const) {
      const before = readdirSync(folder).toSorted();
      const ended = await run([...args, '--json']);
      expect([args, ended.exit, readError(ended).code]).toEqual([args, 2, code]);
      expect([args, readdirSync(folder).toSorted()]).toEqual([args, before]);
    }
    expect(readdirSync(join(folder, 'taken'))).toEqual(['notes.txt']);
  });

  it('a page is replaced whole, through a symbolic link, too', async () => {
    writeFileSync(join(folder, 'real.html'), 'old');
    symlinkSync('real.html', join(folder, 'page.html'));
    expect((await run(['decide', '--html', 'page.html'])).exit).toBe(0);
    expect(readFileSync(join(folder, 'real.html'), 'utf8')).toContain('<html');
    expect(readdirSync(folder).filter((name) => name.endsWith('.draft'))).toEqual([]);
  });

  it('a data directory that cannot be one is named, with what to do', async () => {
    for (const data of ['launch.md', 'launch.md/data', '/dev/null']) {
      const ended = await run(['check', '--data', data, '--json'], { env: { DATABASE_URL: undefined } });
      expect([data, ended.exit]).toEqual([data, 1]);
      const error = readError(ended);
      expect(error).toMatchObject({ code: 'store_unavailable', hint: expect.stringContaining('--data') as string });
      expect(error.message).toContain('expected a place that can be written, got ');
    }
  });
});

describe('a private key that cannot be used', () => {
  const options = { type: 'pkcs8', format: 'pem' } as const;
  const pem = {
    rsa: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(options),
    sealed: generateKeyPairSync('ed25519').privateKey.export({ ...options, cipher: 'aes-256-cbc', passphrase: 'x' }),
    text: 'no key at all',
  };

  it.each([
    ['rsa.pem', 'a key of type rsa'],
    ['sealed.pem', 'an encrypted key'],
    ['text.pem', 'something else'],
    ['taken', 'a folder'],
    ['gone.pem', 'nothing of that name'],
    ['pipe.pem', 'a pipe, a socket or a device'],
    ['/dev/zero', 'a pipe, a socket or a device'],
  ])('%s is refused as %s', async (key, got) => {
    for (const [name, content] of Object.entries(pem)) writeFileSync(join(folder, `${name}.pem`), content);
    if (!existsSync(join(folder, 'pipe.pem'))) execFileSync('mkfifo', [join(folder, 'pipe.pem')]);
    const args = ['attest', 'read', '--as', 'alice', '--key', key, '--comment', 'x', '--json'];
    const ended = await run(args);
    expect(ended.exit).toBe(2);
    expect(readError(ended).code).toBe('key_unreadable');
    expect(readError(ended).message).toContain(`got ${got}`);
  });
});

describe('what is no bundle', () => {
  it('is named, and neither a pipe nor a huge file in it is waited for', async () => {
    expect((await run(['evidence', 'export', '--out', 'bundle'])).exit).toBe(0);
    const huge = join(folder, 'huge');
    cpSync(join(folder, 'bundle'), huge, { recursive: true });
    truncateSync(join(huge, 'entries.jsonl'), 10 * 1024 ** 3);
    const piped = join(folder, 'piped');
    cpSync(join(folder, 'bundle'), piped, { recursive: true });
    rmSync(join(piped, 'decision.json'));
    execFileSync('mkfifo', [join(piped, 'decision.json'), join(folder, 'checkpoint.pipe')]);
    const unreadable = [
      ['verify', 'nowhere'],
      ['verify', 'launch.md'],
      ['verify', 'bundle', '--checkpoint', 'checkpoint.pipe'],
    ];
    for (const args of unreadable) {
      const ended = await run([...args, '--json']);
      expect([args, ended.exit, readError(ended).code]).toEqual([args, 2, 'bundle_unreadable']);
    }
    for (const bundle of ['huge', 'piped']) {
      const ended = await run(['verify', bundle, '--json']);
      expect([bundle, ended.exit]).toEqual([bundle, 4]);
      expect(JSON.parse(ended.stdout)).toMatchObject({ ok: false, verdict: 'does-not-hold' });
      expect(ended.peakBytes).toBeLessThan(600 * 1024 * 1024);
    }
  });
});
