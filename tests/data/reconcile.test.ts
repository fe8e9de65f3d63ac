import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { Dataset } from '../../src/core/dataset/dataset.ts';
import type { OpenDatastore } from '../../src/core/dataset/datastore-kind.ts';
import { judgeReconcile } from '../../src/core/dataset/reconcile/reconcile-report.ts';
import { compareDataset } from '../../src/kinds/checks/reconcile/compare-dataset.ts';
import type { CompareOptions, DatasetComparison } from '../../src/kinds/checks/reconcile/compare-dataset.ts';
import { openPostgresAt } from '../../src/kinds/datastores/postgres/session.ts';
import { sqliteKind } from '../../src/kinds/datastores/sqlite/kind.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { dataset, describeRows, expectedOf, options } from './compare-traps.ts';
import { copyToSqlite, fillPostgres, plantPostgres, plantSqlite, rowCount, traps } from './trap-tables.ts';
import type { Trap } from './trap-tables.ts';

let folder: string;
let legacy: TestDatabase;
let shop: TestDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tminus-reconcile-'));
  [legacy, shop] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await Promise.all([fillPostgres(legacy.url), fillPostgres(shop.url)]);
  await copyToSqlite(legacy.url, join(folder, 'shop.db'));
});

afterAll(async () => {
  await legacy.drop();
  await shop.drop();
  rmSync(folder, { recursive: true });
});

/** Opens what the ids stand for: databases of this test, by socket, or a file in its folder. */
const openOf =
  (places: { [id: string]: string }): OpenDatastore =>
  async (id, access, signal) => {
    const url = places[id] ?? '';
    if (!url.startsWith('sqlite:')) return await openPostgresAt({ connectionString: url }, { signal, access });
    const context = { signal, workspace: folder, allow: [], forbidden: [], password: null, access, now: Date.now };
    return await sqliteKind.open(url, {}, context);
  };

/** What comparisons told on their way. */
const told: string[] = [];
const compare = async (
  places: { [id: string]: string },
  change: Partial<CompareOptions> = {},
  of: Partial<Dataset> = {},
): Promise<DatasetComparison> =>
  await compareDataset(
    { ...dataset, ...of },
    { ...options, ...change },
    {
      open: openOf(places),
      now: Date.now,
      signal: new AbortController().signal,
      progress: (_rows: number, _total: number | null, text: string) => void told.push(text),
    },
  );

async function tell({ url }: TestDatabase, statements: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statements);
  } finally {
    await client.end();
  }
}

describe('reconcile', () => {
  it('C08 equal tables are equal, by every strategy, and every row was looked at', async () => {
    const places = { legacy: legacy.url, shop: shop.url };
    for (const strategy of ['native', 'bucket', 'stream'] as const) {
      const { report } = await compare(places, { strategy });
      expect({ strategy: report.strategy, ...judgeReconcile(report) }).toEqual({
        strategy,
        verdict: 'equal',
        reason: `${rowCount} rows are the same on both sides`,
      });
      expect(report.counts).toMatchObject({ source: rowCount, target: rowCount, compared: rowCount });
    }
    const { report } = await compare(places);
    expect(report.plan.map(({ did }) => did)).toContain('tried the hashes of the engines on it');
    expect(report.strategy).toBe('native');
  });

  it.each(['native', 'bucket', 'stream'] as const)(
    'C08 rows on their way between two servers of Postgres are in flight, and what stays wrong is found: %s',
    async (strategy) => {
      const sent = `insert into t select (jsonb_populate_record(t, '{"id": 100001}')).* from t where id = 700;
        update t set name = name || '!' where id = 700`;
      await tell(legacy, `${sent}; update t set name = name || '!' where id = 701`);
      let looks = 0;
      const before = openOf({ legacy: legacy.url, shop: shop.url });
      // The replica has what was sent when it is looked at for the second time, and nothing of the row that is lost.
      const open: OpenDatastore = async (id, access, signal) => {
        if (id === 'shop' && (looks += 1) === 2) await tell(shop, sent);
        return await before(id, access, signal);
      };
      const scene = { open, now: Date.now, signal: new AbortController().signal, progress: () => undefined };
      try {
        const { report, rows } = await compareDataset(dataset, { ...options, strategy, rechecks: [1, 1] }, scene);
        expect(describeRows(rows)).toEqual(['701 value name']);
        expect(report).toMatchObject({ strategy, inFlight: 2, rechecks: [{ persisting: 1 }, { persisting: 1 }] });
        expect(judgeReconcile(report).verdict).toBe('differs');
      } finally {
        const back = `delete from t where id = 100001; update t set name = left(name, -1) where id in `;
        await Promise.all([tell(legacy, `${back} (700, 701)`), tell(shop, `${back} (700)`)]);
      }
    },
  );

  describe('with planted differences', () => {
    let file: string;
    let inFile: Trap[];

    beforeAll(async () => {
      file = join(folder, 'shop.db');
      await plantPostgres(shop.url);
      inFile = plantSqlite(file);
    });

    it.each(['native', 'bucket', 'stream', 'auto'] as const)(
      'C08 R5 each of the traps is found, under its cause, and nothing else: %s',
      async (strategy) => {
        const { rows, report } = await compare({ legacy: legacy.url, shop: shop.url }, { strategy });
        expect(describeRows(rows)).toEqual(expectedOf(traps));
        expect(report.strategy).toBe(strategy === 'auto' ? 'native' : strategy);
        expect(judgeReconcile(report).verdict).toBe('differs');
      },
    );

    it('C08 R5 the same against SQLite, as far as a file of SQLite can hold them', async () => {
      const { rows, report } = await compare({ legacy: legacy.url, shop: 'sqlite:shop.db' }, {}, { map: [] });
      expect(report.notes.filter(({ blocks }) => blocks)).toEqual([]);
      expect(describeRows(rows)).toEqual(expectedOf(inFile));
    });

    it('C04 a report shows no value of a column that is personal or redacted', async () => {
      const { report } = await compare(
        { legacy: legacy.url, shop: shop.url },
        {},
        { personal: [{ column: 'email', category: 'email' }], redact: ['name'] },
      );
      const text = JSON.stringify(report);
      expect(text).toContain('[redacted]');
      expect(text).not.toMatch(/example\.com|Ångström|Name \d/i);
    });
  });

  it('R8 a column that differs everywhere is one cause, named before anything large is read', async () => {
    await tell(shop, `update t set created = created - interval '1 hour'`);
    told.splice(0);
    const { report } = await compare({ legacy: legacy.url, shop: shop.url });
    expect(report.strategy).toBe('sample');
    expect(report.systematic).toMatchObject([{ column: 'created', guess: 'source = target + 1 h' }]);
    expect(judgeReconcile(report)).toMatchObject({ verdict: 'differs' });
    const named = told.findIndex((text) => text.startsWith('created differs in '));
    expect(named).toBeGreaterThanOrEqual(0);
    expect(told.indexOf('counted both sides')).toBeGreaterThan(named);
    expect(report.plan.map(({ did }) => did)).not.toContain('tried the hashes of the engines on it');
    expect(Math.min(report.counts.source, report.counts.target)).toBeGreaterThan(2_900);
    const full = await compare({ legacy: legacy.url, shop: shop.url }, { full: true });
    expect(full.report.strategy).not.toBe('sample');
    expect(full.report.differences.changed).toBeGreaterThan(2_900);
  });
});
