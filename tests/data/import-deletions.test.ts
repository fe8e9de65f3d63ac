import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { applyImport } from '../../src/engine/data/import/apply-import.ts';
import type { ImportResult } from '../../src/engine/data/import/apply-import.ts';
import { passWithoutApproval } from '../../src/engine/data/import/approve-import.ts';
import type { ImportSetting } from '../../src/engine/data/import/open-ground.ts';
import { planImport } from '../../src/engine/data/import/plan-import.ts';
import { rollBackImport } from '../../src/engine/data/import/roll-back.ts';
import type { UndoResult } from '../../src/engine/data/import/roll-back.ts';
import { readBatch } from '../../src/store/import-batch.ts';
import type { ImportBatch } from '../../src/store/import-batch.ts';
import { openImportStage } from './start-import.ts';
import type { ImportStage } from './start-import.ts';

const progress = (): void => undefined;
const declared = '  import: { deletions: apply, delta: { column: changed_at, overlap: 1h } }\n';
let stage: ImportStage;
let setting: ImportSetting;

const plan = (mode: 'full' | 'delta' = 'full', by = setting): Promise<ImportBatch> =>
  planImport(stage.store, by, { mode, requester: 'bob', progress });
const reread = async ({ id }: ImportBatch): Promise<ImportBatch> => (await readBatch(stage.store, id))!;
async function carryOut(batch: ImportBatch, by = setting): Promise<ImportResult> {
  await passWithoutApproval(stage.store, by, batch);
  return await applyImport(stage.store, by, { batch: await reread(batch), person: 'bob', progress });
}
const undo = async (batch: ImportBatch): Promise<UndoResult> =>
  rollBackImport(stage.store, setting, { batch: await reread(batch), person: 'bob', progress });
const rowsOf = (): Promise<unknown[][]> => stage.ask(stage.shop, 'select * from orders order by id');
const idsOf = async (): Promise<unknown[]> => (await rowsOf()).map(([id]) => id);

beforeAll(async () => {
  stage = await openImportStage(9);
});
afterAll(async () => await stage.drop());
beforeEach(async () => {
  await stage.ask(stage.shop, 'drop table if exists parts');
  await stage.ask(stage.shop, 'truncate orders');
  await stage.ask(stage.shop, 'drop table if exists tminus_import_ledger, tminus_import_pack, tminus_import_fence');
  await stage.ask(stage.legacy, 'truncate orders');
  await stage.ask(
    stage.legacy,
    `insert into orders select n, 'Customer ' || n, n, 'web', timestamp '2026-11-01' from generate_series(1, 9) n`,
  );
  setting = stage.setting({ terms: declared });
  await carryOut(await plan());
});

