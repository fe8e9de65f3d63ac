import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { openStore } from '../src/store/open-store.ts';
import type { Store } from '../src/store/open-store.ts';
import { describeMachine } from './describe-machine.ts';
import { measureStepsPerSecond } from './measure-run-steps.ts';
import { medianOf } from './side-by-side.ts';

interface Round {
  perSecond: number;
  heldPerSecond: number;
  deadRows: number;
}

export interface HeldSnapshotReport {
  name: 'held-snapshot';
  machine: string;
  setting: string;
  loadAtEnd: number;
  /** Medians over the rounds. */
  stepsPerSecond: number;
  heldStepsPerSecond: number;
  deadRows: number;
  /** Ratio of the medians. */
  share: number;
  goals: { F26_shareAtLeast: number; met: boolean };
  samples: { rounds: Round[] };
}

const rounds = 3;
const runs = 60;
/** Versions of the head of the events, which every transaction writes: the row that suffers first. */
const headVersions = 10_000;
/** Times that every row of the runs before is written again. */
const rewrites = 20;
const tables = ['tminus.run', 'tminus.step_run', 'tminus.job_claim', 'tminus_delivery.job'];

/** Measures what a snapshot costs that nobody ends, so that no dead row goes away: steps of runs, once without and once with it, in turn. */
export async function run(): Promise<HeldSnapshotReport> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-'));
  chmodSync(folder, 0o711);
  const store = await openStore({ dataDirectory: join(folder, 'data') });
  const samples: Round[] = [];
  try {
    await measureStepsPerSecond(store, runs);
    for (let round = 0; round < rounds; round += 1) {
      await store.database.pool.query('vacuum analyze');
      const perSecond = await measureStepsPerSecond(store, runs);
      samples.push({ perSecond, ...(await measureHeld(store)) });
    }
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return toReport(samples);
}

async function measureHeld(store: Store): Promise<Omit<Round, 'perSecond'>> {
  const holder = new Client({ connectionString: store.database.url });
  await holder.connect();
  try {
    await holder.query('begin isolation level repeatable read');
    await holder.query('select from tminus.event_head');
    await makeDeadRows(store);
    const deadRows = await countDeadRows(store);
    return { heldPerSecond: await measureStepsPerSecond(store, runs), deadRows };
  } finally {
    await holder.end();
  }
}

async function makeDeadRows({ database: { pool } }: Store): Promise<void> {
  await pool.query(
    `do $$ begin for turn in 1..${headVersions} loop update tminus.event_head set cursor = cursor; end loop; end $$`,
  );
  const columns = ['state = state', 'body = body', 'outcome = outcome', 'output = output'];
  for (let turn = 0; turn < rewrites; turn += 1)
    for (const [place, table] of tables.entries()) await pool.query(`update ${table} set ${columns[place]}`);
}

/** Counted by a vacuum that had to leave them. */
async function countDeadRows({ database: { pool } }: Store): Promise<number> {
  await pool.query(`vacuum tminus.event_head, ${tables.join(', ')}`);
  const { rows } = await pool.query<{ count: number }>('select sum(n_dead_tup)::int as count from pg_stat_user_tables');
  return rows[0]?.count ?? 0;
}

function toReport(samples: Round[]): HeldSnapshotReport {
  const without = medianOf(samples.map(({ perSecond }) => perSecond));
  const held = medianOf(samples.map(({ heldPerSecond }) => heldPerSecond));
  const share = held / without;
  return {
    name: 'held-snapshot',
    machine: describeMachine(),
    setting: `${runs} runs of five steps, 4 slots, embedded Postgres, fsync on; ${rounds} rounds, without and with the snapshot in turn`,
    loadAtEnd: loadavg()[0] ?? 0,
    stepsPerSecond: without,
    heldStepsPerSecond: held,
    deadRows: medianOf(samples.map(({ deadRows }) => deadRows)),
    share,
    goals: { F26_shareAtLeast: 0.8, met: share >= 0.8 },
    samples: { rounds: samples },
  };
}
