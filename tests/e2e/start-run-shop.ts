import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { prepareShopLaunch } from '../../examples/shop-cutover/prepare-shop-launch.ts';
import type { ShopLaunch } from '../../examples/shop-cutover/prepare-shop-launch.ts';
import { startShop } from '../../examples/shop-cutover/start-shop.ts';
import type { RunningShop } from '../../examples/shop-cutover/start-shop.ts';
import { openStore } from '../../src/store/open-store.ts';
import { RunDesk } from './run-desk.ts';

/** The shop of the example in a folder of its own, with both shops running, and the command line in it. */
export interface RunShop {
  desk: RunDesk;
  launch: ShopLaunch;
  shop: RunningShop;
  /** Orders in a database of production. */
  countOrders: (database: 'legacy' | 'new') => number;
  /** A customer places an order in the new shop. */
  placeOrder: (id: number) => void;
  /** What the migration wrote down of its own beginnings and ends. */
  readMigrations: () => string[];
  /** Lets go of the database, which is held so that not every command starts it anew: without workers it ends then. */
  rest: () => Promise<void>;
  stop: () => Promise<void>;
}

/** Migrates as the example does, once the file that a test put there is gone, and keeps a journal: what is slow in the world is slow here. */
const migrateSlowly = `import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

appendFileSync('data/migrations.log', \`begin \${process.env.TMINUS_ATTEMPT} \${Date.now()}\\n\`);
while (existsSync('data/migration-is-slow')) await pause(50);
await import('./migrate-orders.ts');
appendFileSync('data/migrations.log', \`end \${process.env.TMINUS_ATTEMPT} \${Date.now()}\\n\`);
`;

/**
 * The gate asks for a full drill, and the runbook for a shift of customers, of half a minute each: the demo and `shop-shift.test.ts` make them, and a run here
 * must not wait for them.
 */
const drilled = /- \[ \] The way back was drilled[\s\S]*?(?=- \[ \])/;
const shift = /3\. Shift the customers[\s\S]*?(?=4\. \[HUMAN\])/;

/** How quick the shop and its databases answer on a machine that does a hundred other things is not what a move is about. */
const toPatient = (text: string): string =>
  text
    .replace('expect latency < 2s', 'expect latency < 2m')
    .replace('fresh=15m', 'fresh=1h')
    .replaceAll('```http\n', '```http timeout=2m\n')
    .replaceAll('```sql url', '```sql timeout=2m url');

/** Starts it; `edit` changes the launch document before anything is read from it. */
export async function startRunShop(edit: (text: string) => string = (text) => text): Promise<RunShop> {
  const directory = mkdtempSync(join(tmpdir(), 'tminus-test-run-'));
  // As root the database runs under another account, which has to pass through; else it would lie elsewhere, and be left behind.
  chmodSync(directory, 0o711);
  const launch = await prepareShopLaunch(directory);
  const document = join(directory, 'launch.md');
  const watched = readFileSync(document, 'utf8').replace('every=30s', 'every=2s').replace('every=10s', 'every=1s');
  const quick = watched
    .replace(drilled, '')
    .replace('| drilled |', '| restore-drill |')
    .replace(shift, '')
    .replace('needs=shift-customers', 'needs=move-orders');
  writeFileSync(
    document,
    edit(toPatient(quick).replace('- services/migrate-orders.ts', '- services/migrate-slowly.ts')),
  );
  writeFileSync(join(directory, 'services', 'migrate-slowly.ts'), migrateSlowly);
  const shop = await startShop({ directory, flawed: false });
  const failed = shop.deeds.filter(({ exit }) => exit !== 0);
  if (failed.length > 0) throw new Error(`the shop did not start well: ${JSON.stringify(failed)}`);
  const desk = new RunDesk(directory);
  const held = await openStore({ dataDirectory: join(directory, '.tminus') });
  const query = <T>(database: string, ask: (opened: DatabaseSync) => T): T => {
    // A stop condition may be read at this very moment: SQLite refuses at once where nobody says that it may wait.
    const opened = new DatabaseSync(join(directory, 'data', 'production', `${database}.db`), { timeout: 30_000 });
    try {
      return ask(opened);
    } finally {
      opened.close();
    }
  };
  return {
    desk,
    launch,
    shop,
    countOrders: (database) =>
      query(database, (opened) => Number(opened.prepare('select count(*) as n from orders').get()?.['n'])),
    placeOrder: (id) =>
      query(
        'new',
        (opened) =>
          void opened.prepare("insert into orders values (?, 'Ada Grant', 4200, '2026-12-05T20:00:00Z')").run(id),
      ),
    readMigrations: () => readLines(join(directory, 'data', 'migrations.log')),
    rest: () => held.close(),
    async stop() {
      await desk.stopWorkers();
      await held.close();
      await shop.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}
