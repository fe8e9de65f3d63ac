import { setTimeout as pause } from 'node:timers/promises';

import type { RolloutStanding } from '../core/rollout/rollout-state.ts';
import { findBrokenEntry } from '../store/rollout-broken-entry.ts';
import { readShiftEntries } from '../store/rollout-entry.ts';
import { readShift } from '../store/rollout.ts';
import type { Shift } from '../store/rollout.ts';
import type { Store } from '../store/open-store.ts';
import type { CommandResult } from './command-result.ts';
import { toInertValue } from './inert.ts';
import { renderEntry, renderShift } from './render-shift.ts';
import type { Shell } from './shell.ts';

const everyMs = 200;

/** Tells what happens to a rollout, a line for each thing, until it ends, waits for a person or somebody interrupts. It goes on wherever workers are. */
export async function followShift(
  shell: Shell,
  store: Store,
  id: string,
  { json }: { json: boolean },
): Promise<CommandResult> {
  let after = 0;
  for (;;) {
    const shift = await readShift(store, id);
    if (shift === null) throw new Error(`rollout ${id}: expected it to be there, got none`);
    after = await tell(shell, store, { id, after, quiet: json });
    if (shift.endedAt !== null || isWaiting(shift) || shell.signal.aborted) return toResult(shell, store, shift);
    await pause(everyMs, undefined, { signal: shell.signal }).catch(() => undefined);
  }
}

/** Held with nothing left to be done: what follows is for people. */
function isWaiting({ stands, pending }: Shift): boolean {
  return stands === 'held' && pending.length === 0;
}

async function tell(
  { terminal }: Shell,
  store: Store,
  { id, after, quiet }: { id: string; after: number; quiet: boolean },
): Promise<number> {
  const entries = await readShiftEntries(store, id, { after });
  if (!quiet)
    for (const entry of toInertValue(entries))
      for (const line of renderEntry(entry, terminal.palette)) terminal.err(`${line}\n`);
  return entries.at(-1)?.number ?? after;
}

async function toResult({ terminal, signal }: Shell, store: Store, shift: Shift): Promise<CommandResult> {
  const broken = await findBrokenEntry(store, shift);
  const exit = broken !== null ? 1 : shift.endedAt === null && signal.aborted ? 130 : exits[shift.stands];
  const text = renderShift(shift, [], { broken, palette: terminal.palette });
  return { exit, json: { ...shift, broken }, text };
}

/** Of what ended; the others wait for people. */
const exits: { [Standing in RolloutStanding]: number } = {
  waiting: 5,
  moving: 5,
  watching: 5,
  held: 5,
  'going-back': 5,
  completed: 0,
  'rolled-back': 4,
  aborted: 4,
};
