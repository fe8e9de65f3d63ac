import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { buildVerifier } from '../../tools/build-verifier.ts';
import { newProductBundle } from './product-bundle.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-verify-'));
const good = newProductBundle(3, 2);
const nodeOnPath = spawnSync('node', ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? '';

beforeAll(async () => {
  writeFileSync(join(folder, 'tminus-verify.mjs'), await buildVerifier());
  writeFileSync(join(folder, 'checkpoint.txt'), good.checkpoint);
  writeBundleTo('good', good.files);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function writeBundleTo(name: string, files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), bytes);
  }
}

/** Runs the one file where nothing else is: no packages, no environment, and no right to write, to read elsewhere or to start anything. */
function run(args: string[], node = process.execPath): { status: number | null; stdout: string; stderr: string } {
  const locked = node === process.execPath ? ['--permission', `--allow-fs-read=${folder}`] : [];
  const options = { cwd: folder, env: { PATH: process.env['PATH'] }, encoding: 'utf8' } as const;
  return spawnSync(node, [...locked, join(folder, 'tminus-verify.mjs'), ...args], options);
}

describe('the one-file verifier, alone in a folder', () => {
  it('F13 verifies a bundle of the product, decision recomputed byte for byte, and exits 0', () => {
    const { status, stdout, stderr } = run(['good', '--key', good.logKey, '--checkpoint', 'checkpoint.txt']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('6 records judged again from their bytes');
    expect(stdout).toContain('equal byte for byte');
    expect(stdout).toContain('VERIFIED: GO for gate ready');
    expect(stdout).not.toContain('NOT CHECKED');
  });

  it('T32 names the file and the entry of one changed byte, and exits 4', () => {
    const text = Buffer.from(good.files.get('entries.jsonl') ?? []).toString();
    const changed = text
      .split('\n')
      .with(2, (text.split('\n')[2] ?? '').replace('"real"', '"reaL"'))
      .join('\n');
    writeBundleTo('bad', new Map([...good.files, ['entries.jsonl', Buffer.from(changed)]]));
    const { status, stdout } = run(['bad', '--json']);
    expect(status).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      verdict: 'does-not-hold',
      firstFault: { code: 'entry_changed', where: 'entries.jsonl entry 2' },
    });
  });

  it('A31 says that the tail was cut when the checkpoint kept elsewhere is larger', () => {
    const shorter = newProductBundle(2, 2);
    writeBundleTo('shorter', shorter.files);
    const { status, stdout } = run(['shorter', '--checkpoint', 'checkpoint.txt']);
    expect(status).toBe(4);
    expect(stdout).toContain('tail cut: the log had 7 entries when this checkpoint was taken, the bundle has 5');
  });

  it('refuses a key that is not the pinned one', () => {
    const { status, stdout } = run([
      'good',
      '--key',
      'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    ]);
    expect(status).toBe(4);
    expect(stdout).toContain('DOES NOT HOLD: log-key.txt');
  });

  it('says that a key which came along is trusted on first use', () => {
    expect(run(['good']).stdout).toContain('trusted on first use');
  });

  it('refuses a link inside the bundle instead of following it', () => {
    writeBundleTo('linked', good.files);
    rmSync(join(folder, 'linked', 'candidate.json'));
    symlinkSync(join(folder, 'good', 'candidate.json'), join(folder, 'linked', 'candidate.json'));
    const { status, stdout } = run(['linked']);
    expect(status).toBe(4);
    expect(stdout).toContain('candidate.json (not a regular file)');
  });

  it.each([
    ['no folder', [], 'expected one folder, got 0'],
    ['two folders', ['good', 'good'], 'expected one folder, got 2'],
    ['an unknown option', ['good', '--checkpiont', 'x'], 'checkpiont'],
    ['a folder that is not there', ['absent'], 'absent'],
    ['a checkpoint that is not there', ['good', '--checkpoint', 'absent'], 'absent'],
  ])('exits 2 for %s', (_, args, message) => {
    const { status, stdout, stderr } = run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('writes nothing', () => {
    expect(readdirSync(folder).toSorted()).toEqual([
      'bad',
      'checkpoint.txt',
      'good',
      'linked',
      'shorter',
      'tminus-verify.mjs',
    ]);
  });

  it('is built from the same sources to the same text, with imports of node: only', async () => {
    const built = readFileSync(join(folder, 'tminus-verify.mjs'), 'utf8');
    expect(await buildVerifier()).toBe(built);
    expect(built).not.toContain(process.cwd());
    expect(built).not.toMatch(/node:(net|http|https|dns|tls|child_process|worker_threads)/);
  });

  it.skipIf(nodeOnPath === '')(`runs on the Node of this machine's PATH (${nodeOnPath || 'none: skipped'})`, () => {
    expect(run(['good', '--key', good.logKey], 'node')).toMatchObject({ status: 0 });
  });
});
