import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { judgeRestore } from '../../src/core/dataset/archive/restore-report.ts';
import { drillArchive } from '../../src/engine/data/archive/drill.ts';
import type { MeasuredDrill } from '../../src/engine/data/archive/drill.ts';
import { datasetSubject, ownSubject } from '../../src/engine/data/archive/drill-subject.ts';
import type { DrillSubject } from '../../src/engine/data/archive/drill-subject.ts';
import { exportOwn } from '../../src/engine/data/archive/export-own.ts';
import { ownOmitted, ownTables } from '../../src/engine/data/archive/own-tables.ts';
import { nameScratch } from '../../src/engine/data/archive/scratch-server.ts';
import type { ScratchServer } from '../../src/engine/data/archive/scratch-server.ts';
import { verifyArchive } from '../../src/engine/data/archive/verify-archive.ts';
import type { WrittenArchive } from '../../src/engine/data/archive/write-archive.ts';
import { appendEntries } from '../../src/store/evidence-log.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { decision, evidence, waiver } from '../store/sample-entries.ts';
import { toDraft } from './to-draft.ts';

const signal = AbortSignal.timeout(900_000);
const origin = { environment: 'staging', appGitSha: 'a'.repeat(40) };
let database: TestDatabase;
let store: Store;
let folder: string;
let server: ScratchServer;
let standing: Promise<WrittenArchive> | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
  folder = mkdtempSync(join(tmpdir(), 'tminus-own-'));
  const url = (name: string): string => database.url.replace(/\/test_\w+\?/, `/${name}?`);
  server = { url, host: 'scratch', port: 0, close: () => Promise.resolve() };
  await appendEntries(store, 'shop', [evidence('shop', 0), waiver('shop'), decision('shop')]);
  await store.database.pool
    .query(`insert into identity."user" (id, name, email, "emailVerified", "twoFactorEnabled") values ('u1', 'Zoë', 'zoe@shop.test', true, false);
    insert into identity.account (id, "accountId", "providerId", "userId", password, "updatedAt") values ('a1', 'u1', 'credential', 'u1', '$scrypt$not-to-leave', now());
    insert into identity.session (id, "expiresAt", token, "updatedAt", "userId") values ('s1', now(), 'token-not-to-leave', now(), 'u1')`);
  const key = `decode(repeat('ab', 32), 'hex')`;
  await store.database.pool
    .query(`insert into tminus.fix_plan (id, launch, environment, dataset, plan_hash, candidate_sha256, requester, plan, plan_sha256)
        values ('f-0123456789abcdef', 'shop', 'staging', 'orders', ${key}, ${key}, 'alice', '{}', ${key});
      insert into tminus.fix_move (fix, from_state, to_state, person, detail) values ('f-0123456789abcdef', 'planned', 'approved', 'alice', 'read it')`);
});
afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

function exportTo(name: string): Promise<WrittenArchive> {
  return exportOwn(store, origin, join(folder, name), { signal, recipients: [] });
}

function drill(
  { file, sha256 }: { file: string; sha256: string },
  subject: DrillSubject = ownSubject,
): Promise<MeasuredDrill> {
  return drillArchive({
    file,
    identities: [],
    signal,
    expectedSha256: sha256,
    environment: null,
    subject,
    ofDatasets: datasetSubject,
    openServer: () => Promise.resolve(server),
    database: nameScratch(),
    guard: { forbidden: [], productionDatabases: [] },
    onPhase: () => undefined,
  });
}

async function scratchesLeft(): Promise<number> {
  const pool = new Pool({ connectionString: database.url, max: 1 });
  const { rowCount } = await pool.query(`select from pg_database where datname like 'tminus\\_drill%'`);
  await pool.end();
  return rowCount ?? -1;
}

