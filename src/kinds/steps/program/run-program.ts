import { realpath, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

import type { JsonObject } from '@tminus/verify';

import type { SecretValue } from '../../../core/secret/secret-value.ts';
import { toSecretVariableName } from '../../../core/step/to-variable-name.ts';
import type { StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import type { Ended } from '../../await-end.ts';
import { resolveInWorkspace } from '../../checks/workspace-file.ts';
import { handToProcess } from '../../secrets/hand-to-process.ts';
import { hiderOf, toMissing } from '../open-templates.ts';
import { toDone, toFailed, toStopped } from '../step-outcome.ts';
import { fillProgram } from './fill-program.ts';
import { askToEnd, clear, kill, watchProcesses } from './end-tree.ts';
import { openLogs } from './log-output.ts';
import type { Program } from './program.ts';
import { findSandbox } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { startProgram } from './start-program.ts';
import type { Started } from './start-program.ts';

/**
 * Runs a program to its end and leaves nothing of it behind. Exit status 0 is `done`, everything else `failed` with the last lines. Arguments hold no
 * value of a secret: those come by the paths in their variables.
 */
export async function runProgram(
  program: Program,
  secrets: readonly SecretValue[],
  context: StepContext,
  sandbox: Sandbox = findSandbox(),
): Promise<StepOutcome> {
  if (context.signal.aborted) return toStopped('stopped before it began');
  const place = await findPlace(program, context.workspace);
  if (!place.ok) return toFailed(place.message);
  const refusal = refuseWithoutSandbox(program, sandbox);
  if (refusal !== null) return refusal;
  if (sandbox.state === 'absent') context.log('note', `runs without a sandbox: ${sandbox.reason}\n`);
  const hide = hiderOf(new Map(secrets.map((value) => [value.name, value.exposeText()])));
  const handed = await handToProcess(
    secrets.map((value) => ({ value, by: program.handover, variable: toSecretVariableName(value.name) })),
  );
  try {
    const filled = fillProgram(program, context.variables, handed.paths);
    if (!filled.ok) return toMissing(filled.missing);
    const { workspace, cwd } = place;
    const { variables } = context;
    const started = startProgram({ program: filled.program, workspace, cwd, sandbox, secrets: handed, variables });
    return await follow({ program, context, sandbox, started, hide });
  } catch (error) {
    // spawn itself refuses what no system could take, such as an argument list that is too long.
    return toFailed(hide(`${program.argv[0]}: could not be started: ${(error as Error).message}`));
  } finally {
    await handed.release();
  }
}

interface Attempt {
  program: Program;
  context: StepContext;
  sandbox: Sandbox;
  started: Started;
  hide: (text: string) => string;
}

async function follow(attempt: Attempt): Promise<StepOutcome> {
  const { program, context, started } = attempt;
  const logs = openLogs(program.output, context.log);
  const { stdout, stderr } = started.child;
  stdout?.on('data', (chunk: Buffer) => logs.out.add(chunk));
  stderr?.on('data', (chunk: Buffer) => logs.err.add(chunk));
  const { end, cause } = await untilEnd(attempt);
  const leftBehind = started.child.pid === undefined ? 0 : await clear(started.tree());
  // Nobody holds the pipes any more, so `close` follows at once; the limit is for systems that list no processes.
  await Promise.race([started.closed, sleep(500, undefined, { ref: false })]);
  stdout?.destroy();
  stderr?.destroy();
  return toOutcome(attempt, { end, cause, leftBehind, out: logs.out.finish(), err: logs.err.finish() });
}

type Cause = { by: 'itself' } | { by: 'signal' } | { by: 'processes'; count: number };

async function untilEnd({ program, context, started }: Attempt): Promise<{ end: Ended; cause: Cause }> {
  const over = new AbortController();
  const stop = new Promise<Cause>((resolve) => {
    context.signal.addEventListener('abort', () => resolve({ by: 'signal' }), { signal: over.signal });
    const onMore = (count: number): void => resolve({ by: 'processes', count });
    void watchProcesses(() => started.tree(), { limit: program.processes, signal: over.signal, onMore });
  });
  const ended = started.ended.then((end) => ({ end }));
  try {
    const first = await Promise.race([ended, stop]);
    if ('end' in first) return { end: first.end, cause: { by: 'itself' } };
    if (first.by === 'signal') await askToEnd(started.tree());
    const graceMs = first.by === 'signal' ? program.grace : 0;
    const polite = await Promise.race([ended, sleep(graceMs, null, { ref: false })]);
    if (polite === null) kill(started.tree());
    return { end: (polite ?? (await ended)).end, cause: first };
  } finally {
    over.abort();
  }
}

type Stream = ReturnType<ReturnType<typeof openLogs>['out']['finish']>;

interface Seen {
  end: Ended;
  cause: Cause;
  leftBehind: number;
  out: Stream;
  err: Stream;
}

function toOutcome({ program, sandbox, hide }: Attempt, { end, cause, leftBehind, out, err }: Seen): StepOutcome {
  const name = program.argv[0]!;
  const facts: JsonObject = {
    exit: end.exit,
    signal: end.signal,
    outBytes: out.bytes,
    errBytes: err.bytes,
    truncated: out.truncated || err.truncated,
    leftBehind,
    sandbox: sandbox.state === 'works' ? 'bubblewrap' : 'none',
    ...(sandbox.state === 'works' ? {} : { sandboxReason: sandbox.reason }),
  };
  if (cause.by === 'signal') return toStopped(`${name}: stopped, with ${describeEnd(end)}`, facts);
  if (cause.by === 'processes')
    return toFailed(
      `${name}: expected at most ${program.processes} processes, got ${cause.count}; all were killed`,
      facts,
    );
  if (end.exit === 0) return toDone(`${name}: exit status 0`, facts);
  const last = err.lastLines.trim() === '' ? out.lastLines : err.lastLines;
  return toFailed(
    hide(`${name}: expected exit status 0, got ${describeEnd(end)}${last === '' ? '' : `: ${last}`}`),
    facts,
  );
}

function describeEnd({ exit, signal, startError }: Ended): string {
  if (startError !== null) return `no start (${startError})`;
  return exit === null ? `signal ${signal}` : `exit status ${exit}`;
}

/** A sandbox that was asked for and is not there must not look as if it were. */
function refuseWithoutSandbox(program: Program, sandbox: Sandbox): StepOutcome | null {
  const wants = [
    ...(program.sandbox === 'required' ? ['sandbox: required'] : []),
    ...(program.network === 'none' ? ['network: none'] : []),
  ];
  if (sandbox.state === 'works' || wants.length === 0) return null;
  const facts = { sandbox: 'none', sandboxReason: sandbox.reason };
  return toFailed(`${wants.join(', ')}: expected a sandbox, got none: ${sandbox.reason}`, facts);
}

async function findPlace(
  { cwd }: Program,
  workspace: string,
): Promise<{ ok: true; workspace: string; cwd: string } | { ok: false; message: string }> {
  const found = await resolveInWorkspace(workspace, cwd);
  if (!found.ok) return { ok: false, message: found.trouble.message };
  if (!(await stat(found.path)).isDirectory()) return { ok: false, message: `${cwd}: expected a folder, got a file` };
  return { ok: true, workspace: await realpath(workspace), cwd: found.path };
}
