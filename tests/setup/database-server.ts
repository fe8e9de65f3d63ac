import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Pool } from 'pg';
import type { TestProject } from 'vitest/node';

import { migrate } from '../../src/store/migrate.ts';
import { openEmbedded } from '../../src/store/postgres/embedded.ts';
import type { EmbeddedServer } from '../../src/store/postgres/embedded.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Socket that answers with where the server of this run is; connecting starts the server if nobody did yet. */
    databaseServer: string;
  }
}

/** What the socket answers, as one line of JSON. */
export interface ServerAnswer {
  /** Connection string with the name of the template in the place of the database. */
  url?: string;
  directory?: string;
  error?: string;
}

export const templateName = 'tminus_template';

/**
 * vitest globalSetup: one Postgres for the whole run, started by the first test file that asks and stopped at the end.
 * Runs without database tests pay nothing for it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-'));
  // As root the server runs under another account, which has to pass through.
  chmodSync(folder, 0o711);
  let server: Promise<EmbeddedServer> | null = null;
  const listener = createServer((socket) => {
    socket.on('error', () => undefined);
    server ??= startServer(join(folder, 'data'));
    server.then(
      (started) =>
        socket.end(JSON.stringify({ url: started.url(templateName), directory: folder } satisfies ServerAnswer)),
      (error: unknown) => socket.end(JSON.stringify({ error: String(error) } satisfies ServerAnswer)),
    );
  });
  const path = join(folder, 'ask');
  await new Promise<void>((resolve) => listener.listen(path, resolve));
  project.provide('databaseServer', path);
  return async () => {
    listener.close();
    const started = await server?.catch(() => null);
    await started?.close();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function startServer(dataDirectory: string): Promise<EmbeddedServer> {
  const server = await openEmbedded({ dataDirectory, command: 'vitest', waitMs: 0 });
  try {
    await runOnce(server.url('postgres'), (pool) => pool.query(`create database ${templateName}`));
    await runOnce(server.url(templateName), (pool) => migrate(pool));
  } catch (error) {
    await server.close();
    throw error;
  }
  return server;
}

async function runOnce(url: string, work: (pool: Pool) => Promise<unknown>): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  try {
    await work(pool);
  } finally {
    await pool.end();
  }
}
