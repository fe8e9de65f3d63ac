import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SecretValue } from '../../../core/secret/secret-value.ts';
import { installDebianPackages } from '../../../../tests/servers/install-debian-packages.ts';
import { stepContext } from '../../../../tests/contract/step-context.ts';
import type { Surroundings } from '../../../../tests/contract/step-context.ts';
import { shSchema } from '../sh/schema.ts';
import type { Program } from './program.ts';
import { runProgram } from './run-program.ts';
import { findSandbox, trySandbox } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';

const installed = await installDebianPackages({ packages: ['bubblewrap'], programs: ['bwrap'] });
const sandbox = findSandbox();
const missing = sandbox.state === 'works' ? null : installed.state === 'missing' ? installed.reason : sandbox.reason;
const none: Sandbox = { state: 'absent', reason: 'the test took it away' };

const workspace = realpathSync(mkdtempSync(join(tmpdir(), 'tminus-program-')));
const other = realpathSync(mkdtempSync(join(tmpdir(), 'tminus-other-run-')));
beforeAll(() => {
  mkdirSync(join(workspace, '.tminus'));
  writeFileSync(join(workspace, '.tminus', 'store'), 'kept by the store');
  writeFileSync(join(other, 'file'), 'of another run');
});
afterAll(() => [workspace, other].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

async function run(
  script: string,
  { shut = sandbox, ...more }: Partial<Program> & { shut?: Sandbox } = {},
  surroundings: Surroundings = {},
) {
  const spec = shSchema.parse({ script: 'true' });
  const program = { ...spec, env: {}, stdin: null, argv: ['sh', '-c', script], ...more };
  const recorded = stepContext({ workspace, ...surroundings });
  const end = await runProgram(program, [], recorded.context, shut);
  return { end, logged: recorded.logged() };
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  const stat = readProc(pid, 'stat');
  return stat !== '' && !/\) Z /.test(stat);
}

/** How many processes of this machine have the text in their command line, seen from outside of any sandbox. */
function countWith(text: string): number {
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isAlive(Number(name)))
    .map((name) => readProc(Number(name), 'cmdline').replaceAll('\0', ' '));
  return lines.filter((line) => line.includes(text)).length;
}

