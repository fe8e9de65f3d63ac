import { statSync } from 'node:fs';
import { join } from 'node:path';

import { ProductError } from '../core/error/product-error.ts';
import { loadPlan } from '../engine/load-plan.ts';
import { toScene } from '../engine/scene.ts';
import type { Scene } from '../engine/scene.ts';
import { makeFolder, replaceFile, toOutputError } from '../engine/write-file.ts';
import { pickAccount } from '../store/postgres/account.ts';
import { isDatabaseError, toStoreError } from '../store/database-error.ts';
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
  const plan = await loadPlan(toDirectory(shell, options), await shell.loadReaders());
  notePassedOver(shell.terminal, plan.skipped);
  const scene = await toScene(plan, options.environment ?? null);
  const store = await openStoreOf(shell, options);
  try {
    return await action({ scene, store });
  } catch (error) {
    throw isDatabaseError(error) ? toStoreError(error, 'database') : error;
  } finally {
    await store.close();
  }
}

/** Opens the store of the data directory; the folder keeps itself out of Git. */
export async function openStoreOf(shell: Shell, options: GlobalOptions): Promise<Store> {
  const dataDirectory = toDataDirectory(shell, options);
  makeDataDirectory(dataDirectory);
  return openStore({ dataDirectory, databaseUrl: shell.env['DATABASE_URL'] || null });
}

function makeDataDirectory(dataDirectory: string): void {
  const ignore = join(dataDirectory, '.gitignore');
  try {
    if (statSync(ignore, { throwIfNoEntry: false })) return;
    // Root's database runs as another account, which has to pass through; what is secret inside has modes of its own.
    makeFolder(dataDirectory, pickAccount() === null ? 0o700 : 0o711);
    replaceFile(ignore, '*\n');
  } catch (cause) {
    const error = toOutputError(dataDirectory, cause);
    if (error.code === 'disk_full') throw error;
    throw new ProductError('store_unavailable', `data directory ${error.message}`, {
      hint: 'name another folder with --data, or give the current user the right to write there',
      cause,
    });
  }
}
