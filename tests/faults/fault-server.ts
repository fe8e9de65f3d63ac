import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Pool } from 'pg';

import { ignoreLostIdle } from '../../src/store/ignore-lost-idle.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openEmbedded } from '../../src/store/postgres/embedded.ts';
import type { FaultDatabase } from './place.ts';

/** A Postgres of its own for runs outside of vitest. */
export interface FaultServer {
  /** A fresh database with the schema of the store, or an empty one. */
  create(kind?: 'migrated' | 'empty'): Promise<FaultDatabase>;
  close(): Promise<void>;
}

const template = 'tminus_template';

/** Starts the server in a folder that goes away with it; `systemDirectories` has the programs, where they are not those of the package. */
export async function startFaultServer(systemDirectories: readonly string[] = []): Promise<FaultServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-faults-'));
  chmodSync(folder, 0o711);
  const server = await openEmbedded({
    dataDirectory: join(folder, 'data'),
    command: 'faults',
    waitMs: 0,
    ...(systemDirectories.length === 0 ? {} : { systemDirectories, packageDirectory: null }),
  });
  const admin = new Pool({ connectionString: server.url('postgres'), max: 1 });
  // It is ended right before the server, which tells whoever has not closed yet.
  ignoreLostIdle(admin);
  await admin.query(`create database ${template}`);
  const pool = new Pool({ connectionString: server.url(template), max: 1 });
  await migrate(pool);
  await pool.end();
  let count = 0;
  return {
    async create(kind = 'migrated') {
      const name = `place_${(count += 1)}`;
      await admin.query(
        `create database ${name} ${kind === 'migrated' ? `template ${template} strategy file_copy` : ''}`,
      );
      const dataDirectory = join(folder, name);
      mkdirSync(dataDirectory);
      return {
        url: server.url(name),
        dataDirectory,
        // Without force first, which waits for sessions that are just going: whoever forces them out makes errors of them.
        drop: async () =>
          void (await admin
            .query(`drop database ${name}`)
            .catch(() => admin.query(`drop database ${name} with (force)`))),
      };
    },
    async close() {
      await admin.end();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
