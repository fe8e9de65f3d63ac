import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import type { AloneEnd, AloneOrder } from './act-alone.ts';

const script = fileURLToPath(new URL('act-alone.ts', import.meta.url));

/** Carries steps out in a process of their own, within a command that becomes it; returns how each ended. */
export async function actAlone(order: AloneOrder, within: readonly string[]): Promise<AloneEnd[]> {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', script, JSON.stringify(order)];
  const [program, ...args] = [...within, ...node];
  const child = spawn(program!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)));
  const [said, complaints, end] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (end !== 0) throw new Error(`process of a step: expected exit status 0, got ${String(end)}: ${complaints}`);
  return JSON.parse(said) as AloneEnd[];
}
