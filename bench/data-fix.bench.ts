import { Client } from 'pg';

import { applyFix } from '../src/engine/data/fix/apply-fix.ts';
import { approveFix, prepareFixApproval } from '../src/engine/data/fix/approve-fix.ts';
import type { FixSetting } from '../src/engine/data/fix/fix-setting.ts';
import { planFix } from '../src/engine/data/fix/plan-fix.ts';
import { undoFix } from '../src/engine/data/fix/undo-fix.ts';
import { signPrepared } from '../src/engine/sign/signer.ts';
import { openPostgresAt } from '../src/kinds/datastores/postgres/session.ts';
import type { Store } from '../src/store/open-store.ts';
import { describeMachine } from './describe-machine.ts';
import { openFixLaunch } from './open-fix-launch.ts';

interface FixSample {
  planMs: number;
  applyMs: number;
  undoMs: number;
}

export interface DataFixReport {
  name: 'data-fix';
  machine: string;
  setting: string;
  /** Medians, milliseconds. */
  plan: number;
  apply: number;
  undo: number;
  total: number;
  goals: { totalMs: number; restored: boolean; met: boolean };
  samples: FixSample[];
}

const rows = Number(process.env['FIX_ROWS'] ?? 20_000);
const wrong = 400;
const rounds = 5;
const digestQuery = `select encode(sha256(string_agg(row_to_json(t)::text, E'\\n' order by id)::bytea), 'hex') as digest from people t`;

/** Plans, applies, verifies and takes back 400 repairs, and sees that every byte is what it was (R7). */
export async function run(): Promise<DataFixReport> {
  const launch = await openFixLaunch();
  const client = new Client({ connectionString: launch.url });
  try {
    await client.connect();
    await fill(client);
    const before = await digestOf(client);
    const setting = { ...launch.setting, data: { ...launch.setting.data, open: openTables(launch.url) } };
    const samples: FixSample[] = [];
    for (let round = 0; round < rounds; round += 1) samples.push(await measure(launch, setting));
    return toReport(samples, before === (await digestOf(client)));
  } finally {
    await client.end();
    await launch.close();
  }
}

function openTables(connectionString: string): FixSetting['data']['open'] {
  return async (_id, access, signal) => await openPostgresAt({ connectionString }, { access, signal });
}

async function fill(client: Client): Promise<void> {
  await client.query(`create table origin (id bigint primary key, name text, total numeric(12,2));
    insert into origin select n, 'Person ' || n, n * 1.25 from generate_series(1, ${rows}) n;
    create table people (like origin including all); insert into people select * from origin;
    update people set name = name || ' ' where id % ${rows / wrong} = 0; analyze`);
}

async function digestOf(client: Client): Promise<string> {
  return (await client.query<{ digest: string }>(digestQuery)).rows[0]?.digest ?? '';
}

async function measure(
  { store, signer }: { store: Store; signer: Parameters<typeof signPrepared>[1] },
  setting: FixSetting,
): Promise<FixSample> {
  const started = performance.now();
  const fix = await planFix(store, setting, { dataset: 'people', requester: 'alice' });
  const planned = performance.now();
  if (fix.plan.changes.length !== wrong) throw new Error(`expected ${wrong} changes, got ${fix.plan.changes.length}`);
  const wish = { fix: fix.id, person: signer.person.id, comment: 'read it' };
  const prepared = await prepareFixApproval(store, setting, wish);
  await approveFix(store, setting, { fix: fix.id, signed: signPrepared(prepared, signer) });
  const approved = performance.now();
  await applyFix(store, setting, { fix: fix.id, person: null });
  const applied = performance.now();
  await undoFix(store, setting, { fix: fix.id, person: null });
  return { planMs: planned - started, applyMs: applied - approved, undoMs: performance.now() - applied };
}

function toReport(samples: FixSample[], restored: boolean): DataFixReport {
  const median = (of: (sample: FixSample) => number): number =>
    samples.map(of).toSorted((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
  const total = median(({ planMs, applyMs, undoMs }) => planMs + applyMs + undoMs);
  return {
    name: 'data-fix',
    machine: describeMachine(),
    setting: `${wrong} of ${rows} rows are wrong (FIX_ROWS); plan compares both tables, apply looks again`,
    plan: median(({ planMs }) => planMs),
    apply: median(({ applyMs }) => applyMs),
    undo: median(({ undoMs }) => undoMs),
    total,
    goals: { totalMs: 1_000, restored, met: restored && total < 1_000 },
    samples,
  };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`);