describe.skipIf(missing !== null)(`A14 what a program in a sandbox cannot reach ${missing ?? ''}`, () => {
  it.each([
    ['/etc/shadow', () => 'cat /etc/shadow'],
    ["another run's files", () => `cat ${other}/file`],
    ['what the store keeps in the workspace', () => 'cat .tminus/store'],
    ['the memory of this process', () => `cat /proc/${process.pid}/maps`],
    ['the environment of this process', () => `cat /proc/${process.pid}/environ`],
    ['sockets of services', () => 'ls /run/* /var/run/*'],
    ['files of the home folder', () => `find ${homedir()} -maxdepth 1 -type f | grep -q .`],
    ['the system, to write to it', () => 'echo x > /usr/bin/tminus-was-here'],
    ['a mount', () => 'mount -t tmpfs none /mnt'],
  ])('A14 %s', async (_, attack) => {
    expect((await run(attack())).end).toMatchObject({ outcome: 'failed', facts: { sandbox: 'bubblewrap' } });
  });

  it('A14 (negative control) without the sandbox the same attacks succeed', async () => {
    expect((await run(`cat ${other}/file && cat .tminus/store`, { shut: none })).end.outcome).toBe('done');
    expect((await run(`cat /proc/${process.pid}/environ >/dev/null`, { shut: none })).end.outcome).toBe('done');
  });

  it('A14 what stands beside Node and beside the folders of PATH, where one of them is in a home folder', async () => {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'tminus-home-')));
    mkdirSync(join(home, 'bin'));
    for (const name of ['bin/node', 'key']) writeFileSync(join(home, name), 'x');
    const { execPath } = process;
    const { PATH } = process.env;
    try {
      process.execPath = join(home, 'bin', 'node');
      process.env['PATH'] = `${PATH}:${join(home, 'bin')}:${home}`;
      expect((await run(`cat ${home}/bin/node`)).end.outcome).toBe('done');
      expect((await run(`cat ${home}/key`)).end.outcome).toBe('failed');
    } finally {
      process.execPath = execPath;
      process.env['PATH'] = PATH;
      rmSync(home, { recursive: true, force: true });
    }
  });

  it.skipIf(!existsSync('/etc/ssl/private'))('A14 keys of the machine, also for root', async () => {
    expect((await run('grep -q "^tmpfs /etc/ssl/private " /proc/self/mounts')).end.outcome).toBe('done');
    expect((await run('ls -A /etc/ssl/private | grep -q .')).end.outcome).toBe('failed');
    expect((await run('ls /etc/ssl/certs | grep -q .')).end.outcome).toBe('done');
  });

  it('A14 with network: none no address can be reached, the metadata address and this machine included', async () => {
    const server = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const program = `require('net').connect(${port}, '127.0.0.1').on('data', () => process.exit(0)).on('error', () => process.exit(7))`;
    const argv = [process.execPath, '-e', program];
    expect((await run('', { argv })).end).toMatchObject({ outcome: 'done' });
    expect((await run('', { argv, network: 'none' })).end).toMatchObject({ outcome: 'failed', facts: { exit: 7 } });
    expect(
      (await run('', { argv: ['sh', '-c', 'cat /proc/net/route | grep -q .*00000000'], network: 'none' })).end.outcome,
    ).toBe('failed');
    await new Promise((resolve) => server.close(resolve));
  });

  it('A15 kill -1, ptrace and setuid reach nothing outside, and the workspace can still be written', async () => {
    const witness = spawnSync('sh', ['-c', 'sleep 130.5 >/dev/null 2>&1 & echo $!'], { encoding: 'utf8' });
    const pid = Number(witness.stdout.trim());
    await run('kill -9 -1');
    expect(isAlive(pid)).toBe(true);
    expect((await run(`kill -9 ${pid}`)).end.outcome).toBe('failed');
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
    expect(
      (await run('grep -q "NoNewPrivs:.1" /proc/self/status && grep -q "CapBnd:.0*$" /proc/self/status')).end.outcome,
    ).toBe('done');
    expect((await run('echo yes > written')).end.outcome).toBe('done');
    expect(readFileSync(join(workspace, 'written'), 'utf8')).toBe('yes\n');
  });

  it('A15 a fork bomb is ended, and nothing of it is left', async () => {
    const bomb = 'for i in $(seq 200); do sleep 77.125 & done; wait';
    const { end } = await run(bomb, { processes: 60 });
    expect(end.outcome).toBe('failed');
    expect(end.detail).toMatch(/expected at most 60 processes|fork|Resource/i);
    expect(countWith('sleep 77.125')).toBe(0);
  });

  it('F12 in a sandbox a daemon without environment and parent goes with the rest', async () => {
    const abort = new AbortController();
    const script = `trap '' TERM; (setsid env -i sh -c 'trap "" TERM; sleep 66.375' &) ; sleep 66.375`;
    const running = run(script, { grace: 300 }, { signal: abort.signal });
    await expect.poll(() => countWith('sleep 66.375'), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    abort.abort();
    const { end } = await running;
    expect(end.outcome).toBe('stopped');
    expect(countWith('sleep 66.375')).toBe(0);
  });

  it('F12 what traps SIGTERM in a sandbox has its grace, and only that', async () => {
    const abort = new AbortController();
    const script = `trap 'echo tidy > tidied; exit 0' TERM; touch trapped; sleep 400 & wait`;
    const running = run(script, { grace: 100_000 }, { signal: abort.signal });
    await expect.poll(() => existsSync(join(workspace, 'trapped')), { timeout: 60_000 }).toBe(true);
    const cancelledAt = performance.now();
    abort.abort();
    await running;
    expect(readFileSync(join(workspace, 'tidied'), 'utf8')).toBe('tidy\n');
    expect(performance.now() - cancelledAt).toBeLessThan(60_000);
  });
});

describe.each([sandbox, none])('secrets, with sandbox: $state', (shut) => {
  it.each(['descriptor', 'file'] as const)(
    'O06 by %s a program reads it from a path, and nothing is left of it',
    async (handover) => {
      const value = new SecretValue('api/key', new TextEncoder().encode('canary-5512'));
      const script = 'cat "$1" > kept; echo "$1" > path; test "$1" = "$TMINUS_SECRET_API_KEY"; cat "$1" | cmp - kept';
      const argv = ['sh', '-eu', '-c', script, 'sh', '{{ secret "api/key" }}'];
      const program = { ...shSchema.parse({ script: 'true', handover }), env: {}, stdin: null, argv };
      const end = await runProgram(program, [value], stepContext({ workspace }).context, shut);
      expect(end).toMatchObject({ outcome: 'done' });
      expect(readFileSync(join(workspace, 'kept'), 'utf8')).toBe('canary-5512');
      const path = readFileSync(join(workspace, 'path'), 'utf8').trim();
      // A descriptor has a number in every process: only a file could still be there.
      expect(handover === 'file' ? existsSync(path) : !path.startsWith('/dev/fd/')).toBe(false);
    },
  );

  it('O06 by environment only where that is asked for, and a last line that prints it is hidden', async () => {
    const value = (): SecretValue => new SecretValue('api/key', new TextEncoder().encode('canary-5512'));
    const argv = ['sh', '-c', 'echo "key $TMINUS_SECRET_API_KEY" >&2; exit 4'];
    const program = { ...shSchema.parse({ script: 'true', handover: 'environment' }), env: {}, stdin: null, argv };
    const end = await runProgram(program, [value()], stepContext({ workspace }).context, shut);
    expect(end).toMatchObject({ outcome: 'failed', detail: expect.stringContaining('key [secret api/key]') as string });
    const byPath = { ...program, handover: 'descriptor' as const };
    const told = await runProgram(byPath, [value()], stepContext({ workspace }).context, shut);
    expect(told.detail).toContain('key /dev/fd/3');
  });
});

