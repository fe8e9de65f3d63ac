import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { generateIdentity, identityToRecipient } from 'age-encryption';
import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { datasetOf } from '../../src/core/dataset/dataset.fixture.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { judgeRestore } from '../../src/core/dataset/archive/restore-report.ts';
import { drillArchive } from '../../src/engine/data/archive/drill.ts';
import { datasetSubject, ownSubject } from '../../src/engine/data/archive/drill-subject.ts';
import { exportDatasets } from '../../src/engine/data/archive/export-datasets.ts';
import { readArchive } from '../../src/engine/data/archive/open-archive.ts';
import { nameScratch } from '../../src/engine/data/archive/scratch-server.ts';
import { verifyArchive } from '../../src/engine/data/archive/verify-archive.ts';
import type { VerifiedArchive } from '../../src/engine/data/archive/verify-archive.ts';
import type { WrittenArchive } from '../../src/engine/data/archive/write-archive.ts';
import { openPostgresAt } from '../../src/kinds/datastores/postgres/session.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { toDraft } from './to-draft.ts';

const signal = AbortSignal.timeout(900_000);
const switched = '2026-11-22T01:10:42.118Z';
const table = (by: string, zone: 'UTC' | null = null): Dataset =>
  datasetOf({
    id: 'orders',
    source: { on: 'legacy', table: 'orders' },
    target: { on: 'shop', table: 'orders' },
    partial: { by, zone },
    // Who ordered was there before the window.
    rules: [{ id: 'owned', kind: 'orphans', body: { column: 'customer', to: 'customers', key: 'id' } }],
  });
const customers = datasetOf({
  id: 'customers',
  source: { on: 'legacy', table: 'customers' },
  target: { on: 'shop', table: 'customers' },
  partial: { by: 'at', zone: null },
});

let database: TestDatabase;
let folder: string;
let pool: Pool;
let files = 0;
beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'tminus-partial-'));
  pool = new Pool({ connectionString: database.url, max: 1 });
  await pool.query(`create table customers (id bigint primary key, at timestamptz);
    insert into customers values (7, '2020-01-01T00:00:00Z');
    create table orders (id bigint primary key, customer bigint not null, at timestamptz, local_at timestamp, coarse_at timestamptz(0), day date);
    insert into orders (id, customer, at) values (1, 7, '2026-11-22T01:10:42.117999Z'), (2, 7, '2026-11-22T01:10:42.118Z'),
      (3, 7, '2026-11-22T02:59:59.999999+01'), (4, 7, '2026-11-22T02:00:00Z'), (5, 7, null);
    update orders set local_at = at at time zone 'UTC', coarse_at = date_trunc('second', at), day = at::date`);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(folder, { recursive: true });
});

function keep(
  window: { since: string; until: string | null } | null,
  { datasets = [table('at'), customers], recipients = [] as string[] } = {},
): Promise<WrittenArchive> {
  files += 1;
  const wish = {
    environment: 'production',
    appGitSha: null,
    launch: 'shop',
    generatedAt: '2026-11-22T03:00:00.000Z',
    datasets,
    side: 'target' as const,
    open: () => openPostgresAt({ connectionString: database.url }, { signal, access: 'read' }),
    window: window === null ? null : { ...window, because: 'a test asked' },
  };
  return exportDatasets(wish, join(folder, `${files}.tar.gz`), { signal, recipients });
}

const look = ({ file }: WrittenArchive, takesPartial: boolean, identities: string[] = []): Promise<VerifiedArchive> =>
  verifyArchive({ file, identities, signal, expectedSha256: null, environment: null, takesPartial });

async function idsIn({ file }: WrittenArchive, identities: string[] = []): Promise<string[]> {
  const ids: string[] = [];
  for await (const { path, bytes } of readArchive({ file, identities, signal })) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    if (path === 'entities/orders.jsonl')
      ids.push(
        ...text
          .trim()
          .split('\n')
          .filter(Boolean)
          .map((line) => (JSON.parse(line) as { id: string }).id),
      );
  }
  return ids;
}

