import { Pool } from 'pg';

import { migrate, readMigrations } from '../../src/store/migrate.ts';

// Migrates the database in argv with the migrations of a folder; the test kills it inside the one that waits for a lock.
const [url = '', folder = ''] = process.argv.slice(2);
const pool = new Pool({ connectionString: url, application_name: 'migrating' });
await migrate(pool, readMigrations(folder));
process.stdout.write('migrated\n');
await pool.end();
