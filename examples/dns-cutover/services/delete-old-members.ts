// Deletes the old site's database half a year after the move; refuses while one of its members is missing on the new site.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { openMemberStore } from './member-store.ts';

const [environment = ''] = process.argv.slice(2);
const path = join('data', environment, 'old.db');
if (existsSync(path)) {
  const [old, target] = [openMemberStore(path), openMemberStore(join('data', environment, 'new.db'))];
  const missing = old.all().filter(({ id }) => target.find(id) === null);
  if (missing.length > 0) throw new Error(`${path}: expected every member on the new site, got ${missing.length} who are not`);
  old.close();
}
rmSync(path, { force: true });
process.stdout.write(`${path} is gone\n`);
