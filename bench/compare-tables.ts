import { datasetOf } from '../src/core/dataset/dataset.fixture.ts';
import type { OpenDatastore } from '../src/core/dataset/datastore-kind.ts';
import type { ReconcileReport } from '../src/core/dataset/reconcile/reconcile-report.ts';
import { SecretValue } from '../src/core/secret/secret-value.ts';
import { compareDataset } from '../src/kinds/checks/reconcile/compare-dataset.ts';
import type { CompareOptions } from '../src/kinds/checks/reconcile/compare-dataset.ts';
import { findDatastoreKind } from '../src/kinds/datastores/kinds.ts';
import type { TestDatabase } from '../tests/servers/start-postgres.ts';
import { readServerSeconds } from './server-seconds.ts';

/** What one comparison took. */
export interface CompareSample {
  what: string;
  strategy: string;
  found: number;
  wallSeconds: number;
  /** When a person read that a column differs systematically; null where none does. */
  namedSeconds: number | null;
  /** CPU of this process, and of all processes of the servers. */
  clientSeconds: number;
  serverSeconds: number;
  payloadShare: number;
  peakMegabytes: number;
}

const options: CompareOptions = {
  strategy: 'auto',
  full: false,
  sampleSize: 2_000,
  seed: 1,
  samples: 10,
  rechecks: [],
  previous: null,
};

/** Servers with tables, and how large one of them is. */
export interface TablesUnderTest {
  postgres: TestDatabase;
  mariadb: TestDatabase | null;
  /** Bytes of one side as lines. */
  payload: number;
}

/** Compares two tables by the product's own comparison and returns what it took. */
export async function compareTables(
  bench: TablesUnderTest,
  [from, to]: [string, string],
  strategy: CompareOptions['strategy'],
): Promise<CompareSample> {
  const dataset = datasetOf({ id: 'orders', source: { on: from, table: from }, target: { on: to, table: to } });
  let [peak, start]: [number, number] = [0, 0];
  let namedSeconds: number | null = null;
  const progress = (_rows: number, _total: number | null, text: string): void => {
    if (text.includes(' differs in ')) namedSeconds ??= (performance.now() - start) / 1_000;
  };
  const scene = { open: openOf(bench), now: Date.now, signal: new AbortController().signal, progress };
  const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 100);
  const [cpu, servers] = [process.cpuUsage(), readServerSeconds()];
  start = performance.now();
  const { report } = await compareDataset(dataset, { ...options, strategy }, scene);
  const wallSeconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(timer);
  const { missing, extra, changed } = report.differences;
  return {
    what: `${from} against ${to}`,
    strategy: report.strategy,
    found: missing + extra + changed,
    wallSeconds,
    namedSeconds,
    clientSeconds: (user + system) / 1e6,
    serverSeconds: readServerSeconds() - servers,
    payloadShare: shareOf(report, bench.payload),
    peakMegabytes: Math.max(peak, process.memoryUsage.rss()) / 1024 ** 2,
  };
}

function shareOf({ bytes }: ReconcileReport, payload: number): number {
  return (bytes.source + bytes.target) / 2 / payload;
}

function openOf({ postgres, mariadb }: TablesUnderTest): OpenDatastore {
  return async (id, access, signal) => {
    const server = id === 'legacy' && mariadb !== null ? mariadb : postgres;
    const kind = findDatastoreKind(server === mariadb ? 'mysql' : 'postgres');
    if (kind === null || kind === undefined) throw new Error('expected the kind of the datastore, got none');
    const password = new SecretValue('bench', Buffer.from(server.password));
    const context = { signal, workspace: '.', allow: ['127.0.0.1'], forbidden: [], password, access, now: () => 0 };
    const url = `${server === mariadb ? 'mariadb' : 'postgres'}://${server.user}@127.0.0.1:${server.port}/${server.database}`;
    return await kind.open(url, {}, context);
  };
}
