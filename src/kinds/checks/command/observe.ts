import { stat } from 'node:fs/promises';

import type { JsonObject, Trouble } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../../core/check/check.ts';
import { runProcess } from '../run-process.ts';
import type { ProcessEnd } from '../run-process.ts';
import { resolveInWorkspace } from '../workspace-file.ts';
import { toRunSources } from './reader.ts';
import type { Run } from './run.ts';
import type { CommandSpec } from './schema.ts';

/** Variables that a program needs to find itself and its user's files; no other is inherited, so no secret of ours is. */
const inherited = ['PATH', 'HOME', 'LANG'];

/** Runs the program and waits for its end, its time limit or a cancellation; nothing that it started is left running. */
export async function observeCommand(written: JsonObject, context: ObserveContext): Promise<Observation> {
  const spec = written as unknown as CommandSpec;
  const cwd = await resolveInWorkspace(context.workspace, spec.cwd);
  if (!cwd.ok) return { sources: [], trouble: cwd.trouble };
  if (!(await stat(cwd.path)).isDirectory()) return inTrouble('path_missing', `${spec.cwd}: expected a folder`);
  const argv = toArgv(spec);
  const limited = spec.memory === null ? argv : await limitMemory(argv, spec.memory, context.signal);
  if (limited === null)
    return inTrouble(
      'limit_unavailable',
      `memory: expected a system that can limit it to ${spec.memory} bytes, got one that cannot`,
    );
  try {
    const end = await runProcess({
      argv: limited,
      cwd: cwd.path,
      env: toEnvironment(spec),
      timeoutMs: spec.timeout,
      limit: spec.limit,
      signal: context.signal,
    });
    return toObservation(spec, argv, end);
  } catch (error) {
    // spawn itself refuses what no system could take, such as an argument list that is too long.
    return inTrouble('command_refused', `${argv[0]}: ${(error as Error).message}`);
  }
}

function toArgv(spec: CommandSpec): string[] {
  if (spec.argv !== null) return spec.argv;
  return spec.shell === 'bash'
    ? ['bash', '-eu', '-o', 'pipefail', '-c', spec.script!, 'bash']
    : ['sh', '-eu', '-c', spec.script!, 'sh'];
}

/**
 * The same program behind `ulimit -v`, or null where the shell cannot set it. It is tried first, because a limit that was asked for
 * and is not there must not look as if it were.
 */
async function limitMemory(argv: readonly string[], bytes: number, signal: AbortSignal): Promise<string[] | null> {
  const kibibytes = String(Math.floor(bytes / 1024));
  const trial = ['sh', '-c', 'ulimit -v "$1"', 'sh', kibibytes];
  const env = toEnvironment({ env: {} });
  const tried = await runProcess({ argv: trial, cwd: '/', env, timeoutMs: 5000, limit: 1024, signal });
  if (tried.exit !== 0) return null;
  return ['sh', '-c', 'ulimit -v "$1" && shift && exec "$@"', 'sh', kibibytes, ...argv];
}

function toEnvironment(spec: Pick<CommandSpec, 'env'>): { [name: string]: string } {
  const base = inherited.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return { ...Object.fromEntries(base), ...spec.env };
}

function toObservation(spec: CommandSpec, argv: string[], end: ProcessEnd): Observation {
  const run: Run = {
    argv,
    cwd: spec.cwd,
    exit: end.exit,
    signal: end.signal,
    durationMs: end.durationMs,
    stdout: { total: end.stdout.total, truncated: end.stdout.truncated },
    stderr: { total: end.stderr.total, truncated: end.stderr.truncated },
    leftBehind: end.leftBehind,
    limits: { timeMs: spec.timeout, memoryBytes: spec.memory, outputBytes: spec.limit },
  };
  return { sources: toRunSources(run, end.stdout.bytes, end.stderr.bytes), trouble: toTrouble(argv[0]!, spec, end) };
}

function toTrouble(program: string, spec: CommandSpec, end: ProcessEnd): Trouble | null {
  if (end.stopped === 'timeout')
    return {
      code: 'timeout',
      message: `${program}: expected an end within ${spec.timeout} ms, got none; it was killed`,
    };
  if (end.stopped === 'aborted')
    return { code: 'aborted', message: `${program}: cancelled after ${end.durationMs} ms` };
  if (end.startError === 'ENOENT')
    return { code: 'command_missing', message: `${program}: expected a program of that name on PATH, got none` };
  return end.startError === null
    ? null
    : { code: 'command_refused', message: `${program}: could not be started: ${end.startError}` };
}

function inTrouble(code: string, message: string): Observation {
  return { sources: [], trouble: { code, message } };
}
