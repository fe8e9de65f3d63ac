import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import mysql from 'mysql2/promise';
import { Client } from 'pg';

import type { OpenDatastore } from '../src/core/dataset/datastore-kind.ts';
import { SecretValue } from '../src/core/secret/secret-value.ts';
import { applyImport } from '../src/engine/data/import/apply-import.ts';
import { passWithoutApproval } from '../src/engine/data/import/approve-import.ts';
import { findImported, standardChunk } from '../src/engine/data/import/open-ground.ts';
import type { ImportSetting } from '../src/engine/data/import/open-ground.ts';
import { planImport } from '../src/engine/data/import/plan-import.ts';
import { findDatastoreKind } from '../src/kinds/datastores/kinds.ts';
import { readBatch } from '../src/store/import-batch.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/open-store.ts';
import { installDebianPackages } from '../tests/servers/install-debian-packages.ts';
import { startMariaDb } from '../tests/servers/start-mariadb.ts';
import { startPostgres } from '../tests/servers/start-postgres.ts';
import type { TestDatabase } from '../tests/servers/start-postgres.ts';
import { problemLines, readTexts } from '../tests/spec/problem-lines.ts';
import { describeMachine } from './describe-machine.ts';
import { readServerSeconds } from './server-seconds.ts';

interface ImportSample {
  way: string;
  /** `loader` makes its tables itself and its index last; `loader into tables` writes to tables that are there, with their keys, as an import does. */
  phase: Phase;
  rowsPerSecond: number;
  seconds: number;
  /** CPU of the importing process alone, without the servers. */
  cpuSeconds: number;
  /** CPU of both servers meanwhile. */
  serverSeconds: number;
}

type Phase = 'dry run' | 'apply' | 'loader' | 'loader into tables';

/** An import over the faster one of the two loads: how many times as many rows a second, and how many times as many for a second of CPU. */
interface Ratio {
  apply: number | null;
  dryRunAndApply: number | null;
  /** CPU of all processes, servers included: what other work on the machine changes least. */
  applyByCpu: number | null;
}

/** R6: an import with ledger, approval and verification, beside a loader that has none of them. Medians of all rounds. */
export interface DataImportReport {
  name: 'data-import';
  machine: string;
  setting: string;
  timesPgloader: { [way: string]: Ratio };
  goals: { timesPgloader: number; met: boolean };
  /** What the figures rest on, and what bounds them. */
  notes: string[];
  samples: ImportSample[];
}

const goal = 1.6;
const rounds = Number(process.env['TMINUS_BENCH_ROUNDS'] ?? 3);
const rows = Number(process.env['TMINUS_BENCH_ROWS'] ?? 200_000);
const columns = 'id bigint primary key, customer varchar(60), cents bigint, note varchar(60)';
const servers: { [way: string]: { scheme: string; id: string } } = {
  'mariadb to postgres': { scheme: 'mariadb://root', id: 'maria' },
  'postgres to postgres': { scheme: 'postgres://postgres', id: 'pg' },
};

