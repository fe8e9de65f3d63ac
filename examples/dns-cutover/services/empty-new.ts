// Takes the imported members out of the new site again. Those who registered there stay.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const [environment = ''] = process.argv.slice(2);
const database = new DatabaseSync(join('data', environment, 'new.db'), { timeout: 5000 });
const { changes } = database.prepare("delete from members where joined_on = 'old'").run();
database.close();
process.stdout.write(`${changes} imported members taken out\n`);
