// Deletes the old site's database half a year after the move; refuses while one of its members is missing on the new site.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { openMemberStore } from './member-store.ts';

const [environment = ''] = process.argv.slice(2);
const path = join('data', environment, 'old.db');
const newPath = join('data', environment, 'new.db');
// Without the new site this is another folder: that there is nothing to delete in it says nothing.
if (!existsSync(newPath)) throw new Error(`${newPath}: expected the members of the new site, got no file`);
if (existsSync(path)) {
  const [old, target] = [openMemberStore(path), openMemberStore(newPath)];
  // A number alone is no member: the new site may have given the same one to somebody who registered there.
  const missing = old.all().filter(({ id, joinedOn }) => target.find(id)?.joinedOn !== joinedOn);
  if (missing.length > 0) throw new Error(`${path}: expected every member on the new site, got ${missing.length} who are not`);
  old.close();
}
rmSync(path, { force: true });
process.stdout.write(`${path} is gone\n`);
