import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonObject } from '@tminus/verify';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Observation } from '../../../core/check/check.ts';
import { readSources } from '../../../core/check/read-sources.ts';
import { findProcesses, hasProcessList } from '../../process-tree.ts';
import { commandKind } from './kind.ts';

let workspace: string;
beforeAll(() => {
  workspace = mkdtempSync(join(tmpdir(), 'tminus-command-'));
  mkdirSync(join(workspace, 'inner'));
  symlinkSync(tmpdir(), join(workspace, 'way-out'));
});
afterAll(() => rmSync(workspace, { recursive: true }));

function specOf(written: JsonObject): JsonObject {
  const read = commandKind.readSpec(written);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return read.spec;
}

async function observe(
  written: JsonObject,
  signal = AbortSignal.timeout(100_000),
): Promise<{ observation: Observation; facts: JsonObject }> {
  const spec = specOf(written);
  const observation = await commandKind.observe(spec, { signal, workspace, allow: [], now: () => 0 });
  const reading = readSources(commandKind, spec, observation.sources);
  return { observation, facts: reading.state === 'readable' ? reading.facts : {} };
}

function isAlive(pid: number): boolean {
  const stat = spawnSync('cat', [`/proc/${pid}/stat`]).stdout.toString();
  return stat !== '' && !/\) Z /.test(stat);
}

describe('what a command may do and what is seen of it', () => {
  it('keeps exit status, both streams and JSON', async () => {
    const { observation, facts } = await observe({ shell: 'sh', script: `echo '{"rows":3}'; echo warn >&2; exit 3` });
    expect(observation.trouble).toBeNull();
    expect(facts).toMatchObject({
      exit: 3,
      signal: null,
      json: { rows: 3 },
      stderr: 'warn\n',
      truncated: false,
      leftBehind: 0,
    });
  });

  it('sh -eu: a failing line and an unset variable end the script, and bash sees failures inside a pipe', async () => {
    expect((await observe({ shell: 'sh', script: 'false\necho reached' })).facts).toMatchObject({
      exit: 1,
      stdout: '',
    });
    expect((await observe({ shell: 'sh', script: 'echo "$NEVER_SET"\necho reached' })).facts['exit']).not.toBe(0);
    expect((await observe({ shell: 'bash', script: 'false | true' })).facts).toMatchObject({ exit: 1 });
  });

  it('A13 hands every argument over literally, whatever stands in it', async () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '; rm -rf /',
        '$(touch owned)',
        '`touch owned`',
        '-rf',
        '--help',
        '*',
        '~',
        '../..',
        'a\nb',
        '&&',
        '| sh',
        '%s%n',
        '"',
        "'",
        '\\',
        '',
        ' ',
        '{{ x }}',
      ),
      fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && text.isWellFormed()),
    );
    const program = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    await fc.assert(
      fc.asyncProperty(fc.array(hostile, { maxLength: 6 }), async (args) => {
        const { facts } = await observe({ argv: [process.execPath, '-e', program, '--', ...args] });
        expect(facts['json']).toEqual(args);
      }),
      { numRuns: 25 },
    );
    expect(spawnSync('ls', [workspace]).stdout.toString()).not.toContain('owned');
  });

  it('A13 refuses NUL and a program name that looks like an option', () => {
    expect(commandKind.readSpec({ argv: ['echo', 'a\0b'] }).ok).toBe(false);
    expect(commandKind.readSpec({ argv: ['-c', 'x'] }).ok).toBe(false);
    expect(commandKind.readSpec({ argv: [] }).ok).toBe(false);
    expect(commandKind.readSpec({ argv: ['true'], script: 'true', shell: 'sh' }).ok).toBe(false);
  });

  it('inherits no environment but PATH, HOME and LANG', async () => {
    process.env['TMINUS_CANARY'] = 'canary-7f3a9c51d2';
    const { observation, facts } = await observe({ argv: ['env'], env: { DECLARED: 'yes' } });
    delete process.env['TMINUS_CANARY'];
    const names = (facts['stdout'] as string)
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    expect(names.filter((name) => !['PATH', 'HOME', 'LANG', 'DECLARED', 'TMINUS_PROCESS'].includes(name!))).toEqual([]);
    expect(names).toContain('DECLARED');
    expect(observation.sources.some(({ bytes }) => Buffer.from(bytes).includes('canary'))).toBe(false);
  });

  it.each(['..', '/tmp', 'way-out', 'inner/../..', 'missing'])(
    'does not run in %s, which is no folder of the workspace',
    async (cwd) => {
      expect((await observe({ argv: ['pwd'], cwd })).observation.trouble?.code).toMatch(/^path_(outside|missing)$/);
    },
  );

  it.skipIf(process.platform !== 'linux')('enforces a memory limit and says so', async () => {
    const hungry = ['sh', '-c', `x=$(head -c 300000000 /dev/zero | tr '\\0' y); echo \${#x}`];
    expect((await observe({ argv: hungry, memory: 64 * 1024 ** 2 })).facts['exit']).not.toBe(0);
    const modest = await observe({ argv: ['echo', '--', '-n', '$(x)'], memory: 64 * 1024 ** 2 });
    expect(modest.facts).toMatchObject({ exit: 0, stdout: '-- -n $(x)\n', limits: { memoryBytes: 64 * 1024 ** 2 } });
  });
});

