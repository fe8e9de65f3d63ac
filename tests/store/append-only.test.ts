import { leafHash, sha256Hex } from '@tminus/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { appendEntries, readEntries, readLatestCheckpoint } from '../../src/store/evidence-log.ts';
import { snapshotLaunch } from '../../src/store/launch-snapshot.ts';
import { openLog, readLogHead } from '../../src/store/log.ts';
import type { Store } from '../../src/store/open-store.ts';
import { verifyStoredLog } from '../../src/store/verify-stored-log.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { evidence } from './sample-entries.ts';

let database: TestDatabase;
let store: Store;
const hex = (text: string) => Buffer.from(text, 'hex');
const run = (sql: string, values: unknown[] = []) => store.database.pool.query(sql, values);

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
  await appendEntries(store, 'kept', [evidence('kept', 0), evidence('kept', 1)]);
  const documents = [{ path: 'launch.md', bytes: Buffer.from('# Shop') }];
  await snapshotLaunch(store, { planHash: 'e'.repeat(64), launch: { id: 'kept' } as never, documents });
});
afterAll(() => database.drop());

describe('rows are only ever added, for the owner and superuser, too', () => {
  const changes: [string, string][] = [
    ['log_entry', 'update tminus.log_entry set criterion = null'],
    ['blob', `update tminus.blob set bytes = ''`],
    ['checkpoint', `update tminus.checkpoint set note = ''`],
    ['launch_snapshot', `update tminus.launch_snapshot set body = ''`],
    ['launch_document', `update tminus.launch_document set path = 'other.md'`],
    ['log', `update tminus.log set origin = 'mine'`],
  ];
  for (const [table, update] of changes) {
    it(`A30 ${table} refuses update, delete and truncate, even as a replica`, async () => {
      const { rows: before } = await run(`select * from tminus.${table}`);
      expect(before.length).toBeGreaterThan(0);
      for (const sql of [update, `delete from tminus.${table}`, `truncate tminus.${table} cascade`]) {
        await expect(run(sql)).rejects.toMatchObject({
          code: '23001',
          hint: 'write a new row that replaces the old one',
        });
        await expect(run(`set session_replication_role = replica; ${sql}`)).rejects.toMatchObject({ code: '23001' });
      }
      await run('discard all');
      expect((await run(`select * from tminus.${table}`)).rows).toEqual(before);
    });
  }

  it('A31 the head refuses to go back, to stand still, to run ahead, and to be deleted', async () => {
    await expect(
      run('update tminus.log_head set size = 1, frontier = substring(frontier for 32)'),
    ).rejects.toMatchObject({ constraint: 'log_head_grows' });
    await expect(run('update tminus.log_head set root = root')).rejects.toMatchObject({ constraint: 'log_head_grows' });
    await expect(
      run('update tminus.log_head set size = 4, frontier = substring(frontier for 32)'),
    ).rejects.toMatchObject({ constraint: 'log_head_covered' });
    await expect(run('delete from tminus.log_head')).rejects.toMatchObject({ code: '23001' });
  });
});

