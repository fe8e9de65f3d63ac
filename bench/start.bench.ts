import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openStore } from '../src/store/open-store.ts';
import { describeMachine } from './describe-machine.ts';

export interface StartReport {
  name: 'start';
  machine: string;
  setting: string;
  /** Medians, milliseconds: from the call to a store that answered a query. */
  firstMs: number;
  warmMs: number;
  closeMs: number;
  goals: { firstMs: number; warmMs: number; met: boolean };
  samples: { firstMs: number; warmMs: number; closeMs: number }[];
}

const rounds = 7;

/**
 * Measures the store's share of a start: the first one makes cluster, database and schema; a warm one finds them.
 * Loading Node and the modules is not in it; `tminus` as a whole is measured where the command line is.
 */
export async function run(): Promise<StartReport> {
  const samples: StartReport['samples'] = [];
  for (let round = 0; round < rounds; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-'));
    chmodSync(folder, 0o711);
    try {
      const first = await start(join(folder, 'data'));
      const warm = await start(join(folder, 'data'));
      samples.push({ firstMs: first.openMs, warmMs: warm.openMs, closeMs: warm.closeMs });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const firstMs = median(samples.map((sample) => sample.firstMs));
  const warmMs = median(samples.map((sample) => sample.warmMs));
  return {
    name: 'start',
    machine: describeMachine(),
    setting: `${rounds} fresh data directories, embedded Postgres, initdb with checksums and fsync`,
    firstMs,
    warmMs,
    closeMs: median(samples.map((sample) => sample.closeMs)),
    goals: { firstMs: 8000, warmMs: 1000, met: firstMs < 8000 && warmMs < 1000 },
    samples,
  };
}

async function start(dataDirectory: string): Promise<{ openMs: number; closeMs: number }> {
  const before = performance.now();
  const store = await openStore({ dataDirectory, command: 'bench' });
  await store.tables.selectFrom('log').select('id').execute();
  const open = performance.now();
  await store.close();
  return { openMs: open - before, closeMs: performance.now() - open };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
