import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { makeFolder, removeFolder } from '../store/temporary-folder.ts';
import { startHeldTarget } from './held-target.ts';
import type { HeldTarget } from './held-target.ts';
import { launchDocument } from './hostile-documents.ts';
import { startTminus } from './start-tminus.ts';
import type { EndedRun } from './start-tminus.ts';

let target: HeldTarget;
let folder: string;

/** A launch of three checks: one that is done at once, one whose target holds its answer back, one with child processes. */
function launch(port: number): string {
  const text = `
- [ ] quick {#quick}

  \`\`\`sh
  echo done
  \`\`\`

- [ ] slow {#slow}

  \`\`\`http timeout=5m
  GET http://127.0.0.1:${port}/

  expect status == 200
  \`\`\`

- [ ] children {#children}

  \`\`\`sh timeout=5m
  sleep 1000 &
  echo $! $$ > children.txt
  wait
  \`\`\`
`;
  return launchDocument({ text }).replace('example" }', `example", allow: ["127.0.0.1:${port}"] }`);
}

beforeAll(async () => {
  target = await startHeldTarget();
});
afterAll(() => target.stop());
beforeEach(() => {
  folder = makeFolder();
  writeFileSync(join(folder, 'launch.md'), launch(target.port));
});
afterEach(() => {
  for (const pid of childPids()) kill(pid);
  kill(postmasterPid());
  target.hold();
  removeFolder(folder);
});

const start = (...args: string[]) => startTminus(folder, args);
const run = (...args: string[]): Promise<EndedRun> => start(...args).ended;
const listLog = async () => {
  const list = JSON.parse((await run('evidence', 'list', '--json')).stdout) as { entry: { criterion: string } }[];
  return list.map(({ entry }) => entry.criterion).toSorted();
};

function childPids(): number[] {
  const file = join(folder, 'children.txt');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(/\s+/u).map(Number) : [];
}

function postmasterPid(): number {
  const file = join(folder, '.tminus/postgres/data/postmaster.pid');
  return existsSync(file) ? Number.parseInt(readFileSync(file, 'utf8'), 10) : 0;
}

/** Whether a process lives; one that is dead and not yet reaped does not. */
function lives(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/u.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  if (pid > 1 && lives(pid)) process.kill(pid, 'SIGKILL');
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const deadline = performance.now() + 120_000; !holds(); await pause(20))
    if (performance.now() > deadline) throw new Error(`expected ${what} in two minutes`);
}

// Processes are looked up in /proc.
describe.skipIf(process.platform !== 'linux')('a command that is at work', () => {
  it('F15 shares its database with another command; F4 an interrupt ends it in order, with all that it started', async () => {
    const holder = start('check');
    await until(() => childPids().length === 2 && holder.stderrSoFar().includes('pass quick'), 'checks under way');
    const server = postmasterPid();
    expect([...childPids(), server].map(lives)).toEqual([true, true, true]);

    expect(await listLog()).toEqual(['quick']);
    expect(postmasterPid()).toBe(server);
    expect(lives(server)).toBe(true);

    const children = childPids();
    holder.process.kill('SIGINT');
    const ended = await holder.ended;
    expect(ended.exit).toBe(130);
    expect(ended.stderr).toMatch(/error .*interrupted.*\nhint {2}run the same command again/u);
    expect([...children, server].map(lives)).toEqual([false, false, false]);
    expect(await listLog()).toEqual(['quick']);
  }, 180_000);

  it('F15 two commands check side by side, and both seal what they saw', async () => {
    writeFileSync(join(folder, 'launch.md'), launch(target.port).replace('sleep 1000 &', 'sleep 0.1 &'));
    const first = start('check', 'slow', 'children');
    await until(() => childPids().length === 2, 'checks under way');
    expect((await run('check', 'quick')).exit).toBe(0);
    expect(first.process.exitCode).toBeNull();
    target.release();
    expect((await first.ended).exit).toBe(0);
    expect(await listLog()).toEqual(['children', 'quick', 'slow']);
  }, 180_000);

  it('F3 F19 may be killed: the next one adopts its database, and what was sealed is there', async () => {
    const holder = start('check');
    await until(() => childPids().length === 2 && holder.stderrSoFar().includes('pass quick'), 'checks under way');
    const server = postmasterPid();
    holder.process.kill('SIGKILL');
    expect((await holder.ended).signal).toBe('SIGKILL');
    expect(lives(server)).toBe(true);
    expect(await listLog()).toEqual(['quick']);
    expect(lives(server)).toBe(false);
    expect(readFileSync(join(folder, '.tminus/postgres.log'), 'utf8')).not.toContain('not properly shut down');
    for (const pid of childPids()) kill(pid);
    target.release();
    writeFileSync(join(folder, 'launch.md'), launch(target.port).replace('sleep 1000 &', 'sleep 0.1 &'));
    expect((await run('check')).exit).toBe(0);
    expect(await listLog()).toEqual(['children', 'quick', 'quick', 'slow']);
    expect((await run('doctor')).exit).toBe(0);
  }, 180_000);

  it('F3 may be killed with its database: the next one recovers it', async () => {
    const holder = start('check');
    await until(() => childPids().length === 2 && holder.stderrSoFar().includes('pass quick'), 'checks under way');
    const server = postmasterPid();
    for (const pid of [holder.process.pid ?? 0, server]) process.kill(pid, 'SIGKILL');
    await holder.ended;
    expect(await listLog()).toEqual(['quick']);
    expect((await run('doctor')).exit).toBe(0);
  }, 180_000);

  it('F19 may lose its database under way: it is brought back, and every check lands once', async () => {
    writeFileSync(join(folder, 'launch.md'), launch(target.port).replace('sleep 1000 &', 'sleep 0.1 &'));
    const holder = start('check');
    await target.asked(1);
    await until(() => holder.stderrSoFar().includes('pass quick'), 'the first check');
    process.kill(postmasterPid(), 'SIGKILL');
    await pause(300);
    target.release();
    const ended = await holder.ended;
    expect([ended.exit, ended.stderr.includes('    at ')]).toEqual([0, false]);
    expect(await listLog()).toEqual(['children', 'quick', 'slow']);
    expect((await run('doctor')).exit).toBe(0);
  }, 180_000);
});

describe('a launch that is removed and made again at the same place', () => {
  it('begins anew and never finds the log of the one before', async () => {
    rmSync(join(folder, 'launch.md'));
    writeFileSync(join(folder, 'launch.md'), launch(target.port).replaceAll('1000', '0'));
    expect((await run('check', 'quick')).exit).toBe(0);
    expect(await listLog()).toEqual(['quick']);
    rmSync(join(folder, '.tminus'), { recursive: true });
    expect(await listLog()).toEqual([]);
  });
});