describe('what may be added', () => {
  const add = `insert into tminus.log_entry (log, index, id, kind, observed_at, leaf_hash, body) select log, $1, $2, 'evidence', now(), $3, $4 from tminus.log_head`;
  const body = Buffer.from('{"a":1}');

  it('R9 an entry with another digest, or another leaf hash, than its bytes have is refused', async () => {
    const [id, leaf] = [hex(sha256Hex(body)), hex(leafHash(body))];
    await expect(run(add, [2, hex('a'.repeat(64)), leaf, body])).rejects.toMatchObject({
      constraint: 'log_entry_digest',
    });
    await expect(run(add, [2, id, hex(sha256Hex(body)), body])).rejects.toMatchObject({ constraint: 'log_entry_leaf' });
    await expect(
      run(`insert into tminus.blob (sha256, bytes) values ($1, $2)`, [hex('a'.repeat(64)), body]),
    ).rejects.toMatchObject({ constraint: 'blob_digest' });
    await expect(run(`insert into tminus.log_head values (999, 1, '', '')`)).rejects.toMatchObject({ code: '23514' });
  });

  it('R9 an entry behind a gap, or behind a head that does not move, is refused', async () => {
    const values = [hex(sha256Hex(body)), hex(leafHash(body)), body];
    await expect(run(add, [2, ...values])).rejects.toMatchObject({ constraint: 'log_entry_follows' });
    await expect(run(add, [3, ...values])).rejects.toMatchObject({ constraint: 'log_entry_follows' });
    await expect(run(add, [-1, ...values])).rejects.toMatchObject({ code: '23514' });
    await expect(run(add.replace('select log,', 'select 12345,'), [0, ...values])).rejects.toMatchObject({
      constraint: 'log_entry_follows',
    });
    expect(await verifyStoredLog(store, 'kept')).toMatchObject({ state: 'whole', size: 2 });
  });
});

/** What somebody does who rules the database: every refusal is switched off first, and on again after it. */
async function tamper(launch: string, sql: string): Promise<void> {
  const tables = ['log_entry', 'log_head', 'blob', 'checkpoint'];
  const id = `(select id from tminus.log where launch = '${launch}')`;
  await run(
    'alter table tminus.log_entry drop constraint if exists log_entry_digest, drop constraint if exists log_entry_leaf; alter table tminus.blob drop constraint if exists blob_digest',
  );
  for (const table of tables) await run(`alter table tminus.${table} disable trigger user`);
  await run(sql.replaceAll('$log', id));
  for (const table of tables)
    await run(`alter table tminus.${table} enable always trigger all`).catch(() =>
      run(`alter table tminus.${table} enable trigger user`),
    );
}

