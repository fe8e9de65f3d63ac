import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import plain from 'mysql2';
import mysql from 'mysql2/promise';

import type { DatastoreKindName } from '../src/core/dataset/dataset.ts';
import type { RowQuery } from '../src/core/dataset/datastore-kind.ts';
import { SecretValue } from '../src/core/secret/secret-value.ts';
import { findDatastoreKind } from '../src/kinds/datastores/kinds.ts';
import { startMariaDb } from '../tests/servers/start-mariadb.ts';
import { startPostgres } from '../tests/servers/start-postgres.ts';
import type { ServerMissing, TestDatabase } from '../tests/servers/start-postgres.ts';
import { describeMachine } from './describe-machine.ts';

interface StreamSample {
  side: string;
  rowsPerSecond: number;
  /** CPU of this process, microseconds for each row. */
  cpuPerRow: number;
  peakMegabytes: number;
}

export interface DataStreamReport {
  name: 'data-stream';
  machine: string;
  setting: string;
  sides: { [side: string]: { rowsPerSecond: number; cpuPerRow: number; peakMegabytes: number } };
  goals: { rowsPerSecond: number; peakMegabytes: number; met: boolean };
  samples: StreamSample[];
}

const rows = Number(process.env['TMINUS_BENCH_ROWS'] ?? 300_000);
const rounds = 3;
const columns = `id bigint primary key, t varchar(60), n decimal(12,2), b boolean, note text, dt date, at timestamp(6) null`;

/** Measures canonical rows in the order of the key beside what the driver itself takes for the same rows. */
export async function run(): Promise<DataStreamReport> {
  const [postgres, mariadb] = [await startPostgres(), await startMariaDb()];
  const samples: StreamSample[] = [];
  try {
    if (postgres.state === 'started') await measurePostgres(postgres, samples);
    if (mariadb.state === 'started') await measureMariaDb(mariadb, samples);
  } finally {
    for (const server of [postgres, mariadb]) if (server.state === 'started') await server.stop();
  }
  const missing = [postgres, mariadb].flatMap((server: TestDatabase | ServerMissing) =>
    server.state === 'missing' ? [server.reason] : [],
  );
  return toReport(samples, missing);
}

async function measurePostgres(server: TestDatabase, samples: StreamSample[]): Promise<void> {
  const client = new Client({ ...server });
  await client.connect();
  await client.query(`create table shop (${columns})`);
  await client.query(`insert into shop select i * 3, 'customer ' || i, i * 1.25, i % 2 = 0, case when i % 3 = 0 then null else repeat('n', 30) end,
    date '2020-01-01' + i % 1000, timestamp '2020-01-01' + i * interval '1.000003 s' from generate_series(1, ${rows}) i; analyze shop`);
  const url = `postgres://postgres@127.0.0.1:${server.port}/postgres`;
  for (let round = 0; round < rounds; round += 1) {
    samples.push(await measure('postgres', () => drain('postgres', url, server.password)));
    samples.push(
      await measure('bare COPY', async () => {
        for await (const _ of client.query(copyTo('copy (select * from shop order by id) to stdout'))) void _;
      }),
    );
  }
  await client.end();
}

async function measureMariaDb(server: TestDatabase, samples: StreamSample[]): Promise<void> {
  const { host, port, user, password, database } = server;
  const connection = await mysql.createConnection({ host, port, user, password, database });
  await connection.query(`create table shop (${columns})`);
  await connection.query(`insert into shop select seq * 3, concat('customer ', seq), seq * 1.25, seq % 2, if(seq % 3 = 0, null, repeat('n', 30)),
    date '2020-01-01' + interval seq % 1000 day, timestamp '2020-01-01 00:00:00' + interval seq second from seq_1_to_${rows}`);
  const bare = plain.createConnection({ host, port, user, password, database });
  const url = `mariadb://root@127.0.0.1:${port}/shop`;
  for (let round = 0; round < rounds; round += 1) {
    samples.push(await measure('mariadb', () => drain('mysql', url, password)));
    samples.push(
      await measure('bare select', async () => {
        const query = bare.query({ sql: 'select * from shop order by id', rowsAsArray: true });
        for await (const _ of query.stream()) void _;
      }),
    );
  }
  bare.destroy();
  await connection.end();
}

async function drain(kind: DatastoreKindName, url: string, password: string): Promise<void> {
  const session = await findDatastoreKind(kind)!.open(
    url,
    {},
    {
      signal: new AbortController().signal,
      workspace: '.',
      allow: ['127.0.0.1'],
      forbidden: [],
      password: new SecretValue('bench', Buffer.from(password)),
      access: 'read',
      now: () => 0,
    },
  );
  const shape = await session.describe('shop');
  const read = shape.columns.map(({ name, type, scale }) => ({ name, type, scale }));
  const query: RowQuery = { table: 'shop', columns: read, key: ['id'], where: [], order: 'key', after: null };
  for await (const _ of session.stream(query)) void _;
  await session.close();
}

async function measure(side: string, work: () => Promise<void>): Promise<StreamSample> {
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 20);
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(timer);
  return { side, rowsPerSecond: rows / seconds, cpuPerRow: (user + system) / rows, peakMegabytes: peak / 1024 ** 2 };
}

function toReport(samples: StreamSample[], missing: readonly string[]): DataStreamReport {
  const best = (side: string) => {
    const own = samples.filter((sample) => sample.side === side);
    return {
      rowsPerSecond: Math.max(...own.map(({ rowsPerSecond }) => rowsPerSecond)),
      cpuPerRow: Math.min(...own.map(({ cpuPerRow }) => cpuPerRow)),
      peakMegabytes: Math.max(...own.map(({ peakMegabytes }) => peakMegabytes)),
    };
  };
  const sides = Object.fromEntries([...new Set(samples.map(({ side }) => side))].map((side) => [side, best(side)]));
  const ours = ['postgres', 'mariadb'].flatMap((side) => sides[side] ?? []);
  const isMet =
    ours.length === 2 &&
    ours.every(({ rowsPerSecond, peakMegabytes }) => rowsPerSecond >= 300_000 && peakMegabytes <= 320);
  return {
    name: 'data-stream',
    machine: describeMachine(),
    setting: `${rows} rows of 7 columns in the order of the key, best of ${rounds} rounds${missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`}`,
    sides,
    goals: { rowsPerSecond: 300_000, peakMegabytes: 320, met: isMet },
    samples,
  };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
