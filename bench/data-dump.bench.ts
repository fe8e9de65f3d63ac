import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readOnlyContext } from '../src/kinds/datastores/records/read-only-context.fixture.ts';
import { mysqldumpKind } from '../src/kinds/datastores/mysqldump/kind.ts';
import { startMariaDb } from '../tests/servers/start-mariadb.ts';
import { describeMachine } from './describe-machine.ts';

export interface DataDumpReport {
  name: 'data-dump';
  machine: string;
  setting: string;
  /** Megabytes (10^6 bytes) a second of CPU: rows found and counted, and rows as canonical lines. */
  tokenizeMbPerSecond: number;
  linesMbPerSecond: number;
  /** Wall seconds of this process, and of `mariadb < dump` in the same run; null where there is no server. */
  tokenizeSeconds: number;
  linesSeconds: number;
  restoreSeconds: number | null;
  tokenizeTimesRestore: number | null;
  /** No goal: how often every value is made canonical while the server stores its own. */
  linesTimesRestore: number | null;
  goals: { tokenizeMbPerSecond: number; tokenizeTimesRestore: number; met: boolean };
  samples: { tokenize: number[]; lines: number[] };
}

const rows = Number(process.env['TMINUS_BENCH_ROWS'] ?? 200_000);
const goals = { tokenizeMbPerSecond: 100, tokenizeTimesRestore: 5 };

/** Measures the reader of dumps beside a server that restores the same file. */
export async function run(): Promise<DataDumpReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-dump-'));
  try {
    const path = join(folder, 'orders.sql');
    writeDump(path);
    const megabytes = statSync(path).size / 1e6;
    const tokenize: number[] = [];
    const lines: number[] = [];
    let [tokenizeSeconds, linesSeconds] = [Infinity, Infinity];
    for (let round = 0; round < 3; round += 1) {
      const session = await mysqldumpKind.open('file:orders.sql', {}, readOnlyContext(folder));
      const told = await measure(() => session.describe('orders'));
      tokenize.push(megabytes / told.cpu);
      tokenizeSeconds = Math.min(tokenizeSeconds, told.wall);
      const { columns } = await session.describe('orders');
      const query = { table: 'orders', columns, key: ['id'], where: [], order: 'any' as const, after: null };
      const taken = await measure(async () => {
        for await (const _ of session.stream(query)) continue;
      });
      lines.push(megabytes / taken.cpu);
      linesSeconds = Math.min(linesSeconds, taken.wall);
    }
    const restoreSeconds = await restore(path);
    const timesOf = (seconds: number): number | null => (restoreSeconds === null ? null : restoreSeconds / seconds);
    const tokenizeTimesRestore = timesOf(tokenizeSeconds);
    const tokenizeMbPerSecond = Math.max(...tokenize);
    const met =
      tokenizeMbPerSecond >= goals.tokenizeMbPerSecond && (tokenizeTimesRestore ?? 0) >= goals.tokenizeTimesRestore;
    return {
      name: 'data-dump',
      machine: describeMachine(),
      setting: `${rows} rows of 9 columns, ${megabytes.toFixed(1)} MB`,
      tokenizeMbPerSecond,
      linesMbPerSecond: Math.max(...lines),
      tokenizeSeconds,
      linesSeconds,
      restoreSeconds,
      tokenizeTimesRestore,
      linesTimesRestore: timesOf(linesSeconds),
      goals: { ...goals, met },
      samples: { tokenize, lines },
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(work: () => Promise<unknown>): Promise<{ cpu: number; wall: number }> {
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - startedAt) / 1e3 };
}

function writeDump(path: string): void {
  const file = openSync(path, 'w');
  writeSync(
    file,
    "/*!40101 SET NAMES utf8mb4 */;\n/*!40103 SET TIME_ZONE='+00:00' */;\nCREATE TABLE `orders` (`id` bigint NOT NULL, `token` char(36), `email` varchar(80), `amount` decimal(12,2), `ratio` double, `flag` tinyint(1), `note` text, `day` date, `at` timestamp(6) NULL, PRIMARY KEY (`id`)) DEFAULT CHARSET=utf8mb4;\n",
  );
  for (let start = 0; start < rows; start += 5000) {
    const values = Array.from({ length: Math.min(5000, rows - start) }, (_, index) => toValues(start + index));
    writeSync(file, `INSERT INTO \`orders\` VALUES ${values.join(',')};\n`);
  }
  closeSync(file);
}

function toValues(id: number): string {
  const note = id % 7 === 0 ? 'NULL' : `'it\\'s a note é with text ${id}\\n'`;
  return `(${id},'3f2504e0-4f89-11d3-9a0c-0305e82c${String(id % 10_000).padStart(4, '0')}','user${id}@example.org',${id}.25,0.${id},1,${note},'2024-02-29','2024-03-30 02:30:00.123456')`;
}

async function restore(path: string): Promise<number | null> {
  const server = await startMariaDb();
  if (server.state === 'missing') return null;
  const file = openSync(path, 'r');
  try {
    const startedAt = performance.now();
    const { host, port, user, password, database } = server;
    const args = ['--no-defaults', `-h${host}`, `-P${port}`, `-u${user}`, `-p${password}`, database];
    const client = spawnSync('mariadb', args, { stdio: [file, 'ignore', 'pipe'], encoding: 'utf8' });
    if (client.status !== 0) throw new Error(`mariadb ended with ${client.status}: ${client.stderr}`);
    return (performance.now() - startedAt) / 1e3;
  } finally {
    closeSync(file);
    await server.stop();
  }
}
