import mysql from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { SecretValue } from '../../src/core/secret/secret-value.ts';
import { applyImport } from '../../src/engine/data/import/apply-import.ts';
import type { ImportResult } from '../../src/engine/data/import/apply-import.ts';
import { passWithoutApproval } from '../../src/engine/data/import/approve-import.ts';
import type { ImportSetting } from '../../src/engine/data/import/open-ground.ts';
import { planImport } from '../../src/engine/data/import/plan-import.ts';
import { rollBackImport } from '../../src/engine/data/import/roll-back.ts';
import { mysqlKind } from '../../src/kinds/datastores/mysql/kind.ts';
import { readBatch } from '../../src/store/import-batch.ts';
import type { ImportBatch } from '../../src/store/import-batch.ts';
import { startMariaDb } from '../servers/start-mariadb.ts';
import { openImportStage } from './start-import.ts';
import type { ImportStage } from './start-import.ts';

const mariadb = await startMariaDb();
const missing = mariadb.state === 'missing' ? ` (skipped: ${mariadb.reason})` : '';
const progress = (): void => undefined;
let stage: ImportStage;
let setting: ImportSetting;

const ask = async (statement: string): Promise<unknown[][]> => {
  if (mariadb.state === 'missing') return [];
  const { host, port, user, password, database } = mariadb;
  const connection = await mysql.createConnection({ host, port, user, password, database, supportBigNumbers: true });
  const [rows] = await connection.query({ sql: statement, rowsAsArray: true });
  await connection.end();
  return rows as unknown[][];
};
const rowsOf = (): Promise<unknown[][]> => ask('select * from orders order by id');

beforeAll(async () => {
  stage = await openImportStage(250);
  const { openDatastore, ...own } = stage.setting({ terms: '  import: { deletions: apply }\n' });
  setting = {
    ...own,
    openDatastore: async (id, access, signal) => {
      if (id === 'legacy' || mariadb.state === 'missing') return await openDatastore(id, access, signal);
      const password = new SecretValue('database', Buffer.from(mariadb.password));
      const context = { signal, workspace: '.', allow: ['127.0.0.1'], forbidden: [], password, access, now: Date.now };
      return await mysqlKind.open(`mariadb://root@127.0.0.1:${mariadb.port}/shop`, {}, context);
    },
  };
  await ask(`create table orders (id bigint primary key, customer varchar(100) not null, total_cents bigint, channel varchar(20), noted varchar(40))
    default charset utf8mb4 collate utf8mb4_general_ci`);
});
afterAll(async () => {
  await stage.drop();
  if (mariadb.state === 'started') await mariadb.stop();
});

const plan = (): Promise<ImportBatch> => planImport(stage.store, setting, { mode: 'full', requester: 'bob', progress });
const reread = async ({ id }: ImportBatch): Promise<ImportBatch> => (await readBatch(stage.store, id))!;
async function carryOut(batch: ImportBatch): Promise<ImportResult> {
  await passWithoutApproval(stage.store, setting, batch);
  return await applyImport(stage.store, setting, { batch: await reread(batch), person: 'bob', progress });
}
const undo = async (batch: ImportBatch) =>
  rollBackImport(stage.store, setting, { batch: await reread(batch), person: 'bob', progress });

describe.skipIf(mariadb.state === 'missing')(`an import into MariaDB${missing}`, () => {
  it('D32 a dry run makes no table, the import accounts for every record, and a second one writes nothing', async () => {
    const first = await plan();
    expect(first.report).toMatchObject({ counts: { source: 250, inserted: 225, skipped: { 'fax-order': 25 } } });
    expect(await ask('show tables')).toEqual([['orders']]);
    expect(await carryOut(first)).toMatchObject({
      written: 225,
      verification: { outcome: 'pass', missing: 0, different: 0 },
    });
    expect((await rowsOf())[0]).toEqual([1, 'Customer 1', 125, 'legacy', null]);
    expect(await carryOut(await plan())).toMatchObject({ written: 0, counts: { unchanged: 225 } });
  });

  it('D31 D32 updates, a row that a person has edited, keys that differ by case alone, deletions, and all of it taken back', async () => {
    await stage.ask(stage.legacy, `update orders set name = 'CUSTOMER 1' where id = 1`);
    await stage.ask(stage.legacy, `update orders set total = 5 where id = 2`);
    await stage.ask(stage.legacy, `delete from orders where id in (3, 4)`);
    await ask(`update orders set customer = 'by hand' where id in (2, 4)`);
    await ask(`update orders set noted = 'by the shop' where id = 3`);
    const before = await rowsOf();
    const batch = await plan();
    expect(batch.report).toMatchObject({
      counts: { updated: 1, conflict: { edited: 1 }, unchanged: 221 },
      gone: { counts: { deleted: 1, edited: 1, absent: 0 }, keys: ['3'] },
    });
    expect(await carryOut(batch)).toMatchObject({
      written: 1,
      gone: { deleted: 1, edited: 1 },
      verification: { outcome: 'pass' },
    });
    const rows = await rowsOf();
    expect(rows[0]).toEqual([1, 'CUSTOMER 1', 125, 'legacy', null]);
    expect(rows.map(([id]) => id)).not.toContain(3);
    expect(await undo(batch)).toMatchObject({ counts: { restored: 2, edited: 0 } });
    expect(await rowsOf()).toEqual(before);
  });
});
