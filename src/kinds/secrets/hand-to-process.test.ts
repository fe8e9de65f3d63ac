import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { existsSync, fstatSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { SecretValue } from '../../core/secret/secret-value.ts';
import { handToProcess } from './hand-to-process.ts';
import type { Handover } from './hand-to-process.ts';
import { openUnlinked } from './private-copy.ts';

const canary = 'canary-handed-6b20d9f3';
const isLinux = process.platform === 'linux';

function secret(name: string, text = `${canary}-${name}`): SecretValue {
  return new SecretValue(name, Buffer.from(text));
}

/** Runs a shell with what was handed over; paths are its arguments. */
async function run(script: string, handovers: Handover[]): Promise<{ out: string; cmdline: string; environ: string }> {
  await using handed = await handToProcess(handovers);
  // The shell waits for its input, so that it can be looked at while it lives.
  const child = spawn('/bin/sh', ['-c', `${script}; read wait`, 'sh', ...handed.paths.values()], {
    env: { PATH: process.env['PATH'], ...handed.environment },
    stdio: ['pipe', 'pipe', 'inherit', ...handed.descriptors],
  }) as ChildProcessByStdio<Writable, Readable, null>;
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  const look = (file: string): string => (isLinux ? readFileSync(`/proc/${child.pid}/${file}`, 'latin1') : '');
  const seen = { cmdline: look('cmdline'), environ: look('environ') };
  child.stdin.end('\n');
  await new Promise((resolve) => child.once('close', resolve));
  return { out: Buffer.concat(chunks).toString(), ...seen };
}

/** Null where nothing is open under this number; it may be given to something else at once. */
function inodeOf(descriptor: number): number | null {
  try {
    return fstatSync(descriptor).ino;
  } catch {
    return null;
  }
}

/** What is there now of this sort and was not before; tests beside this one have secrets for a while, too. */
async function newSince(before: readonly string[]): Promise<string[]> {
  const suspects = leftBehind().filter((name) => !before.includes(name));
  const isThere = (): string[] => leftBehind().filter((name) => suspects.includes(name));
  for (let tries = 0; tries < 600 && isThere().length > 0; tries += 1) await pause(100);
  return isThere();
}

function leftBehind(): string[] {
  return ['/dev/shm', tmpdir()]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith('tminus-secret-')));
}

describe('handing secrets to a program', () => {
  it('S3 by descriptor: read by path, again and by several readers, and never in arguments or environment', async () => {
    const handovers: Handover[] = ['one', 'two'].map((name) => ({
      value: secret(name),
      by: 'descriptor',
      variable: `${name.toUpperCase()}_FILE`,
    }));
    const { out, cmdline, environ } = await run('cat "$1" "$2" "$ONE_FILE"; cat <&3; echo', handovers);
    expect(out.trim()).toBe([`${canary}-one`, `${canary}-two`, `${canary}-one`, `${canary}-one`].join(''));
    expect(cmdline + environ).not.toContain('canary');
    expect(cmdline).toContain(isLinux ? '/dev/fd/3' : '');
  });

  it('S3 by file: of mode 0600 in a folder of mode 0700, gone after the release', async () => {
    const handed = await handToProcess([{ value: secret('key'), by: 'file', variable: null }]);
    const path = handed.paths.get('key')!;
    expect(readFileSync(path, 'utf8')).toBe(`${canary}-key`);
    expect([statSync(path).mode & 0o777, statSync(dirname(path)).mode & 0o777]).toEqual([0o600, 0o700]);
    await handed.release();
    expect(existsSync(path)).toBe(false);
    await handed.release();
    const { out, cmdline, environ } = await run('cat "$1"; echo', [
      { value: secret('key'), by: 'file', variable: 'KEY_FILE' },
    ]);
    expect(out.trim()).toBe(`${canary}-key`);
    expect(cmdline + environ).not.toContain('canary');
  });

  it.skipIf(!isLinux)(
    'S3 (negative control) by environment, for who asks for it: the same search finds it there',
    async () => {
      const { out, cmdline, environ } = await run('echo "$KEY"', [
        { value: secret('key'), by: 'environment', variable: 'KEY' },
      ]);
      expect(out.trim()).toBe(`${canary}-key`);
      expect(environ).toContain(canary);
      expect(cmdline).not.toContain(canary);
    },
  );

  it.skipIf(!isLinux)('S3 a descriptor has no name on any disk, before, during and after', async () => {
    const before = leftBehind();
    await using handed = await handToProcess([{ value: secret('key'), by: 'descriptor', variable: null }]);
    expect(readlinkSync(`/proc/self/fd/${handed.descriptors[0]}`)).toMatch(/\(deleted\)$/);
    expect(await newSince(before)).toEqual([]);
  });

  it('S3 closes its descriptors on release', async () => {
    const handed = await handToProcess([{ value: secret('key'), by: 'descriptor', variable: null }]);
    const [descriptor] = handed.descriptors;
    const { ino } = fstatSync(descriptor!);
    await handed.release();
    expect(inodeOf(descriptor!)).not.toBe(ino);
  });

  it('S3 hands large and binary secrets over whole, more than a pipe would hold', async () => {
    const bytes = Uint8Array.from({ length: 60_000 }, (_, index) => (index * 7919) % 256);
    for (const by of ['descriptor', 'file'] as const) {
      await using handed = await handToProcess([
        { value: new SecretValue('key', Uint8Array.from([...bytes, ...bytes])), by, variable: null },
      ]);
      const ran = spawnSync('/bin/cat', [handed.paths.get('key')!], {
        stdio: ['ignore', 'pipe', 'inherit', ...handed.descriptors],
      });
      expect(Buffer.compare(ran.stdout, Buffer.concat([bytes, bytes]))).toBe(0);
    }
  });

  it('S3 takes everything back where one handover fails', async () => {
    const before = leftBehind();
    const value = secret('key');
    await expect(
      handToProcess([
        { value, by: 'file', variable: null },
        { value, by: 'file', variable: null },
      ]),
    ).rejects.toThrow('expected one handover, got two');
    await expect(
      handToProcess([
        { value, by: 'file', variable: null },
        { value: secret('b'), by: 'environment', variable: null },
      ]),
    ).rejects.toThrow('name of a variable');
    expect(await newSince(before)).toEqual([]);
  });

  it('A13 names of secrets do not come into paths', async () => {
    await using handed = await handToProcess([{ value: secret('../../$(id)\n;rm'), by: 'file', variable: null }]);
    expect([...handed.paths.values()][0]).toMatch(/\/tminus-secret-[A-Za-z0-9]{6}\/value$/);
  });

  it('S3 (where the system has no nameless files) opens a file whose name is gone, and which programs read by path and number', async () => {
    const before = leftBehind();
    await using file = await openUnlinked(secret('key'));
    expect(await newSince(before)).toEqual([]);
    expect(file.fd).toBeGreaterThan(2);
    const ran = spawnSync('/bin/sh', ['-c', 'cat /dev/fd/3'], { stdio: ['ignore', 'pipe', 'inherit', file.fd] });
    expect(ran.stdout.toString()).toBe(`${canary}-key`);
  });
});