describe('an archive of what users wrote since the switch', { timeout: 400_000 }, () => {
  it('C17 holds what was written from then on and before the end, to the microsecond, and says what it cannot tell', async () => {
    const archive = await keep({ since: switched, until: '2026-11-22T02:00:00.000Z' });
    expect(await idsIn(archive)).toEqual(['2', '3']);
    expect(archive.manifest).toMatchObject({
      schema_version: 'tminus.archive.partial.v1',
      entity_counts: { orders: 2, customers: 0 },
      window: {
        since: switched,
        until: '2026-11-22T02:00:00.000Z',
        because: 'a test asked',
        entities: { orders: { by: 'at', undated: 1 }, customers: { by: 'at', undated: 0 } },
      },
    });
    expect((await look(archive, true)).findings).toEqual([]);
    const [open, whole] = [await keep({ since: switched, until: null }), await keep(null)];
    expect([await idsIn(open), await idsIn(whole)]).toEqual([
      ['2', '3', '4'],
      ['1', '2', '3', '4', '5'],
    ]);
    expect([whole.manifest.schema_version, whole.manifest.window]).toEqual(['tminus.archive.v1', undefined]);
  });

  it('C17 A46 is encrypted as a whole one is', async () => {
    const identity = await generateIdentity();
    const sealed = await keep({ since: switched, until: null }, { recipients: [await identityToRecipient(identity)] });
    expect((await look(sealed, true, [identity])).findings).toEqual([]);
    expect(await idsIn(sealed, [identity])).toEqual(['2', '3', '4']);
    expect((await look(sealed, true)).findings).toMatchObject([{ rule: 'key_wrong' }]);
  });

  it.each([[true], [false]])(
    'C17 D33 restored for good measure it is refused, and a whole one is not (control: whole is %s)',
    async (isWhole) => {
      const archive = await keep(isWhole ? null : { since: switched, until: null }, { datasets: [table('at')] });
      const measured = await drillArchive({
        file: archive.file,
        identities: [],
        signal,
        expectedSha256: archive.sha256,
        environment: null,
        subject: ownSubject,
        ofDatasets: datasetSubject,
        openServer: () =>
          Promise.resolve({
            url: (name: string) => database.url.replace(/\/test_\w+\?/, `/${name}?`),
            host: 'scratch',
            port: 0,
            close: () => Promise.resolve(),
          }),
        database: nameScratch(),
        guard: { forbidden: [], productionDatabases: [] },
        onPhase: () => undefined,
      });
      const faults = judgeRestore(toDraft(measured, archive.sha256));
      expect(
        faults.filter((fault) => /^archive_partial {2}manifest.json: expected an archive of every/.test(fault)),
      ).toHaveLength(isWhole ? 0 : 1);
      expect(faults.length === 0).toBe(isWhole);
      expect((await look(archive, false)).findings).toMatchObject(isWhole ? [] : [{ rule: 'archive_partial' }]);
    },
  );

  it('C17 of a column without milliseconds it begins with the second that the switch was in', async () => {
    const since = '2026-11-22T01:10:42.900Z';
    expect(await idsIn(await keep({ since, until: null }, { datasets: [table('coarse_at')] }))).toEqual([
      '1',
      '2',
      '3',
      '4',
    ]);
  });

  it('C17 of a column without a zone it is refused where nobody says that it holds UTC', async () => {
    const window = { since: switched, until: '2026-11-22T02:00:00.000Z' };
    expect(await idsIn(await keep(window, { datasets: [table('local_at', 'UTC')] }))).toEqual(['2', '3']);
    for (const by of ['local_at', 'day', 'customer', 'gone'])
      await expect(keep(window, { datasets: [table(by)] })).rejects.toMatchObject({ code: 'export_refused' });
    const undated = datasetOf({ ...table('at'), partial: null });
    await expect(keep(window, { datasets: [undated] })).rejects.toMatchObject({
      code: 'export_refused',
      message: 'orders: expected what says when a record was written, got nothing',
    });
  });
});