/** Imports the same table from MariaDB and from Postgres, in turns with pgloader. */
export async function run(): Promise<DataImportReport> {
  const [postgres, mariadb] = [await startPostgres(), await startMariaDb()];
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-import-'));
  const samples: ImportSample[] = [];
  const missing: string[] = [];
  try {
    if (postgres.state === 'missing') missing.push(postgres.reason);
    if (mariadb.state === 'missing') missing.push(mariadb.reason);
    if (postgres.state === 'started' && mariadb.state === 'started') {
      await fill(postgres, mariadb);
      const store = await openStore({ dataDirectory: join(folder, 'data') });
      const installed = await installDebianPackages({ packages: ['pgloader'], programs: ['pgloader'] });
      const program = installed.state === 'missing' ? null : installed.binaries[0]!;
      if (installed.state === 'missing') missing.push(installed.reason);
      try {
        for (let round = 0; round < rounds; round += 1)
          for (const way of Object.keys(servers)) {
            samples.push(...(await importOnce(store, way, { postgres, mariadb })));
            if (program !== null) samples.push(...(await loadTwice({ program, folder }, way, { postgres, mariadb })));
          }
      } finally {
        await store.close();
      }
    }
  } finally {
    for (const server of [postgres, mariadb]) if (server.state === 'started') await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return toReport(samples, missing);
}

const databases = ['target_maria', 'target_pg', 'loader_maria', 'loader_pg'];

async function ask(server: TestDatabase, statements: readonly string[], database = server.database): Promise<void> {
  const client = new Client({ ...server, database });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

async function fill(postgres: TestDatabase, mariadb: TestDatabase): Promise<void> {
  await ask(postgres, [
    `create table orders (${columns})`,
    `insert into orders select i, 'customer ' || i, i * 125, repeat('n', 30) from generate_series(1, ${rows}) i`,
    'vacuum analyze orders',
    ...databases.map((name) => `create database ${name}`),
  ]);
  const { host, port, user, password, database } = mariadb;
  const connection = await mysql.createConnection({ host, port, user, password, database });
  await connection.query(`create table orders (${columns})`);
  await connection.query(
    `insert into orders select seq, concat('customer ', seq), seq * 125, repeat('n', 30) from seq_1_to_${rows}`,
  );
  await connection.end();
}

function toSetting(way: string, postgres: TestDatabase, mariadb: TestDatabase): ImportSetting {
  const { scheme, id } = servers[way]!;
  const from = id === 'maria' ? mariadb : postgres;
  const document = `---
tminus: launch
id: bench
roles: { lead: [alice] }
people: { alice: Alice }
environments: { staging: { production: no } }
environment: staging
datastores:
  old: { url: "${scheme}@127.0.0.1:${from.port}/${from.database}" }
  new: { url: "postgres://postgres@127.0.0.1:${postgres.port}/target_${id}" }
---

# Bench

## Gate: ready for T-0 {#ready fresh=1d}

- [ ] [HUMAN] It is done {#done role=lead}

## Orders {#orders}

\`\`\`yaml dataset
source: { on: old, table: orders }
target: { on: new, table: orders }
key: id
\`\`\`
`;
  const read = readTexts({ 'launch.md': document });
  if (!read.ok) throw new Error(problemLines(read).join('\n'));
  const { launch, planHash } = read;
  const candidateSha256 = 'ab'.repeat(32);
  const candidate = { commit: 'c', version: null, url: null, environment: 'staging', extra: {} };
  const binding = { launch: launch.id, planHash, candidateSha256, environment: 'staging' };
  const environment = launch.environments[0]!;
  const scene = { directory: '/', documents: [], launch, planHash, candidate, candidateSha256, environment, binding };
  const open: OpenDatastore = (name, access, signal) => {
    const { kind, url } = launch.datastores.find((one) => one.id === name)!;
    const { password } = name === 'old' ? from : postgres;
    return findDatastoreKind(kind)!.open(
      Object.values(url)[0]!,
      {},
      {
        signal,
        access,
        workspace: '.',
        allow: ['127.0.0.1'],
        forbidden: [],
        password: new SecretValue('bench', Buffer.from(password)),
        now: Date.now,
      },
    );
  };
  const signal = AbortSignal.timeout(1_800_000);
  return { scene, ...findImported(launch, 'orders'), openDatastore: open, chunkRecords: standardChunk, signal };
}

interface Servers {
  postgres: TestDatabase;
  mariadb: TestDatabase;
}

const makeTables = [
  `drop schema if exists shop cascade`,
  'drop schema public cascade',
  'create schema public',
  `create table orders (${columns})`,
];

async function importOnce(store: Store, way: string, { postgres, mariadb }: Servers): Promise<ImportSample[]> {
  await ask(postgres, [...makeTables, 'checkpoint'], `target_${servers[way]!.id}`);
  const setting = toSetting(way, postgres, mariadb);
  const progress = (): void => undefined;
  let id = '';
  const dry = await measure(way, 'dry run', async () => {
    const planned = await planImport(store, setting, { mode: 'full', requester: 'alice', progress });
    ({ id } = planned);
    await passWithoutApproval(store, setting, planned);
  });
  const applied = await measure(way, 'apply', async () => {
    const batch = (await readBatch(store, id))!;
    const { verification, written } = await applyImport(store, setting, { batch, person: 'alice', progress });
    if (verification?.outcome !== 'pass' || written !== rows)
      throw new Error(`${way}: expected ${rows} rows written and verified, got ${written}`);
  });
  return [dry, applied];
}

async function measure(way: string, phase: ImportSample['phase'], work: () => Promise<void>): Promise<ImportSample> {
  const [cpu, before, start] = [process.cpuUsage(), readServerSeconds(), performance.now()];
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const serverSeconds = readServerSeconds() - before;
  return { way, phase, rowsPerSecond: rows / seconds, seconds, cpuSeconds: (user + system) / 1e6, serverSeconds };
}

interface Loader {
  program: string;
  folder: string;
}

/** The same tables by pgloader, in both ways that it has. What it wrote is counted: a loader that loads nothing is fast. */
async function loadTwice(loader: Loader, way: string, { postgres, mariadb }: Servers): Promise<ImportSample[]> {
  const { id } = servers[way]!;
  const from =
    id === 'maria'
      ? `mysql://root:${mariadb.password}@127.0.0.1:${mariadb.port}/${mariadb.database}`
      : `pgsql://postgres:${postgres.password}@127.0.0.1:${postgres.port}/${postgres.database}`;
  const to = `pgsql://postgres:${postgres.password}@127.0.0.1:${postgres.port}/loader_${id}`;
  const only =
    id === 'maria'
      ? `including only table names matching 'orders' alter schema '${mariadb.database}' rename to 'public'`
      : "including only table names matching 'orders' in schema 'public'";
  const found: ImportSample[] = [];
  for (const [phase, how] of [
    ['loader', 'include drop, create tables, create indexes'],
    ['loader into tables', 'data only, create no tables'],
  ] as const) {
    await ask(postgres, [...makeTables, 'checkpoint'], `loader_${id}`);
    const file = join(loader.folder, `${id}.load`);
    writeFileSync(file, `LOAD DATABASE FROM ${from} INTO ${to} WITH ${how} ${only};\n`);
    found.push(await load({ way, phase }, loader.program, file));
    const loaded = await countLoaded(postgres, `loader_${id}`);
    if (loaded !== rows) throw new Error(`pgloader, ${way}, ${phase}: expected ${rows} rows, got ${loaded}`);
  }
  return found;
}

async function load(
  { way, phase }: { way: string; phase: Phase },
  program: string,
  file: string,
): Promise<ImportSample> {
  const [before, start] = [readServerSeconds(), performance.now()];
  const timed = ['-c', 'TIMEFORMAT="cpu %U %S"; time "$0" --quiet "$1"', program, file];
  const child = spawn('bash', timed, { stdio: ['ignore', 'ignore', 'pipe'], timeout: 900_000 });
  const told = await text(child.stderr);
  const seconds = (performance.now() - start) / 1000;
  const serverSeconds = readServerSeconds() - before;
  const [, user, system] = /cpu ([\d.]+) ([\d.]+)/.exec(told) ?? [];
  return {
    way,
    phase,
    rowsPerSecond: rows / seconds,
    seconds,
    cpuSeconds: Number(user) + Number(system),
    serverSeconds,
  };
}

async function countLoaded(postgres: TestDatabase, database: string): Promise<number> {
  const client = new Client({ ...postgres, database });
  await client.connect();
  try {
    const found = await client.query<{ place: string }>(
      `select quote_ident(table_schema) || '.orders' as place from information_schema.tables where table_name = 'orders'`,
    );
    const place = found.rows[0]?.place;
    if (place === undefined) return 0;
    return Number((await client.query<{ n: string }>(`select count(*) as n from ${place}`)).rows[0]?.n);
  } finally {
    await client.end();
  }
}

function toReport(samples: ImportSample[], missing: readonly string[]): DataImportReport {
  const timesPgloader = Object.fromEntries(Object.keys(servers).map((way) => [way, toRatio(way, samples)]));
  const isMet = Object.values(timesPgloader).every(({ apply }) => apply !== null && apply >= goal);
  const lost = missing.length === 0 ? '' : `; NOT MEASURED: ${missing.join(', ')}`;
  return {
    name: 'data-import',
    machine: describeMachine(),
    setting: `${rows} rows of 4 columns into a table with its key, ${rounds} rounds in turns, medians${lost}`,
    timesPgloader,
    goals: { timesPgloader: goal, met: isMet },
    notes: [
      'an import is held against the faster one of the two ways of pgloader in each',
      'apply reads the source twice (held against what was approved before anything is written, and again chunk by chunk as it is written), keeps a digest of every row and reads every row of the target again; pgloader reads once and looks at nothing again',
      'the rows need no mapping; rows that are mapped or skipped by rule are read one by one, which costs the importing process four to five times as much CPU',
      'where the machine has other work, an import that waits for its servers in turn loses more wall time by it than a loader of several threads: look at applyByCpu beside it',
    ],
    samples,
  };
}

function toRatio(way: string, samples: readonly ImportSample[]): Ratio {
  const medianOf = (phase: Phase, of: (sample: ImportSample) => number): number | null => {
    const found = samples.filter((one) => one.way === way && one.phase === phase).map(of);
    return found.toSorted((a, b) => a - b)[found.length >> 1] ?? null;
  };
  const wall = ({ seconds }: ImportSample): number => seconds;
  const cpu = ({ cpuSeconds, serverSeconds }: ImportSample): number => cpuSeconds + serverSeconds;
  const over = (of: typeof wall, ...phases: Phase[]): number | null => {
    const own = phases.map((phase) => medianOf(phase, of));
    const theirs = [medianOf('loader', of), medianOf('loader into tables', of)].filter((one) => one !== null);
    if (theirs.length === 0 || own.includes(null)) return null;
    return Math.min(...theirs) / own.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  };
  return {
    apply: over(wall, 'apply'),
    dryRunAndApply: over(wall, 'dry run', 'apply'),
    applyByCpu: over(cpu, 'apply'),
  };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
