import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { loadPlan } from '../engine/load-plan.ts';
import { toScene } from '../engine/scene.ts';
import type { Scene } from '../engine/scene.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/open-store.ts';
import type { CommandResult } from './command-result.ts';
import { toDataDirectory, toDirectory } from './global-options.ts';
import type { GlobalOptions } from './global-options.ts';
import { notePassedOver } from './note-passed-over.ts';
import type { Shell } from './shell.ts';

/** What most commands work on: the launch as Git has it now, and the store of what happened. */
export interface Session {
  scene: Scene;
  store: Store;
}

/** Reads the launch, opens the store, runs the action and closes the store again, whatever happens. */
export async function withSession(
  shell: Shell,
  options: GlobalOptions,
  action: (session: Session) => Promise<CommandResult>,
): Promise<CommandResult> {
  const plan = await loadPlan(toDirectory(shell, options), shell.kinds);
  notePassedOver(shell.terminal, plan.skipped);
  const scene = await toScene(plan, options.environment ?? null);
  const store = await openStoreOf(shell, options);
  try {
    return await action({ scene, store });
  } finally {
    await store.close();
  }
}

/** Opens the store of the data directory; the folder keeps itself out of Git. */
export async function openStoreOf(shell: Shell, options: GlobalOptions): Promise<Store> {
  const dataDirectory = toDataDirectory(shell, options);
  const ignore = join(dataDirectory, '.gitignore');
  if (!existsSync(ignore)) {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    writeFileSync(ignore, '*\n');
  }
  return openStore({ dataDirectory, databaseUrl: shell.env['DATABASE_URL'] ?? null });
}
