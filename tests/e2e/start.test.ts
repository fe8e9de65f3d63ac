import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const launcher = join(root, 'scripts/tminus.mjs');
let folder: string;

// Long enough for a machine that is busy with everything else.
const limitMs = 120_000;

// Loaded before everything else in each Node process of a command: says which process it is in, and writes down what is loaded there.
const watcher = (file: string) => `
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
const say = (line) => appendFileSync(${JSON.stringify(file)}, line + '\\n');
say('process ' + process.pid);
registerHooks({ load: (url, context, next) => (say(url), next(url, context)) });
`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tminus-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Options of Node that load a piece of code before everything else. */
function toHook(code: string): string {
  return `--import=data:text/javascript,${encodeURIComponent(code)}`;
}

interface Started {
  exit: number | null;
  stdout: string;
  stderr: string;
  /** How many Node processes there were. */
  processes: number;
  /** Files and packages of the installation that were loaded, relative to its root; a package by its name. */
  loaded: string[];
}

/** Runs `tminus ARGS` by its launcher, as an installation has it on the PATH. */
function startWatched(args: readonly string[], cwd = folder): Started {
  const seen = join(folder, 'seen.txt');
  writeFileSync(seen, '');
  const { status, stdout, stderr } = spawnSync(process.execPath, [launcher, ...args], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', NODE_OPTIONS: toHook(watcher(seen)) },
    encoding: 'utf8',
  });
  const lines = readFileSync(seen, 'utf8').trim().split('\n');
  const base = `${pathToFileURL(root).href}/`;
  const ours = lines.filter((line) => line.startsWith(base)).map((line) => line.slice(base.length));
  const toName = (path: string): string => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path;
  return {
    exit: status,
    stdout,
    stderr,
    processes: lines.filter((line) => line.startsWith('process ')).length,
    loaded: [...new Set(ours.map(toName))].toSorted(),
  };
}

/** What every command loads: the tree of commands, its terminal and its errors. */
const tree =
  /^(?:scripts\/(?:tminus|run)\.mjs|src\/main\.ts|src\/cli\/[a-z-]+\.ts|src\/core\/(?:error|review)\/[a-z-]+\.ts|@bomb\.sh\/tab|@commander-js\/extra-typings|commander|picocolors)$/;

const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

describe('the start of a command', { timeout: limitMs }, () => {
  it.each([
    { args: ['--version'], exit: 0, says: version },
    { args: ['--help'], exit: 0, says: 'Usage: tminus' },
    { args: ['help', 'run'], exit: 0, says: 'Usage: tminus run' },
    { args: ['frobnicate'], exit: 2, says: "unknown command 'frobnicate'" },
    { args: ['run'], exit: 2, says: "required option '--as <person>' not specified" },
  ])('tminus $args loads the tree of commands and nothing that a command is made of', ({ args, exit, says }) => {
    const started = startWatched(args);
    expect(started.exit).toBe(exit);
    expect(started.stdout + started.stderr).toContain(says);
    expect(started.loaded).toContain('src/main.ts');
    expect(started.loaded.filter((name) => !tree.test(name))).toEqual([]);
  });

  it('lint reads documents without a database, a server or what observes', () => {
    writeFileSync(join(folder, 'notes.md'), '# Cutover\n\n- [ ] switch DNS\n');
    const { exit, stdout, loaded } = startWatched(['lint', 'notes.md']);
    expect(exit).toBe(0);
    expect(stdout).toContain('1 document');
    expect(loaded).toContain('src/cli/commands/lint.ts');
    const commands = loaded.filter((name) => name.startsWith('src/cli/commands/'));
    expect(commands).toEqual(['src/cli/commands/lint.ts']);
    expect(
      loaded.filter((name) => /^(?:kysely|pg|mysql2|fastify|better-auth|cockatiel|hyparquet)$/.test(name)),
    ).toEqual([]);
    expect(loaded.filter((name) => /^src\/(?:store|server|api)\/|\/observe\.ts$/.test(name))).toEqual([]);
  });

  it('is one process where Node is the right one already, with its exit code, its directory and a quiet stderr', () => {
    const { exit, stdout, stderr, processes } = startWatched(['init', 'shop']);
    expect({ exit, stderr, processes }).toEqual({ exit: 0, stderr: '', processes: 1 });
    expect(stdout).toContain('wrote launch.md');
    expect(readFileSync(join(folder, 'launch.md'), 'utf8')).toContain('id: shop');
    expect(startWatched(['init', 'shop']).exit).toBe(2);
  });

  it('tells a warning about what is deprecated, and none about what Node calls experimental', () => {
    const hook = toHook(`process.once('beforeExit', () => {
      process.emitWarning('brand new', 'ExperimentalWarning');
      process.emitWarning('of old', 'DeprecationWarning');
    });`);
    const { stdout, stderr } = spawnSync(process.execPath, [launcher, '--version'], {
      env: { ...process.env, NODE_OPTIONS: hook },
      encoding: 'utf8',
    });
    expect(stdout).toBe(`${version}\n`);
    expect(stderr).toContain('of old');
    expect(stderr).not.toContain('brand new');
  });

  it('gets the signals of its terminal itself: a second interrupt ends it with 130', async () => {
    const child = spawn(process.execPath, [launcher, '--version'], {
      env: { ...process.env, NODE_OPTIONS: toHook('setInterval(() => undefined, 60_000);') },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // A launcher that stays behind what it started would never end.
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(limitMs / 2) });
    await once(child.stdout, 'data');
    // What comes right behind the first is the same wish, so it is said until it is heard as a second one.
    const asking = setInterval(() => child.kill('SIGINT'), 100);
    try {
      expect(await ended).toEqual([130, null]);
    } finally {
      clearInterval(asking);
      child.kill('SIGKILL');
    }
  });
});
