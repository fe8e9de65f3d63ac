// Compares both sites member by member and reports every difference; exit 0 only where there is none.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { openMemberStore } from './member-store.ts';

const [environment = ''] = process.argv.slice(2);
const open = (site: string): ReturnType<typeof openMemberStore> => openMemberStore(join('data', environment, `${site}.db`));
const [old, target] = [open('old').all(), open('new').all()];
const moved = new Map(target.map((member) => [member.id, member]));
const missing = old.filter(({ id }) => !moved.has(id)).map(({ id }) => id);
const changed = old.filter(({ id, name, email }) => moved.has(id) && (moved.get(id)?.name !== name || moved.get(id)?.email !== email)).map(({ id }) => id);
const known = new Set(old.map(({ id }) => id));
const unexplained = target.filter(({ id, joinedOn }) => !known.has(id) && joinedOn !== 'new').map(({ id }) => id);
const report = { old: old.length, new: target.length, missing, changed, unexplained };
mkdirSync(join('reports', environment), { recursive: true });
writeFileSync(join('reports', environment, 'reconcile.json'), `${JSON.stringify(report, null, 2)}\n`);
const differences = missing.length + changed.length + unexplained.length;
process.stdout.write(`${old.length} members on the old site, ${target.length} on the new one, ${differences} differences\n`);
process.exitCode = differences === 0 && old.length > 0 ? 0 : 1;
