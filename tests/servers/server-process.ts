import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

export { findFreePort } from '../setup/find-free-port.ts';

export interface ServerCommand {
  binary: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Sent to stop it; it is killed `stopMs` later, two seconds where that is left out. */
  stopSignal?: NodeJS.Signals;
  stopMs?: number;
  /** True once the server answers; asked every 50 ms. Throwing means not yet. */
  isReady(): Promise<boolean>;
}

export interface ServerProcess {
  pid: number;
  stop(): Promise<void>;
  /** The last lines that it wrote. */
  said(): string;
}

/** Ends a start that hangs; a recovery on a busy machine takes its time. */
const readyMs = 180_000;

/** Starts a server of a test and returns once it answers; an early end is an error with the last lines that it wrote. */
export async function startServerProcess(command: ServerCommand): Promise<ServerProcess> {
  const child = spawn(command.binary, command.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: command.env ?? { PATH: process.env['PATH'] },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  child.on('error', (error) => output.push(String(error)));
  const killOnExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killOnExit);
  const stop = async (): Promise<void> => {
    process.off('exit', killOnExit);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(command.stopSignal ?? 'SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), command.stopMs ?? 2_000);
    await ended;
    clearTimeout(kill);
  };
  const said = (): string => output.join('').slice(-2000);
  for (const giveUp = performance.now() + readyMs; performance.now() < giveUp; await pause(50)) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break;
    if (await command.isReady().catch(() => false)) return { pid: child.pid, stop, said };
  }
  await stop();
  throw new Error(`${command.binary} did not start - its last lines: ${said()}`);
}
