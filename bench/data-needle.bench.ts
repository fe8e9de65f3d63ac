import { startPostgres } from '../tests/servers/start-postgres.ts';
import { compareTables } from './compare-tables.ts';
import type { CompareSample } from './compare-tables.ts';
import { describeMachine } from './describe-machine.ts';
import { fillNeedle } from './fill-reconcile.ts';

/** R4: one wrong row among many, found without moving them. */
export interface DataNeedleReport {
  name: 'data-needle';
  machine: string;
  setting: string;
  found: number;
  /** Bytes that a side moved over those of its rows. */
  payloadShare: number;
  peakMegabytes: number;
  wallSeconds: number;
  goals: { payloadShare: number; atRows: number; met: boolean };
  samples: CompareSample[];
}

const rows = Number(process.env['TMINUS_BENCH_ROWS'] ?? 300_000);
const goals = { payloadShare: 0.003, atRows: 10_000_000 };

/** Compares two tables that differ in one row. */
export async function run(): Promise<DataNeedleReport> {
  const postgres = await startPostgres();
  if (postgres.state === 'missing') throw new Error(`expected a Postgres, got none: ${postgres.reason}`);
  try {
    const payload = await fillNeedle(postgres, rows);
    const sample = await compareTables({ postgres, mariadb: null, payload }, ['shop', 'single'], 'native');
    const { found, payloadShare, peakMegabytes, wallSeconds } = sample;
    const met = found === 1 && rows >= goals.atRows && payloadShare < goals.payloadShare;
    return {
      name: 'data-needle',
      machine: describeMachine(),
      setting: `one wrong row of ${rows}, native hashes of Postgres; TMINUS_BENCH_ROWS says how many`,
      found,
      payloadShare,
      peakMegabytes,
      wallSeconds,
      goals: { ...goals, met },
      samples: [sample],
    };
  } finally {
    await postgres.stop();
  }
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
