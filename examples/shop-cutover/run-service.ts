import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Programs of the example are TypeScript, which this Node runs as it is. */
export const flags = ['--disable-warning=ExperimentalWarning'];

/** Returns once the service says that it listens. */
export async function startService(program: string, settings: object): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...flags, program, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] });
  // Nothing may be left behind, also where nobody calls stop().
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const [first] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number | null];
  if (!(first instanceof Buffer)) throw new Error(`${program}: expected a service that listens, got exit ${String(first)}`);
  return child;
}

/** Ends a service, politely at first, and returns once it has gone; null is nothing to end. */
export async function stopService(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(kill);
}