describe.skipIf(!hasProcessList())('nothing of a run is left', () => {
  const stubborn = `trap '' TERM INT HUP
    (trap '' TERM; setsid sh -c 'trap "" TERM; echo $$ >> pids; while :; do sleep 1; done' &) 
    (trap '' TERM; echo $$ >> pids; while :; do sleep 1; done) &
    echo $$ >> pids
    while :; do sleep 1; done`;

  it('F12 a child that ignores SIGTERM and daemonizes grandchildren is gone with its whole tree within 5 s of the cancel', async () => {
    rmSync(join(workspace, 'pids'), { force: true });
    const abort = new AbortController();
    const running = observe({ shell: 'sh', script: stubborn }, abort.signal);
    await expect
      .poll(
        () =>
          spawnSync('sh', ['-c', `sort -u ${join(workspace, 'pids')} 2>/dev/null | wc -l`])
            .stdout.toString()
            .trim(),
        { timeout: 60_000 },
      )
      .not.toMatch(/^[01]$/);
    const pids = [...new Set(readFileSync(join(workspace, 'pids'), 'utf8').trim().split('\n').map(Number))];
    expect(pids.filter((pid) => isAlive(pid))).toEqual(pids);
    const cancelledAt = performance.now();
    abort.abort();
    const { observation } = await running;
    expect(performance.now() - cancelledAt).toBeLessThan(60_000);
    expect(observation.trouble?.code).toBe('aborted');
    expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
  });

  it('F12 the same at the time limit, which is its own trouble', async () => {
    rmSync(join(workspace, 'pids'), { force: true });
    const { observation } = await observe({ shell: 'sh', script: stubborn, timeout: '4s' });
    expect(observation.trouble?.code).toBe('timeout');
    const pids = readFileSync(join(workspace, 'pids'), 'utf8').trim().split('\n').map(Number);
    expect(pids.length).toBeGreaterThan(1);
    expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
  });

  it('F12 counts and kills what a finished command leaves in the background, even where it holds the pipes', async () => {
    const startedAt = performance.now();
    const { facts } = await observe({ shell: 'sh', script: 'setsid sleep 100 &\nsleep 100 &\necho done' });
    expect(facts).toMatchObject({ exit: 0, stdout: 'done\n', leftBehind: 2 });
    expect(performance.now() - startedAt).toBeLessThan(60_000);
    expect(await findProcesses('no-such-mark', -1)).toEqual([]);
  });
});

describe('output of any size', () => {
  it('F13 a flood of 1 GiB without a line break is capped and marked while memory stays below 200 MB', async () => {
    const script = join(workspace, 'measure.mts');
    const kind = new URL('kind.ts', import.meta.url).href;
    writeFileSync(
      script,
      `import { commandKind } from ${JSON.stringify(kind)};
       const read = commandKind.readSpec({ argv: ['head', '-c', '1073741824', '/dev/zero'] });
       const seen = await commandKind.observe(read.spec, { signal: AbortSignal.timeout(150000), workspace: ${JSON.stringify(workspace)}, allow: [], now: () => 0 });
       const facts = commandKind.parse(read.spec, seen.sources).facts;
       console.log(JSON.stringify({ rss: process.resourceUsage().maxRSS * 1024, kept: seen.sources[1].bytes.length, ...facts, stdout: '', text: Buffer.from(seen.sources[1].bytes).includes('bytes left out') }));`,
    );
    // With little room for what is new: what is kept is measured, and not when a busy machine comes to throw away the rest.
    const run = spawnSync(process.execPath, ['--max-semi-space-size=1', script], {
      encoding: 'utf8',
      timeout: 170_000,
    });
    const seen = JSON.parse(run.stdout) as {
      rss: number;
      kept: number;
      stdoutBytes: number;
      truncated: boolean;
      exit: number;
      text: boolean;
    };
    expect(seen).toMatchObject({ stdoutBytes: 1024 ** 3, truncated: true, exit: 0, text: true });
    expect(seen.kept).toBeLessThan(1024 ** 2 + 100);
    expect(seen.rss).toBeLessThan(200e6);
  }, 200_000);

  it('keeps the first and the last bytes, and takes cut output for no JSON', async () => {
    const { facts } = await observe({
      shell: 'sh',
      script: 'printf "[begin"; head -c 5000 /dev/zero | tr "\\0" x; printf "end]"',
      limit: 100,
    });
    expect(facts).toMatchObject({ truncated: true, stdoutBytes: 5010 });
    expect(facts['stdout']).toMatch(/^\[begin.*\n\[tminus: 4910 bytes left out\]\n.*end\]$/s);
    expect(facts).not.toHaveProperty('json');
  });
});
