import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { commitAll, runTminus } from './run-tminus.ts';

let directory: string;
let server: Server;
let status = 503;
let calls = 0;

const tminus = (...args: string[]) => runTminus(directory, args);
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'tminus-e2e-'));
  server = createServer((_, response) => {
    calls += 1;
    response.writeHead(status).end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

// One launch from its first document to a verified bundle: the cases follow each other, as a person would go.
describe('a launch by the command line', () => {
  it('begins with a document that lints and a key that is never overwritten', async () => {
    expect((await tminus('init', 'shop')).exit).toBe(0);
    const again = await tminus('init', 'shop', '--json');
    expect(again.exit).toBe(2);
    expect(json(again.stderr.trim().split('\n').at(-1) ?? '')).toMatchObject({ error: { code: 'output_exists' } });
    const key = await tminus('key', 'create', 'alice', '--out', 'alice.pem', '--json');
    const { publicKey } = json(key.stdout);
    expect(statSync(join(directory, 'alice.pem')).mode & 0o777).toBe(0o600);
    expect((await tminus('key', 'create', 'alice', '--out', 'alice.pem')).exit).toBe(2);
    const { port } = server.address() as AddressInfo;
    const text = readFileSync(join(directory, 'launch.md'), 'utf8')
      .replace('{ name: Alice }', `{ name: Alice, key: "${String(publicKey)}" }`)
      .replace('url: "https://example.com"', `url: "http://127.0.0.1:${port}", allow: ["127.0.0.1:${port}"]`);
    writeFileSync(join(directory, 'launch.md'), text);
    commitAll(directory);
    expect((await tminus('lint')).exit).toBe(0);
  });

  it('a dry run asks nothing and writes nothing', async () => {
    const run = await tminus('check', '--dry-run');
    expect(run.exit).toBe(0);
    expect(run.stdout).toContain('would run   site-answers: never observed');
    expect(calls).toBe(0);
    expect((await tminus('evidence', 'list')).stdout).toContain('nothing is in the log yet');
  });

  it('F13 NO-GO shows the failing expectation, and exit 4', async () => {
    const check = await tminus('check');
    expect([check.exit, calls]).toEqual([4, 1]);
    expect(check.stdout).toContain('status == 200: expected == 200, got 503');
    const decide = await tminus('decide');
    expect(decide.exit).toBe(4);
    expect(decide.stdout).toMatch(/^NO-GO {2}gate "ready" of shop/u);
    expect(decide.stdout).toContain('Shortest way to GO: 2 actions');
  });

  it('D02 after the fix the old evidence is superseded and stays readable; exit 5 where only people are missing', async () => {
    status = 200;
    expect((await tminus('check')).exit).toBe(0);
    expect((await tminus('decide')).exit).toBe(5);
    const list = JSON.parse((await tminus('evidence', 'list', '--json')).stdout) as {
      id: string;
      entry: { supersedes: string; judgement: { outcome: string } };
    }[];
    expect(list.map(({ entry }) => entry.judgement.outcome)).toEqual(['fail', 'pass']);
    expect(list[1]?.entry.supersedes).toBe(list[0]?.id);
    const old = await tminus('evidence', 'show', list[0]?.id.slice(0, 8) ?? '', '--source', 'body');
    expect(old.stdout).toBe('hello');
  });

  it('law 2: naming a criterion that waits for a person is not a pass: exit 5, nothing is run', async () => {
    const run = await tminus('check', 'runbook-read');
    expect(run.exit).toBe(5);
    expect(run.stdout).toContain('waits for');
  });

  it('law 11: what is fresh is not asked again', async () => {
    const before = calls;
    const run = await tminus('check');
    expect([run.exit, calls]).toEqual([0, before]);
    expect(run.stdout).toContain('fresh');
  });

  it('D04 a word does not stand in for a check, and a stranger cannot sign', async () => {
    expect((await tminus('attest', 'site-answers', '--as', 'alice', '--key', 'alice.pem')).exit).toBe(2);
    expect((await tminus('attest', 'runbook-read', '--as', 'bob', '--key', 'alice.pem', '--comment', 'x')).exit).toBe(
      6,
    );
    await tminus('key', 'create', 'mallory', '--out', 'mallory.pem');
    const forged = await tminus('attest', 'runbook-read', '--as', 'alice', '--key', 'mallory.pem', '--comment', 'x');
    expect(forged.exit).toBe(6);
    expect(forged.stderr).toContain('sign with the key that the launch declares');
    expect((await tminus('decide')).exit).toBe(5);
  });

  it('F13 GO, exit 0, once the person has signed; the page says the same', async () => {
    expect(
      (await tminus('attest', 'runbook-read', '--as', 'alice', '--key', 'alice.pem', '--comment', 'read')).exit,
    ).toBe(0);
    const decide = await tminus('decide', 'ready', '--html', 'decision.html');
    expect(decide.exit).toBe(0);
    expect(decide.stdout).toMatch(/^GO {2}gate/u);
    expect(readFileSync(join(directory, 'decision.html'), 'utf8')).toContain('<span class="go">GO</span>');
  });

  it('T32 the bundle verifies; one flipped byte does not, and is named; a cut tail needs the checkpoint kept elsewhere', async () => {
    const exported = json((await tminus('evidence', 'export', '--out', 'bundle', '--json')).stdout);
    expect((await tminus('evidence', 'export', '--out', 'bundle')).exit).toBe(2);
    const verified = await tminus(
      'verify',
      'bundle',
      '--key',
      String(exported['logKey']),
      '--checkpoint',
      'bundle/checkpoint.txt',
    );
    expect(verified.stdout).toContain('VERIFIED: GO for gate ready');
    expect(verified.exit).toBe(0);
    cpSync(join(directory, 'bundle'), join(directory, 'forged'), { recursive: true });
    const file = join(directory, 'forged/decision.json');
    const bytes = readFileSync(file);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const forged = await tminus('verify', 'forged');
    expect(forged.exit).toBe(4);
    expect(forged.stdout).toContain('DOES NOT HOLD: decision.json');
  });

  it('D01 another commit is another candidate: its evidence is stale, never met', async () => {
    commitAll(directory);
    const decide = await tminus('decide');
    expect(decide.exit).not.toBe(0);
    expect(decide.stdout).toContain('stale');
    expect(decide.stdout).toContain('Shortest way to GO');
  });
});

describe('refusals of the command line', () => {
  it.each([
    [['--drry'], 2, 'unknown option'],
    [['chekc'], 2, 'Did you mean check?'],
    [['decide', 'ready', 'surplus'], 2, 'too many arguments'],
    [['decide', 'raedy'], 2, 'expected one gate'],
    [['check', 'nowhere'], 2, 'expected one of site-answers'],
    [['evidence', 'show', 'ffffffff'], 2, 'expected one entry'],
    [['verify', 'nowhere'], 2, 'nowhere'],
  ])('%j exits %d and says what to do', async (args, exit, text) => {
    const run = await tminus(...args);
    expect(run.exit).toBe(exit);
    expect(run.stderr).toContain(text);
  });

  it('a folder without a launch is named, with what to do', async () => {
    const empty = join(directory, 'empty');
    mkdirSync(empty);
    const run = await runTminus(empty, ['decide', '--json']);
    expect(run.exit).toBe(3);
    expect(json(run.stderr)).toMatchObject({ error: { code: 'launch_missing' } });
    expect(existsSync(join(empty, '.tminus'))).toBe(false);
  });

  it('prints a completion script for bash that knows the commands', async () => {
    const run = await tminus('completion', 'bash');
    expect(run.exit).toBe(0);
    expect(run.stdout).toContain('tminus');
    const words = await tminus('complete', '--', 'ev');
    expect(words.stdout).toContain('evidence');
  });
});