describe('verifyStoredLog against a superuser', () => {
  const edit = `convert_to(replace(convert_from(body, 'UTF8'), '"outcome":"fail"', '"outcome":"pass"'), 'UTF8')`;
  const cases: [string, string, number | null, RegExp][] = [
    [
      'edits a body',
      `update tminus.log_entry set body = ${edit} where log = $log and index = 3`,
      3,
      /expected bytes with digest/,
    ],
    [
      'edits a body and its digest',
      `update tminus.log_entry set body = ${edit}, id = sha256(${edit}) where log = $log and index = 3`,
      3,
      /expected leaf/,
    ],
    [
      'edits a body with both digests',
      `update tminus.log_entry set body = ${edit}, id = sha256(${edit}), leaf_hash = sha256('\\x00'::bytea || ${edit}) where log = $log and index = 3`,
      3,
      /checkpoint at 4: expected root/,
    ],
    [
      'edits a column',
      `update tminus.log_entry set criterion = 'other' where log = $log and index = 2`,
      2,
      /columns that say what the body says/,
    ],
    [
      'deletes an entry in the middle',
      'delete from tminus.log_entry where log = $log and index = 2',
      2,
      /expected index 2, got 3/,
    ],
    [
      'swaps two entries',
      'update tminus.log_entry set index = case index when 1 then 102 else 101 end where log = $log and index in (1, 2); update tminus.log_entry set index = index - 100 where log = $log and index > 100',
      1,
      /checkpoint at 2: expected root/,
    ],
    [
      'deletes the newest entry',
      'delete from tminus.log_entry where log = $log and index = 4',
      null,
      /head: expected 4/,
    ],
    [
      'changes the bytes of a source',
      `update tminus.blob set bytes = bytes || 'x' where convert_from(bytes, 'UTF8') like '%changes the bytes%1"'`,
      1,
      /expected the bytes/,
    ],
    [
      'deletes the bytes of a source',
      `delete from tminus.blob where convert_from(bytes, 'UTF8') like '%deletes the bytes%4"'`,
      4,
      /expected the bytes/,
    ],
    [
      'forges a checkpoint',
      `update tminus.checkpoint set root = sha256('x') where log = $log and size = 3`,
      null,
      /checkpoint at 3: expected the signed head/,
    ],
    ['forges the head', `update tminus.log_head set root = sha256('x') where log = $log`, null, /head: expected 5/],
    [
      'deletes the newest checkpoint',
      'delete from tminus.checkpoint where log = $log and size = 5',
      null,
      /checkpoints: expected one at 5, got the newest at 4/,
    ],
  ];
  for (const [name, sql, index, reason] of cases) {
    it(`A30 F43 who ${name} is named, at the first entry that does not hold`, async () => {
      const launch = name.replaceAll(' ', '-');
      for (let nr = 0; nr < 5; nr += 1) await appendEntries(store, launch, [evidence(launch, nr, `"${name} ${nr}"`)]);
      expect(await verifyStoredLog(store, launch)).toMatchObject({ state: 'whole', size: 5 });
      await tamper(launch, sql);
      const found = await verifyStoredLog(store, launch);
      expect(found).toMatchObject({ state: 'broken', index, reason: expect.stringMatching(reason) as string });
    });
  }

  it('A31 a tail cut with head and checkpoints looks whole, and a checkpoint kept elsewhere shows the cut', async () => {
    for (let nr = 0; nr < 5; nr += 1) await appendEntries(store, 'cut', [evidence('cut', nr)]);
    const kept = await readLatestCheckpoint(store, 'cut');
    const log = await openLog(store, 'cut');
    const three = await store.tables
      .selectFrom('checkpoint')
      .select('root')
      .where('log', '=', log.id)
      .where('size', '=', '3')
      .executeTakeFirstOrThrow();
    const [first] = await readEntries(store, 'cut', { from: 2, to: 3 });
    await tamper(
      'cut',
      `delete from tminus.log_entry where log = $log and index > 2; delete from tminus.checkpoint where log = $log and size > 3;
      update tminus.log_head set size = 3, root = '\\x${three.root.toString('hex')}', frontier = substring(frontier for 32) || '\\x${leafHash(first?.body ?? '')}' where log = $log`,
    );
    const foreign = [{ size: kept?.size ?? 0, root: kept?.root ?? '' }];
    expect(await verifyStoredLog(store, 'cut')).toMatchObject({ state: 'whole', size: 3 });
    expect(await verifyStoredLog(store, 'cut', foreign)).toMatchObject({
      state: 'broken',
      index: 3,
      reason: expect.stringMatching(/expected at least 5 entries/) as string,
    });
    expect(await verifyStoredLog(store, 'never', foreign)).toMatchObject({ state: 'broken' });
  });

  it('R9 a log that grows while it is read raises no alarm', async () => {
    const state = { over: false };
    const writing = (async () => {
      for (let nr = 0; !state.over; nr += 1) await appendEntries(store, 'growing', [evidence('growing', nr)]);
    })();
    await expect
      .poll(async () => (await readLatestCheckpoint(store, 'growing'))?.size ?? 0, { interval: 5 })
      .toBeGreaterThan(5);
    const found = [];
    for (let round = 0; round < 10; round += 1) found.push((await verifyStoredLog(store, 'growing')).state);
    state.over = true;
    await writing;
    expect(found).toEqual(found.map(() => 'whole'));
  });

  it('A30 nothing is appended behind a head that was forged', async () => {
    await appendEntries(store, 'forged', [evidence('forged', 0)]);
    await tamper('forged', `update tminus.log_head set root = sha256('x') where log = $log`);
    const log = await openLog(store, 'forged');
    await expect(readLogHead(store, log)).rejects.toMatchObject({ code: 'log_broken' });
    await expect(appendEntries(store, 'forged', [evidence('forged', 1)])).rejects.toMatchObject({ code: 'log_broken' });
    await tamper('forged', `update tminus.log_entry set body = 'x' where log = $log`);
    await expect(readEntries(store, 'forged', { from: 0, to: 1 })).rejects.toMatchObject({ code: 'log_broken' });
  });
});