describe('without a sandbox', () => {
  it('says so in log and facts, and refuses where a sandbox or no network is asked for', async () => {
    const { end, logged } = await run('true', { shut: none });
    expect(end.facts).toMatchObject({ sandbox: 'none', sandboxReason: none.reason });
    expect(logged).toContain(`runs without a sandbox: ${none.reason}`);
    for (const more of [{ sandbox: 'required' }, { network: 'none' }] as const) {
      expect((await run('touch ran-anyway', { ...more, shut: none })).end.outcome).toBe('failed');
    }
    expect(existsSync(join(workspace, 'ran-anyway'))).toBe(false);
  });

  it('tells why bubblewrap cannot be used', () => {
    expect(trySandbox(['/nowhere/bwrap'])).toEqual({ state: 'absent', reason: 'bubblewrap is not installed' });
    const broken = join(workspace, 'broken-bwrap');
    writeFileSync(broken, '#!/bin/sh\necho "no user namespaces" >&2\nexit 1\n', { mode: 0o755 });
    expect(trySandbox([broken])).toEqual({
      state: 'absent',
      reason: 'bubblewrap does not work here: no user namespaces',
    });
  });

  it('F12 a tree that ignores SIGTERM and daemonizes is gone within 5 s of the cancel', async () => {
    const abort = new AbortController();
    const script = `trap '' TERM; (setsid sh -c 'trap "" TERM; sleep 55.625' &) ; sleep 55.625`;
    const running = run(script, { shut: none, grace: 300 }, { signal: abort.signal });
    await expect.poll(() => countWith('sleep 55.625'), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
    const cancelledAt = performance.now();
    abort.abort();
    expect((await running).end.outcome).toBe('stopped');
    expect(performance.now() - cancelledAt).toBeLessThan(30_000);
    expect(countWith('sleep 55.625')).toBe(0);
  });
});

describe('limits', () => {
  it('A15 no file grows beyond its limit', async () => {
    const { end } = await run('head -c 3000000 /dev/zero > big', { fileSize: 1024 ** 2 });
    expect(end.outcome).toBe('failed');
    expect(readFileSync(join(workspace, 'big')).byteLength).toBeLessThanOrEqual(2 * 1024 ** 2);
  });

  it.skipIf(process.platform !== 'linux')('A15 memory is limited where that is asked for', async () => {
    const hungry = `x=$(head -c 300000000 /dev/zero | tr '\\0' y); echo \${#x}`;
    expect((await run(hungry, { memory: 64 * 1024 ** 2 })).end.outcome).toBe('failed');
  });

  it('F14 a child that aborts is a failure with its signal', async () => {
    const argv = [process.execPath, '-e', 'process.abort()'];
    const { end } = await run('', { argv });
    expect(end.outcome).toBe('failed');
    expect(end.detail).toMatch(/SIGABRT|exit status 134/);
  });

  it('F13 a flood of 1 GiB without a line break: log capped and marked, memory below 200 MB', async () => {
    const script = join(workspace, 'measure.mts');
    const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
    writeFileSync(
      script,
      `import { commandKind } from ${at('../command/kind.ts')};
       import { stepContext } from ${at('../../../../tests/contract/step-context.ts')};
       const read = commandKind.readSpec({ argv: ['head', '-c', '1073741824', '/dev/zero'], output: '1MiB' });
       let size = 0, text = '';
       const log = (stream, chunk) => { size += chunk.length; text = Buffer.from(chunk).toString('latin1').match(/bytes left out/)?.[0] ?? text; };
       const { context } = stepContext({ workspace: ${JSON.stringify(workspace)}, signal: AbortSignal.timeout(150000) });
       const end = await commandKind.run(read.spec, { ...context, log });
       console.log(JSON.stringify({ rss: process.resourceUsage().maxRSS * 1024, size, text, ...end.facts, outcome: end.outcome }));`,
    );
    // With little room for what is new: what is kept is measured, and not when a busy machine comes to throw away the rest.
    const { stdout } = spawnSync(process.execPath, ['--max-semi-space-size=1', script], {
      encoding: 'utf8',
      timeout: 170_000,
    });
    const seen = JSON.parse(stdout) as { rss: number; size: number };
    expect(seen).toMatchObject({ outcome: 'done', outBytes: 1024 ** 3, truncated: true, text: 'bytes left out' });
    expect(seen.size).toBeLessThan(1024 ** 2 + 200);
    expect(seen.rss).toBeLessThan(200e6);
  }, 200_000);
});
