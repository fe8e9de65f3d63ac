// Copies every member of the old site to the new one, or to a database that is thrown away. Running it again changes nothing more.
import { join } from 'node:path';

import { openMemberStore } from './member-store.ts';

const [environment = '', into = 'new'] = process.argv.slice(2);
const folder = join('data', environment);
const old = openMemberStore(join(folder, 'old.db'));
const target = openMemberStore(into === 'rehearsal' ? ':memory:' : join(folder, 'new.db'));
const members = old.all();
const taken = members.filter(({ id }) => target.find(id)?.joinedOn === 'new');
// Somebody who registered on the new site is never overwritten by a number that the old site gave out as well.
target.together(() => members.filter((member) => !taken.includes(member)).forEach((member) => target.put(member)));
const lost = members.filter(({ id, email }) => target.find(id)?.email !== email);
process.stdout.write(`read ${members.length} members, ${members.length - lost.length} are in ${into}, ${lost.length} are not\n`);
// An old site without members is a wrong folder or a lost database, and no move that went well.
process.exitCode = members.length > 0 && lost.length === 0 ? 0 : 1;
