import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

import { startMariaDb } from '../tests/servers/start-mariadb.ts';
import { startPostgres } from '../tests/servers/start-postgres.ts';
import type { TestDatabase } from '../tests/servers/start-postgres.ts';
import { compareTables } from './compare-tables.ts';
import type { CompareSample, TablesUnderTest } from './compare-tables.ts';
import { describeMachine } from './describe-machine.ts';
import { ask, fillMariaDb, fillPostgres } from './fill-reconcile.ts';
import { readServerSeconds } from './server-seconds.ts';

export interface DataReconcileReport {
  name: 'data-reconcile';
  machine: string;
  setting: string;
  /** CPU of one warm `count(*)`, of the server. */
  countSeconds: number;
  /** CPU of the native comparison, client and servers, in such counts for each side. */
  nativeTimesCount: number;
  bucketPayloadShare: number | null;
  oneWrongPayloadShare: number;
  streamRowsPerSecond: number | null;
  /** CPU of this process for each pair of rows: what the load of the machine does not change. */
  streamMicrosecondsPerPair: number | null;
  /** What this many cores could stream of each side if nothing else ran: by the CPU of this process, which is one thread, and of the servers. */
  streamLimitRowsPerSecond: number | null;
  streamPeakMegabytes: number | null;
  /** Until a column that differs everywhere is named, which is before anything is counted; and until its report, with the counts, stands. */
  systematicMilliseconds: number;
  systematicReportMilliseconds: number;
  reladiff: string;
  goals: {
    nativeTimesCount: number;
    bucketPayloadShare: number;
    oneWrongPayloadShare: number;
    streamRowsPerSecond: number;
    peakMegabytes: number;
    systematicMilliseconds: number;
    met: boolean;
  };
  samples: CompareSample[];
}

const rows = Number(process.env['TMINUS_BENCH_ROWS'] ?? 300_000);
const planted = 388;
const goals = {
  nativeTimesCount: 24,
  bucketPayloadShare: 0.005,
  oneWrongPayloadShare: 0.003,
  streamRowsPerSecond: 300_000,
  peakMegabytes: 320,
  systematicMilliseconds: 1_000,
};
/** Measures comparisons of the same rows with 388 differences, with one, and with a column that differs everywhere. */
export async function run(): Promise<DataReconcileReport> {
  const [postgres, mariadb] = [await startPostgres(), await startMariaDb()];
  if (postgres.state === 'missing') throw new Error(`expected a Postgres, got none: ${postgres.reason}`);
  try {
    const payload = await fillPostgres(postgres, rows);
    if (mariadb.state === 'started') await fillMariaDb(mariadb, rows);
    return await measureAll({ postgres, mariadb: mariadb.state === 'started' ? mariadb : null, payload });
  } finally {
    await postgres.stop();
    if (mariadb.state === 'started') await mariadb.stop();
  }
}

async function measureAll(bench: TablesUnderTest): Promise<DataReconcileReport> {
  const { postgres, mariadb } = bench;
  const countSeconds = await measureCount(postgres);
  // First, so that its memory is its own and not what the others left.
  const stream = mariadb && (await compareTables(bench, ['legacy', 'bent'], 'stream'));
  const native = await compareTables(bench, ['shop', 'bent'], 'native');
  const oneWrong = await compareTables(bench, ['shop', 'single'], 'native');
  const bucket = mariadb && (await compareTables(bench, ['legacy', 'bent'], 'bucket'));
  const systematic = await compareTables(bench, ['shop', 'shifted'], 'auto');
  const samples = [stream, native, oneWrong, bucket, systematic].filter((one) => one !== null);
  const figures = {
    nativeTimesCount: (native.clientSeconds + native.serverSeconds) / 2 / countSeconds,
    bucketPayloadShare: bucket?.payloadShare ?? null,
    oneWrongPayloadShare: oneWrong.payloadShare,
    streamRowsPerSecond: stream && rows / stream.wallSeconds,
    streamMicrosecondsPerPair: stream && (stream.clientSeconds / rows) * 1e6,
    streamLimitRowsPerSecond:
      stream &&
      rows / Math.max(stream.clientSeconds, (stream.clientSeconds + stream.serverSeconds) / availableParallelism()),
    streamPeakMegabytes: stream?.peakMegabytes ?? null,
    systematicMilliseconds: (systematic.namedSeconds ?? Infinity) * 1_000,
    systematicReportMilliseconds: systematic.wallSeconds * 1_000,
  };
  const isFound =
    [native, bucket, stream].every((one) => one === null || one.found === planted) && oneWrong.found === 1;
  return {
    name: 'data-reconcile',
    machine: describeMachine(),
    setting: `${rows} rows of 8 columns, ${planted} planted differences${isFound ? ', all found and no other' : ', NOT FOUND AS PLANTED'}${mariadb === null ? '; MariaDB missing' : ''}`,
    countSeconds,
    ...figures,
    reladiff: describeReladiff(),
    goals: { ...goals, met: isFound && isMet(figures) },
    samples,
  };
}

type Figures = Omit<
  DataReconcileReport,
  'name' | 'machine' | 'setting' | 'countSeconds' | 'reladiff' | 'goals' | 'samples'
>;

function isMet(figures: Figures): boolean {
  return (
    figures.nativeTimesCount <= goals.nativeTimesCount &&
    (figures.bucketPayloadShare ?? Infinity) <= goals.bucketPayloadShare &&
    figures.oneWrongPayloadShare <= goals.oneWrongPayloadShare &&
    (figures.streamRowsPerSecond ?? 0) >= goals.streamRowsPerSecond &&
    (figures.streamPeakMegabytes ?? Infinity) <= goals.peakMegabytes &&
    figures.systematicMilliseconds <= goals.systematicMilliseconds
  );
}

/** The other tool is measured only where somebody has installed it: Debian does not package it. */
function describeReladiff(): string {
  const { status } = spawnSync('sh', ['-c', 'command -v "$0"', 'reladiff']);
  return status === 0 ? 'is installed, and not run by this bench' : 'NOT MEASURED: reladiff is not installed here';
}

/** The third of three, so that it is warm. One process does it, as the comparison does. */
async function measureCount(server: TestDatabase): Promise<number> {
  let seconds = Infinity;
  for (let round = 0; round < 3; round += 1) {
    const before = readServerSeconds();
    await ask(server, [
      'set max_parallel_workers_per_gather = 0',
      ...Array.from({ length: 20 }, () => 'select count(*) from shop'),
    ]);
    seconds = (readServerSeconds() - before) / 20;
  }
  return seconds;
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
