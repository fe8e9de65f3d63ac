// Writes down who registered on the new site, for the way back after the point of no return: these people exist nowhere else.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openMemberStore } from './member-store.ts';

const [environment = ''] = process.argv.slice(2);
const members = openMemberStore(join('data', environment, 'new.db')).all().filter(({ joinedOn }) => joinedOn === 'new');
mkdirSync(join('reports', environment), { recursive: true });
writeFileSync(join('reports', environment, 'registered-on-new.json'), `${JSON.stringify(members, null, 2)}\n`);
process.stdout.write(`${members.length} members registered on the new site\n`);