describe('records that are gone from the source', () => {
  it('D32 are counted, and stay where the dataset does not declare that they go', async () => {
    const silent = stage.setting();
    await stage.ask(stage.legacy, 'delete from orders where id in (2, 3)');
    const batch = await plan('full', silent);
    expect(batch.report).toMatchObject({ deletions: 2, gone: null });
    expect(await carryOut(batch, silent)).toMatchObject({ gone: null, verification: { outcome: 'pass' } });
    expect(await idsOf()).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    const delta = stage.setting({ terms: '  import: { delta: { column: changed_at, overlap: 1h } }\n' });
    await carryOut(await plan('full', delta), delta);
    expect((await plan('delta', delta)).report).toMatchObject({ deletions: null, gone: null });
  });

  it.each(['full', 'delta'] as const)(
    'D32 a %s import lists what it would delete, deletes what is as it was left, and taken back leaves every byte as before',
    async (mode) => {
      await stage.ask(stage.shop, `update orders set noted = 'by the shop' where id = 2`);
      await stage.ask(stage.shop, `update orders set customer = 'by hand' where id = 3`);
      await stage.ask(stage.shop, `delete from orders where id = 4`);
      await stage.ask(stage.legacy, 'delete from orders where id in (2, 3, 4, 5)');
      const before = await rowsOf();
      const batch = await plan(mode);
      expect(batch.report).toMatchObject({
        deletions: 4,
        gone: { counts: { deleted: 2, edited: 1, absent: 1 }, kept: 5, keys: ['2', '5'], takesAlong: [] },
      });
      expect(await rowsOf()).toEqual(before);
      expect(await carryOut(batch)).toMatchObject({
        gone: { deleted: 2, edited: 1, absent: 1 },
        verification: { outcome: 'pass' },
      });
      expect(await idsOf()).toEqual(['1', '3', '6', '7', '8', '9']);

      const again = await plan(mode);
      expect(again.report).toMatchObject({ deletions: 1, gone: { counts: { deleted: 0, edited: 1, absent: 0 } } });
      expect(await undo(batch)).toMatchObject({ counts: { restored: 2, edited: 0 } });
      expect(await rowsOf()).toEqual(before);
      expect((await plan(mode)).report.gone).toEqual(batch.report.gone);
    },
  );

  it('D31 a row that somebody made in the place of a deleted one stays when the import is taken back, and is named', async () => {
    await stage.ask(stage.legacy, 'delete from orders where id = 2');
    const batch = await plan();
    await carryOut(batch);
    await stage.ask(stage.shop, `insert into orders values (2, 'made by hand', 1, 'shop', null)`);
    expect(await undo(batch)).toMatchObject({ counts: { restored: 0, edited: 1 }, edited: ['2'] });
    expect((await rowsOf())[1]).toEqual(['2', 'made by hand', '1', 'shop', null]);
  });

  it('A4 a key that the dataset hides stands in no report of a deletion, and in none of what was taken back', async () => {
    const hiding = stage.setting({ terms: `${declared}  redact: [id]\n` });
    await stage.ask(stage.legacy, 'delete from orders where id in (2, 3)');
    const batch = await plan('full', hiding);
    expect(batch.report.gone).toMatchObject({ counts: { deleted: 2 }, keys: ['[redacted]', '[redacted]'] });
    await carryOut(batch, hiding);
    await stage.ask(stage.shop, `insert into orders values (2, 'made by hand', 1, 'shop', null)`);
    const taken = await rollBackImport(stage.store, hiding, { batch: await reread(batch), person: 'bob', progress });
    expect(taken).toMatchObject({ counts: { restored: 1, edited: 1 }, edited: ['[redacted]'] });
  });

  it('D32 a record that comes back is inserted again', async () => {
    await stage.ask(stage.legacy, 'delete from orders where id = 2');
    await carryOut(await plan());
    await stage.ask(stage.legacy, `insert into orders values (2, 'Back', 1, 'web', '2026-11-02')`);
    expect(await carryOut(await plan('delta'))).toMatchObject({ counts: { inserted: 1 }, gone: { deleted: 0 } });
    expect((await rowsOf())[1]).toEqual(['2', 'Back', '100', 'legacy', null]);
  });

  it('D32 a source in which nothing is left is believed to have lost it: nothing is deleted', async () => {
    await stage.ask(stage.legacy, 'truncate orders');
    const batch = await plan('delta');
    expect(batch.report.gone).toMatchObject({ counts: { deleted: 9 }, kept: 0 });
    await expect(carryOut(batch)).rejects.toThrow(/everything that was imported is gone from the source/);
    expect(await idsOf()).toHaveLength(9);
  });

  it('D32 rows of other tables that would go along are counted, and nothing is deleted', async () => {
    await stage.ask(
      stage.shop,
      `create table parts (id bigint primary key, "order" bigint references orders (id) on delete cascade)`,
    );
    await stage.ask(stage.shop, 'insert into parts values (1, 2), (2, 2), (3, 1)');
    await stage.ask(stage.legacy, 'delete from orders where id = 2');
    const batch = await plan();
    expect(batch.report.gone?.takesAlong).toEqual([{ table: 'parts', column: 'order', rows: 2 }]);
    await expect(carryOut(batch)).rejects.toThrow(/would take along or empty 2 rows of parts by order/);
    expect(await idsOf()).toContain('2');
  });

  it('D06 more that is gone than the dry run showed is refused', async () => {
    await stage.ask(stage.legacy, 'delete from orders where id = 2');
    const batch = await plan('delta');
    await stage.ask(stage.legacy, 'delete from orders where id = 3');
    await expect(carryOut(batch)).rejects.toThrow(/has changed since the dry run/);
    expect(await idsOf()).toHaveLength(9);
  });
});
