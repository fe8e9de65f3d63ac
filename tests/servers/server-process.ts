import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ServerCommand {
  binary: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** Sent to stop it; it is killed two seconds later. */
  stopSignal?: NodeJS.Signals;
  /** True once the server answers; asked every 50 ms. Throwing means not yet. */
  isReady(): Promise<boolean>;
}

export interface ServerProcess {
  pid: number;
  stop(): Promise<void>;
}

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
    const kill = setTimeout(() => child.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(kill);
  };
  for (let round = 0; round < 600; round += 1) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) break;
    if (await command.isReady().catch(() => false)) return { pid: child.pid, stop };
    await pause(50);
  }
  await stop();
  throw new Error(`${command.binary} did not start - its last lines: ${output.join('').slice(-2000)}`);
}

/** A loopback port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port - expected an address of the loopback');
  return address.port;
}
