import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { dumpSchema } from '../src/store/dump-schema.ts';
import { openStore } from '../src/store/open-store.ts';

// Writes src/store/schema.sql from a freshly migrated database; with --check it only says whether the file is still true.
const file = fileURLToPath(new URL('../src/store/schema.sql', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tminus-schema-'));
chmodSync(folder, 0o711);
try {
  const store = await openStore({ dataDirectory: join(folder, 'data'), command: 'dump-schema' });
  const schema = await dumpSchema(store.database.pool);
  await store.close();
  if (!process.argv.includes('--check')) writeFileSync(file, schema);
  else if (readFileSync(file, 'utf8') !== schema) {
    console.error(
      'src/store/schema.sql: expected what the migrations make, got an older state; run tools/dump-schema.ts and review the difference',
    );
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
