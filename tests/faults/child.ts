import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { FaultOrder, FromParent, ToParent } from './fault-messages.ts';

/** A process of the tests that may die at any moment. */
export interface Child {
  pid: number;
  /** Null while it lives; then the signal or exit code that ended it. */
  ended(): string | null;
  exited: Promise<string>;
  ready: Promise<boolean>;
  /** What it says, as long as it lives. */
  onMessage(listen: (message: ToParent) => void): void;
  tell(message: FromParent): void;
  /** Asks, and returns the answer; null where it died before it gave one, or could not do it. */
  ask(message: FromParent & { id: number }): Promise<Extract<ToParent, { say: 'answer' }>['answer'] | null>;
  signal(signal: NodeJS.Signals): void;
  /** What it wrote to its standard error. */
  complaints(): string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How a process is started. */
export interface ChildOptions {
  /** Modules that it loads before its own, for engines with a planted bug. */
  imports?: readonly string[];
  /** A command that becomes the process, such as one that enters another network. */
  within?: readonly string[];
  nodeOptions?: readonly string[];
  env?: { [name: string]: string };
  /** Folder of the build that it is a process of; this one where it is left out. */
  build?: string;
}

/** Starts a process. */
export function startChild(
  order: FaultOrder,
  { imports = [], within = [], nodeOptions = [], env = {}, build = root }: ChildOptions = {},
): Child {
  const node = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    ...nodeOptions,
    ...imports.flatMap((file) => ['--import', file]),
  ];
  const [execPath, ...execArgv] = [...within, ...node];
  const child = fork(join(build, 'tests/faults/fault-process.ts'), [JSON.stringify(order)], {
    execPath: execPath!,
    execArgv,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.setMaxListeners(0);
  let complaints = '';
  child.stderr?.on('data', (piece: Buffer) => (complaints = (complaints + piece.toString()).slice(-4000)));
  let ended: string | null = null;
  const exited = new Promise<string>((resolve) => {
    child.on('exit', (code, signal) => resolve((ended = signal ?? String(code))));
  });
  child.on('error', () => undefined);
  const ready = new Promise<boolean>((resolve) => {
    child.on('message', (message: ToParent) => message.say === 'ready' && resolve(true));
    void exited.then(() => resolve(false));
  });
  return {
    pid: child.pid ?? 0,
    ended: () => ended,
    exited,
    ready,
    onMessage: (listen) => void child.on('message', listen),
    tell: (message) => tell(child, message),
    ask: (message) =>
      new Promise((resolve) => {
        const listen = (said: ToParent): void => {
          if (said.say === 'answer' && said.id === message.id) resolve(said.answer);
          if (said.say === 'failed' && said.id === message.id) resolve(null);
        };
        child.on('message', listen);
        void exited.then(() => resolve(null));
        tell(child, message);
      }),
    signal: (signal) => void child.kill(signal),
    complaints: () => complaints,
  };
}

function tell(child: ChildProcess, message: FromParent): void {
  if (child.connected) child.send(message, () => undefined);
}
