import type { Signed } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { ImportApproval } from '../../src/core/access/import-approval.ts';
import { skippedReportSha256 } from '../../src/core/dataset/import/import-report.ts';
import type { DatastoreSession } from '../../src/core/dataset/datastore-kind.ts';
import { applyImport } from '../../src/engine/data/import/apply-import.ts';
import type { ImportResult } from '../../src/engine/data/import/apply-import.ts';
import {
  keepImportApproval,
  passWithoutApproval,
  prepareImportApproval,
} from '../../src/engine/data/import/approve-import.ts';
import type { ImportStatement } from '../../src/engine/data/import/approve-import.ts';
import type { ImportSetting } from '../../src/engine/data/import/open-ground.ts';
import { planImport } from '../../src/engine/data/import/plan-import.ts';
import { rollBackImport } from '../../src/engine/data/import/roll-back.ts';
import { toPrepared } from '../../src/engine/sign/prepared.ts';
import { signPrepared, toSigner } from '../../src/engine/sign/signer.ts';
import { listMoves, readBatch, writeMove } from '../../src/store/import-batch.ts';
import type { ImportBatch } from '../../src/store/import-batch.ts';
import { openImportStage, privateKeyOf } from './start-import.ts';
import type { ImportStage } from './start-import.ts';

const progress = (): void => undefined;
let stage: ImportStage;
let first: ImportBatch;

const plan = (setting: ImportSetting, mode: 'full' | 'delta' = 'full'): Promise<ImportBatch> =>
  planImport(stage.store, setting, { mode, requester: 'bob', progress });
const reread = async ({ id }: ImportBatch): Promise<ImportBatch> => (await readBatch(stage.store, id))!;
async function importAll(setting: ImportSetting, batch: ImportBatch): Promise<ImportResult> {
  if (batch.state === 'planned') await passWithoutApproval(stage.store, setting, batch);
  return await applyImport(stage.store, setting, { batch: await reread(batch), person: 'bob', progress });
}
const shopRows = (): Promise<unknown[][]> => stage.ask(stage.shop, 'select * from orders order by id');
const writesOf = async (): Promise<unknown> =>
  (await stage.ask(stage.shop, `select xmin::text, xmax::text, id from orders order by id`)).concat(
    await stage.ask(stage.shop, `select xmin::text, xmax::text, source_key from tminus_import_ledger order by 3`),
  );

beforeAll(async () => {
  stage = await openImportStage(1000);
});

afterAll(async () => {
  await stage.drop();
});

describe('the import of a dataset', () => {
  it('D32 a dry run counts every record, and changes no byte', async () => {
    const before = await stage.ask(
      stage.shop,
      `select count(*) from pg_class where relname like 'tminus_import%' and relkind = 'r' and relnamespace = 'public'::regnamespace`,
    );
    first = await plan(stage.setting());
    expect(first.report).toMatchObject({
      counts: { source: 1000, inserted: 900, updated: 0, skipped: { 'fax-order': 100 }, invalid: {}, conflict: {} },
      account: { outcome: 'pass' },
      questions: [],
      effectsExecuted: 0,
    });
    expect(await shopRows()).toEqual([]);
    expect(
      await stage.ask(
        stage.shop,
        `select count(*) from pg_class where relname like 'tminus_import%' and relkind = 'r' and relnamespace = 'public'::regnamespace`,
      ),
    ).toEqual(before);
    expect(before).toEqual([['0']]);
  });

  it('D05 nothing is written before it was approved', async () => {
    await expect(applyImport(stage.store, stage.setting(), { batch: first, person: 'bob', progress })).rejects.toThrow(
      /approved/,
    );
    expect(await shopRows()).toEqual([]);
  });

  it('U5 law 7 every record is imported or skipped by reason, and what was written is read again', async () => {
    const result = await importAll(stage.setting(), first);
    expect(result).toMatchObject({
      counts: { source: 1000, inserted: 900, skipped: { 'fax-order': 100 } },
      account: { outcome: 'pass', missing: 0 },
      verification: { outcome: 'pass', missing: 0, different: 0 },
      written: 900,
    });
    expect((await shopRows())[0]).toEqual(['1', 'Customer 1', '125', 'legacy', null]);
    expect((await reread(first)).state).toBe('verified');
    expect((await listMoves(stage.store, first.id)).map(({ from, to }) => `${from} ${to}`)).toEqual([
      'planned approved',
      'approved applying',
      'applying applied',
      'applied verified',
    ]);
  });

  it('C13 law 11 running it again writes nothing', async () => {
    const before = await writesOf();
    const batch = await plan(stage.setting());
    const result = await importAll(stage.setting(), batch);
    expect(result.counts).toMatchObject({ inserted: 0, updated: 0, unchanged: 900, skipped: { 'fax-order': 100 } });
    expect(result.written).toBe(0);
    expect(await writesOf()).toEqual(before);
  });
});

