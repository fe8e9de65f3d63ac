import { getMigrations } from 'better-auth/db/migration';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toAuthOptions } from '../../src/engine/identity/auth-options.ts';
import { toIdentitySettings } from '../../src/engine/identity/identity-settings.ts';
import type { IdentityTables } from '../../src/engine/identity/identity-tables.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  // The library compares with the schema that comes first on the path.
  pool = new Pool({ connectionString: database.url, options: '-c search_path=identity' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** What the library would still change. */
async function wantedChanges(): Promise<string> {
  const dialect = new PostgresDialect({ pool });
  const db = new Kysely<IdentityTables>({ dialect });
  const settings = toIdentitySettings('https://launch.example.org');
  const { toBeCreated, toBeAdded, compileMigrations } = await getMigrations(
    toAuthOptions({ settings, secret: 'x'.repeat(64), db }),
  );
  return `${toBeCreated.length} ${toBeAdded.length} ${(await compileMigrations()).replaceAll(/[;\s]/g, '')}`;
}

describe('the schema of identity', () => {
  it('T25 is what the library wants: it has nothing to change', async () => {
    expect(await wantedChanges()).toBe('0 0 ');
  });

  it('T25 a column or a table that is missing would be seen', async () => {
    await pool.query('alter table identity.session drop column "strongAt"');
    expect(await wantedChanges()).toMatch(/^0 1 .*strongAt/);
    await pool.query('drop table identity.passkey');
    expect(await wantedChanges()).toMatch(/^1 1 .*passkey/);
  });
});
