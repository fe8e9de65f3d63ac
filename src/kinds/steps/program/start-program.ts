import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

import { awaitEnd } from '../../await-end.ts';
import type { Ended } from '../../await-end.ts';
import { runMark } from '../../process-tree.ts';
import type { HandedSecrets } from '../../secrets/hand-to-process.ts';
import type { Tree } from './end-tree.ts';
import { toLimited } from './limit-program.ts';
import type { Program } from './program.ts';
import { toSandboxed } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';

/** Where a program starts, and what it gets besides what its step says. */
export interface Start {
  program: Program;
  workspace: string;
  /** Absolute, links resolved. */
  cwd: string;
  sandbox: Sandbox;
  secrets: HandedSecrets;
  variables: { readonly [name: string]: string };
}

/** A program that was asked to start. `tree` is complete only a moment later: bubblewrap tells its first process by a pipe. */
export interface Started {
  child: ChildProcess;
  tree(): Tree;
  ended: Promise<Ended>;
  closed: Promise<void>;
}

/** Variables that a program needs to find itself and its user's files; no other is inherited, so no secret of ours is. */
const inherited = ['PATH', 'HOME', 'LANG'];

/** Starts the program in a process group of its own with nothing inherited but what is named. */
export function startProgram(start: Start): Started {
  const { program, sandbox, secrets } = start;
  const mark = randomUUID();
  const isShutIn = sandbox.state === 'works';
  const limited = toLimited(program, isShutIn);
  const infoDescriptor = 3 + secrets.descriptors.length;
  const files = program.handover === 'file' ? [...secrets.paths.values()] : [];
  const [file, ...args] = isShutIn
    ? toSandboxed({ ...start, sandbox, network: program.network, files, infoDescriptor, argv: limited })
    : limited;
  const child = spawn(file!, args, {
    cwd: start.cwd,
    env: { ...toEnvironment(start), [runMark]: mark },
    stdio: [program.stdin === null ? 'ignore' : 'pipe', 'pipe', 'pipe', ...secrets.descriptors, 'pipe'],
    detached: true,
  });
  // Before all else: where no more files can be opened there are no streams, and an error that nobody listens to ends the worker.
  const ended = awaitEnd(child);
  // A program may end without having read what it was given.
  child.stdin?.on('error', () => undefined).end(program.stdin);
  const { stdio } = child as Partial<Pick<ChildProcess, 'stdio'>>;
  const first = readFirstProcess((stdio?.[infoDescriptor] ?? null) as Readable | null);
  return {
    child,
    tree: () => ({ pid: child.pid ?? -1, mark, init: isShutIn ? first() : null }),
    ended,
    closed: new Promise((resolve) => child.once('close', () => resolve())),
  };
}

function readFirstProcess(info: Readable | null): () => number | null {
  let text = '';
  info?.on('data', (chunk: Buffer) => (text += chunk.toString('latin1').slice(0, 1024))).on('error', () => undefined);
  return () => {
    const pid = Number(/"child-pid":\s*(\d+)/.exec(text)?.[1]);
    return Number.isInteger(pid) ? pid : null;
  };
}

function toEnvironment({ program, variables, secrets }: Start): { [name: string]: string } {
  const base = inherited.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]] as const],
  );
  return { ...Object.fromEntries(base), ...variables, ...program.env, ...secrets.environment };
}
