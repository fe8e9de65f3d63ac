import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { waitFor } from './run-desk.ts';
import { runInside } from './run-inside.ts';
import { startSmallLaunch } from './start-small-launch.ts';
import type { SmallLaunch } from './start-small-launch.ts';

const count = 25_000;
/** What the import asks before each chunk: it goes on after the first once nobody wants a lag. */
const askLag =
  'select case when (select count(*) from tminus_import_pack) > 0 then (select max(seconds) from lag) else 0 end';
const main = join(import.meta.dirname, '../../src/main.ts');
let launch: SmallLaunch;
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  launch = startSmallLaunch();
  launch.write(
    '## Orders {#orders}\n\n```yaml dataset\nsource: { on: old, table: orders }\ntarget: { on: shop, table: orders }\nkey: id\nskip: { fax: "channel == fax" }\nimport: { throttle: { on: shop, ask: "ASKED", above: 1s } }\n```\n\n## Refunds {#refunds}\n\n```yaml dataset\nsource: { on: old, table: refunds }\ntarget: { on: shop, table: refunds }\nkey: id\n```\n'.replace(
      'ASKED',
      askLag,
    ),
    'datastores: { old: { url: "sqlite:old.db" }, shop: { url: "sqlite:shop.db" } }\n',
  );
  const columns = 'id integer primary key, customer text, channel text';
  const old = new DatabaseSync(launch.at('old.db'), { timeout: 30_000 });
  old.exec(`create table orders (${columns});
    with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count})
    insert into orders select i, 'Customer ' || i, case when i % 100 = 0 then 'fax' else 'web' end from n;
    create table refunds (${columns});
    insert into refunds select * from orders where id <= 300`);
  old.close();
  const shop = new DatabaseSync(launch.at('shop.db'), { timeout: 30_000 });
  shop.exec(`create table orders (${columns}); create table refunds (${columns});
    create table lag (seconds integer); insert into lag values (3600)`);
  shop.close();
});

afterAll(async () => {
  await launch.stop();
  await database.drop();
});

const alice = ['--as', 'alice', '--key', '.keys/alice.pem', '--json'];
const tminus = (...args: string[]): Promise<{ exit: number | null; stdout: string; stderr: string }> =>
  runInside(launch.directory, args, { DATABASE_URL: database.url });
function ask(statement: string): unknown {
  const shop = new DatabaseSync(launch.at('shop.db'), { readOnly: true });
  try {
    shop.exec('pragma busy_timeout = 30000');
    return shop.prepare(statement).get();
  } catch {
    return undefined;
  } finally {
    shop.close();
  }
}

function setLag(seconds: number): void {
  const shop = new DatabaseSync(launch.at('shop.db'), { timeout: 30_000 });
  shop.prepare('update lag set seconds = ?').run(seconds);
  shop.close();
}

describe('tminus import', { timeout: 240_000 }, () => {
  it('F34 killed between two chunks, it goes on exactly where it was', async () => {
    const planned = await tminus('import', 'plan', 'orders', ...alice);
    expect(planned.stderr).toBe('');
    expect(planned.exit).toBe(0);
    expect(JSON.parse(planned.stdout)).toMatchObject({
      report: {
        counts: { source: count, inserted: count - count / 100, skipped: { fax: count / 100 } },
        effectsExecuted: 0,
      },
    });
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', main, 'import', 'apply', 'orders', ...alice],
      {
        cwd: launch.directory,
        env: { ...process.env, DATABASE_URL: database.url },
        stdio: 'ignore',
      },
    );
    const exited = new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
    const written = (): number =>
      (ask('select coalesce(sum(records), 0) as n from tminus_import_pack') as { n: number } | undefined)?.n ?? 0;
    // Held there: however long nobody looks, it is between two chunks.
    await waitFor('a first chunk', () => written() > 0);
    child.kill('SIGKILL');
    expect(await exited).toBe('SIGKILL');
    setLag(0);
    const ledger = written();
    expect(ledger).toBeGreaterThan(0);
    expect(ledger).toBeLessThan(count);
    // Of 100 records one is a fax, which leaves no row.
    expect(ask('select count(*) as n from orders')).toEqual({ n: ledger - ledger / 100 });
    expect(ask('select count(*) as n from tminus_import_ledger')).toEqual({ n: 0 });
    const applied = await tminus('import', 'apply', 'orders', ...alice);
    expect(applied).toMatchObject({ exit: 0 });
    expect(JSON.parse(applied.stdout)).toMatchObject({
      state: 'verified',
      result: {
        counts: { inserted: count - count / 100, unchanged: 0, skipped: { fax: count / 100 } },
        account: { missing: 0 },
      },
    });
    expect(ask('select count(*) as n from orders')).toEqual({ n: count - count / 100 });
  });

  it('C13 run again it writes nothing, and taken back it leaves nothing', async () => {
    for (const written of [300, 0]) {
      await tminus('import', 'plan', 'refunds', ...alice);
      const applied = await tminus('import', 'apply', 'refunds', ...alice);
      expect(JSON.parse(applied.stdout)).toMatchObject({ state: 'verified', result: { written } });
    }
    const status = JSON.parse((await tminus('import', 'status', 'refunds', '--json')).stdout) as {
      id: string;
      log: unknown;
    }[];
    expect(status).toMatchObject([
      { log: { validated: true } },
      { log: { validated: true, copied: { inserted: 300 } } },
    ]);
    const undone = await tminus('import', 'rollback', 'refunds', ...alice, '--batch', status[1]!.id);
    expect(undone).toMatchObject({ exit: 0 });
    expect(ask('select count(*) as n from refunds')).toEqual({ n: 0 });
    expect(ask('select count(*) as n from orders')).toEqual({ n: count - count / 100 });
  });

  it('O05 whoever has no right there plans, applies and takes back nothing', async () => {
    const vera = ['--as', 'vera', '--key', '.keys/vera.pem'];
    const before = ask('select count(*) as n from orders');
    for (const verb of ['plan', 'apply', 'rollback']) {
      const refused = await tminus('import', verb, 'orders', ...vera);
      expect({ verb, exit: refused.exit }).toEqual({ verb, exit: 6 });
      expect(refused.stderr).toContain('vera: expected the permission');
    }
    expect(ask('select count(*) as n from orders')).toEqual(before);
  });

  it('D06 says what is missing where nothing was planned', async () => {
    const refused = await tminus('import', 'apply', 'order', ...alice);
    expect(refused.exit).toBe(2);
    expect(refused.stderr).toContain('dataset_unknown');
  });
});