describe('an import over what people do', () => {
  it('D32 a changed record is written over its own row, and never over what a person has edited', async () => {
    await stage.ask(stage.legacy, `update orders set total = total + 1 where id in (1, 2, 3)`);
    await stage.ask(stage.shop, `update orders set customer = 'by hand' where id = 2`);
    await stage.ask(stage.shop, `delete from orders where id = 3`);
    const batch = await plan(stage.setting());
    const result = await importAll(stage.setting(), batch);
    expect(result.counts).toMatchObject({ updated: 1, unchanged: 897, conflict: { deleted: 1, edited: 1 } });
    const rows = await shopRows();
    expect(rows[0]).toEqual(['1', 'Customer 1', '225', 'legacy', null]);
    expect(rows[1]).toEqual(['2', 'by hand', '225', 'legacy', null]);
    expect(rows.some(([id]) => id === '3')).toBe(false);
    await rollBackImport(stage.store, stage.setting(), { batch: await reread(batch), person: 'bob', progress });
    expect((await shopRows())[0]).toEqual(['1', 'Customer 1', '125', 'legacy', null]);
  });

  it('D32 a row that is there without a ledger is taken into it where it is as wanted, and is a conflict where it is not', async () => {
    await stage.ask(stage.legacy, `insert into orders values (2001, 'A', 1, 'web'), (2002, 'B', 2, 'web')`);
    await stage.ask(stage.shop, `insert into orders values (2001, 'A', 100, 'legacy'), (2002, 'other', 200, 'legacy')`);
    const batch = await plan(stage.setting());
    expect((await importAll(stage.setting(), batch)).counts).toMatchObject({ recovered: 1, conflict: { present: 1 } });
  });

  it('D06 a dry run that no longer is what would be done is refused', async () => {
    const batch = await plan(stage.setting());
    await passWithoutApproval(stage.store, stage.setting(), batch);
    await stage.ask(stage.legacy, `insert into orders values (3001, 'late', 1, 'web')`);
    await expect(importAll(stage.setting(), await reread(batch))).rejects.toThrow(
      /source has changed since the dry run/,
    );
    await stage.ask(stage.legacy, `delete from orders where id = 3001`);
  });

  it('D31 a batch is taken back to the row, and what people have edited since is named and stays', async () => {
    const before = await shopRows();
    await stage.ask(
      stage.legacy,
      `insert into orders select n, 'New ' || n, 1, 'web' from generate_series(4001, 4250) n`,
    );
    const batch = await plan(stage.setting());
    await importAll(stage.setting(), batch);
    await stage.ask(stage.shop, `update orders set noted = 'not ours' where id = 4002`);
    await stage.ask(stage.shop, `update orders set customer = 'by hand' where id = 4001`);
    const undone = await rollBackImport(stage.store, stage.setting(), {
      batch: await reread(batch),
      person: 'bob',
      progress,
    });
    expect(undone).toMatchObject({ counts: { deleted: 249, edited: 1, gone: 0 }, edited: ['4001'] });
    expect(await shopRows()).toEqual([...before, ['4001', 'by hand', '100', 'legacy', null]]);
    expect((await reread(batch)).state).toBe('rolled-back');
    await stage.ask(stage.shop, `delete from orders where id = 4001`);
    await stage.ask(stage.legacy, `delete from orders where id > 4000`);
  });
});