describe("an archive of Tminus's own data", () => {
  it('D30 every table and column of the store is placed: exported, or left out for a reason', () => {
    const schema = readFileSync('src/store/schema.sql', 'utf8');
    const tables = [...schema.matchAll(/create table (\S+) \((.*?)\n\);/gs)].map(([, name = '', body = '']) => ({
      table: name.replaceAll('"', ''),
      columns: body
        .split('\n')
        .filter(
          (line) =>
            /^ {2}"?\w+"? (?:bigint|integer|text|bytea|boolean|jsonb|uuid|timestamp|double|smallint|numeric)/.test(
              line,
            ) && !line.includes('generated always as ('),
        )
        .map((line) => line.trim().split(' ')[0]!.replaceAll('"', ''))
        .join(' '),
    }));
    const kept = new Map(
      tables.filter(({ table }) => !(table in ownOmitted)).map(({ table, columns }) => [table, columns]),
    );
    expect(kept.size).toBeGreaterThan(40);
    // More than the schema has may be placed: an export passes over what is not there.
    const placed = Object.fromEntries(ownTables.map(({ table, columns }) => [table, columns]));
    expect(placed).toMatchObject(Object.fromEntries(kept));
    expect(tables.map(({ table }) => table)).toEqual(expect.arrayContaining(Object.keys(ownOmitted)));
  });

  it('D30 A46 equal data gives equal files; password hashes, sessions and tokens are not in it', async () => {
    const [one, other] = [await exportTo('one.tar.gz'), await exportTo('other.tar.gz')];
    expect(one.manifest.checksums).toEqual(other.manifest.checksums);
    expect(one.manifest.entity_counts).toMatchObject({ log_entry: 3, 'identity.user': 1, blob: 1 });
    const verified = await verifyArchive({
      file: one.file,
      identities: [],
      signal,
      expectedSha256: one.sha256,
      environment: 'staging',
    });
    expect(verified.findings).toEqual([]);
    const { gunzipSync } = await import('node:zlib');
    const bytes = gunzipSync(readFileSync(one.file));
    expect(bytes.includes('zoe@shop.test')).toBe(true);
    expect(bytes.includes('not-to-leave')).toBe(false);
  });

  it('D33 F64 what was exported while others wrote is really restored, asked, exported again, and is the same', async () => {
    const stop = new AbortController();
    const writing = (async () => {
      for (let nr = 10; !stop.signal.aborted; nr += 3)
        await appendEntries(store, 'shop', [evidence('shop', nr), evidence('shop', nr + 1), evidence('shop', nr + 2)]);
    })();
    const archive = await exportTo('moving.tar.gz').finally(() => stop.abort());
    await writing;
    const measured = await drill(archive);
    expect(judgeRestore(toDraft(measured, archive.sha256))).toEqual([]);
    expect(measured.smoke.map(({ passed }) => passed)).toEqual(Array.from({ length: 7 }, () => true));
    expect(measured.entities.every(({ expectedSha256, computedSha256 }) => expectedSha256 === computedSha256)).toBe(
      true,
    );
    expect(measured.entities.find(({ entity }) => entity === 'log_entry')?.restored).toBeGreaterThanOrEqual(3);
    expect(measured.entities.find(({ entity }) => entity === 'fix_move')?.restored).toBe(1);
    expect(measured.rtoMs).toBeGreaterThan(0);
    expect(await scratchesLeft()).toBe(0);
  });

  it('D33 parents stand before their children whatever schema a connection looks into first: an account called tminus looks into that of the store', async () => {
    const url = `${store.database.url}&options=${encodeURIComponent('-c search_path=tminus,identity')}`;
    const looking = { ...store, database: { ...store.database, url } };
    const archive = await exportOwn(looking, origin, join(folder, 'looking.tar.gz'), { signal, recipients: [] });
    const { entities } = archive.manifest;
    expect(entities.find(({ name }) => name === 'fix_move')?.relations).toMatchObject([{ to: 'fix_plan' }]);
    const at = new Map(entities.map(({ name }, index) => [name, index]));
    const related = entities.flatMap(({ name, relations }) => relations.map(({ to }) => [name, to] as const));
    expect(related.length).toBeGreaterThan(10);
    expect(related.filter(([child, parent]) => child !== parent && at.get(child)! < at.get(parent)!)).toEqual([]);
  });

  it.each<[string, string, RegExp]>([
    [
      'lost a row',
      `delete from identity.account`,
      /as many rows as in the archive: identity.account: expected 0, got -1/,
    ],
    [
      'changed a value',
      `update identity."user" set name = 'Zoe'`,
      /identity.user: expected \w+ of what was restored, got/,
    ],
    [
      'changed the history',
      `alter table tminus.checkpoint disable trigger all; update tminus.checkpoint set note = 'x' where size = 3`,
      /every evidence log verifies from its first byte: /,
    ],
  ])('D33 negative control: a restore that %s does not pass', async (_, statement, why) => {
    const archive = await (standing ??= exportTo('standing.tar.gz'));
    const relate = async (url: string): Promise<void> => {
      const pool = new Pool({ connectionString: url, max: 1 });
      await pool.query(statement);
      await pool.end();
    };
    const measured = await drill(archive, { ...ownSubject, relate });
    expect(judgeRestore(toDraft(measured, archive.sha256)).join('\n')).toMatch(why);
    expect(await scratchesLeft()).toBe(0);
  });

  it('D33 another checksum than the recorded one refuses before anything is made', async () => {
    const archive = await (standing ??= exportTo('standing.tar.gz'));
    const measured = await drill({ ...archive, sha256: '0'.repeat(64) });
    expect(measured).toMatchObject({ smoke: [], entities: [], stopped: 'archive: expected one without findings' });
    expect(measured.phases.map(({ name }) => name)).toEqual(['validate']);
  });
});