describe('an import that could lie', () => {
  /** A source that loses the record of one key while it is read, as a driver or a page of an API might. */
  function losing(session: DatastoreSession, key: string): DatastoreSession {
    async function* stream(query: Parameters<DatastoreSession['stream']>[0]): AsyncGenerator<Uint8Array> {
      for await (const bytes of session.stream(query))
        yield Buffer.from(
          Buffer.from(bytes)
            .toString()
            .split('\n')
            .filter((line) => !line.startsWith(`${key}\t`))
            .join('\n'),
        );
    }
    return { ...session, stream };
  }

  it('C07 law 7 a record that is lost on the way fails the dry run by its number', async () => {
    const setting = stage.setting();
    const openDatastore: ImportSetting['openDatastore'] = async (id, access, signal) => {
      const session = await setting.openDatastore(id, access, signal);
      return id === 'legacy' ? losing(session, '7') : session;
    };
    const batch = await plan({ ...setting, openDatastore });
    expect(batch.report.account).toMatchObject({ outcome: 'fail', missing: 1 });
    await expect(passWithoutApproval(stage.store, setting, batch)).rejects.toThrow(
      /expected 1002 accounted for, got 1001/,
    );
  });

  it('C08 a trigger that changes what was written is found', async () => {
    await stage.ask(stage.legacy, `insert into orders values (5001, 'x', 1, 'web')`);
    await stage.ask(
      stage.shop,
      `create function shout() returns trigger language plpgsql as $$ begin new.customer := upper(new.customer); return new; end $$`,
    );
    await stage.ask(stage.shop, `create trigger shout before insert on orders for each row execute function shout()`);
    const batch = await plan(stage.setting());
    const result = await importAll(stage.setting(), batch);
    expect(result.verification).toMatchObject({ outcome: 'fail', different: 1 });
    expect((await reread(batch)).state).toBe('applied');
    await stage.ask(stage.shop, `drop trigger shout on orders`);
    await rollBackImport(stage.store, stage.setting(), { batch: await reread(batch), person: 'bob', progress });
  });

  it('C08 a column of no map and no omit is asked about, and nothing is imported before it is answered', async () => {
    await stage.ask(stage.legacy, `alter table orders add column vat numeric`);
    const batch = await plan(stage.setting());
    expect(batch.report.questions).toMatchObject([{ column: 'vat', code: 'left-behind' }]);
    await expect(passWithoutApproval(stage.store, stage.setting(), batch)).rejects.toThrow(/column vat/);
    await stage.ask(stage.legacy, `alter table orders drop column vat`);
  });

  it('D31 two imports of one dataset at once: the second is refused and writes nothing', async () => {
    const batch = await plan(stage.setting());
    await passWithoutApproval(stage.store, stage.setting(), batch);
    const approved = await reread(batch);
    const applyTo = (setting: ImportSetting): Promise<ImportResult> =>
      applyImport(stage.store, setting, { batch: approved, person: 'bob', progress });
    // The first is in the middle of it for as long as the second asks.
    const [begun, refused] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const setting = stage.setting();
    const openDatastore: ImportSetting['openDatastore'] = async (id, access, signal) => {
      begun.resolve();
      await refused.promise;
      return setting.openDatastore(id, access, signal);
    };
    const applying = applyTo({ ...setting, openDatastore });
    await Promise.race([begun.promise, applying]);
    const second = await applyTo(setting).catch(String);
    refused.resolve();
    expect(second).toContain('expected nobody else to write to it, got a process that does');
    expect(await applying).toMatchObject({ verification: { outcome: 'pass' } });
  });

  it('D31 an invalid record is counted by what its column wants, without its value', async () => {
    await stage.ask(stage.legacy, `insert into orders values (6001, null, 1, 'web')`);
    const batch = await plan(stage.setting());
    expect(batch.report.counts.invalid).toEqual({ 'column customer: no value': 1 });
    await stage.ask(stage.legacy, `delete from orders where id = 6001`);
  });
});

describe('what an import rests on', () => {
  it('D05 in production each missing part is named, and nothing is approved or written', async () => {
    const setting = stage.setting({ environment: 'production' });
    const batch = await plan(setting);
    const wish = { batch, person: 'alice', comment: 'go' };
    const refused = await prepareImportApproval(stage.store, setting, wish).catch(String);
    for (const part of ['no backup', 'no rollback', 'no evidence of the export', 'no evidence of the restore'])
      expect(refused).toContain(part);
    await expect(passWithoutApproval(stage.store, setting, batch)).rejects.toThrow(/its target is production/);
    const own = await prepareImportApproval(stage.store, setting, { ...wish, person: 'bob' }).catch(String);
    expect(own).toContain('who asked for it does not approve it');
    await expect(applyImport(stage.store, setting, { batch, person: 'bob', progress })).rejects.toThrow(/approved/);
  });

  it('D05 R3 who asked signs a statement of their own making: it is neither kept nor, where it stands in the store, applied', async () => {
    const setting = stage.setting({ environment: 'production' });
    const batch = await plan(setting);
    const { binding, launch } = setting.scene;
    const none = { sha256: '', at: '' };
    const shown: ImportApproval = {
      target: { environment: 'production', system: 'shop' },
      backup: '',
      rollback: '',
      dryRunSha256: batch.reportSha256,
      skippedReportSha256: skippedReportSha256(batch.report),
      export: none,
      restore: none,
      approvedAt: batch.createdAt,
    };
    const sign = (person: 'alice' | 'bob', approval: ImportApproval): Signed<ImportStatement> => {
      const { id, dataset } = batch;
      const format = 'tminus/import-approval/1';
      const prepared = toPrepared({ format, ...binding, batch: id, dataset, person, comment: 'go', approval } as const);
      return signPrepared(prepared, toSigner(launch, person, privateKeyOf(person)));
    };
    const keep = (signed: Signed<ImportStatement>): Promise<unknown> =>
      keepImportApproval(stage.store, setting, { batch, signed }).catch(String);
    expect(await keep(sign('bob', shown))).toContain('who asked for it does not approve it');
    const proof = { sha256: 'ab'.repeat(32), at: batch.createdAt };
    const made: ImportApproval = { ...shown, backup: 's3://b', rollback: 'back', export: proof, restore: proof };
    expect(await keep(sign('alice', made))).toContain('it names something else than what is shown');
    expect(await keep(sign('alice', { ...shown, approvedAt: '2099-01-01T00:00:00Z' }))).toContain(
      'it is of no time since the dry run',
    );
    expect((await reread(batch)).state).toBe('planned');

    const move = { from: 'planned', to: 'approved', person: 'bob', detail: 'by hand' } as const;
    await writeMove(stage.store, batch.id, { ...move, write: { approval: sign('bob', made) } });
    const applied = applyImport(stage.store, setting, { batch: await reread(batch), person: 'bob', progress });
    await expect(applied).rejects.toThrow(/who asked for it does not approve it/);
  });

  it('D32 a delta reads what changed since the last import, and a commit that came late', async () => {
    const terms = '  import: { delta: { column: changed_at, overlap: 1h } }\n';
    const setting = stage.setting({ terms });
    await expect(plan(setting, 'delta')).rejects.toThrow(/expected an earlier import that ended/);
    await importAll(setting, await plan(setting));
    await stage.ask(
      stage.legacy,
      `insert into orders values (7001, 'late', 1, 'web', (select max(changed_at) - interval '30 minutes' from orders))`,
    );
    const batch = await plan(setting, 'delta');
    expect(batch.report.counts.source).toBeLessThan(200);
    const { counts, account } = await importAll(setting, batch);
    expect([counts.inserted, account.outcome]).toEqual([1, 'pass']);
  });
});
