import { setTimeout as pause } from 'node:timers/promises';

import { sql } from 'kysely';
import { Pool } from 'pg';

import type { StepContext, StepKind, StepOutcome } from '../../src/core/step/step-kind.ts';
import type { StoreTransaction } from '../../src/store/transaction.ts';
import { toLedgerKind } from '../runs/ledger-kind.ts';
import type { Call } from './history.ts';
import { strain } from './strain.ts';

/** A foreign system that writes down every call before it does anything. */
export interface CallLedger {
  kind: StepKind;
  /** What a person sees who looks: whether the effect is there. */
  isApplied(key: string): Promise<boolean>;
  close(): Promise<void>;
}

const schema = `
  create table if not exists public.call (id bigint generated always as identity primary key, key text not null, run text not null, step text not null,
    attempt int not null, fence bigint not null, assets jsonb not null, pid int not null, began_at timestamptz not null default clock_timestamp(),
    applied_at timestamptz, ended_at timestamptz, own_clock timestamptz, told_clock timestamptz);
  create table if not exists public.remembered (key text primary key)`;

/** Makes the tables of the ledger; once, before processes use it. */
export async function createCallLedger(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  await pool.query(schema);
  await pool.end();
}

/**
 * Returns the ledger. The text of a step says what the target is like: `once` remembers keys and refuses a repeat; `plain` does it again each time it
 * is called; `fenced` remembers keys and refuses whoever has been overtaken by a greater fence. `slow 300` takes so many milliseconds before the effect and
 * heeds the signal; `overtaken` waits in its first attempt until another one has called; `print 300` prints so many numbered lines; `fail` fails without
 * an effect; `throw` throws; the words of `strain` are hard on the process itself.
 */
export function openCallLedger(url: string): CallLedger {
  const pool = new Pool({ connectionString: url, max: 3 });
  pool.on('error', () => undefined);
  return {
    kind: toLedgerKind({
      run: (text, context) => call(pool, text.split(' '), context),
      isApplied: (key) => isApplied(pool, key),
    }),
    isApplied: (key) => isApplied(pool, key),
    close: () => pool.end(),
  };
}

async function isApplied(pool: Pool, key: string): Promise<boolean> {
  const { rows } = await pool.query('select 1 from public.call where key = $1 and applied_at is not null', [key]);
  return rows.length > 0;
}

async function call(pool: Pool, words: readonly string[], context: StepContext): Promise<StepOutcome> {
  const { idempotencyKey: key, attempt, fence, assetFences, variables } = context;
  const { rows } = await pool.query<{ id: string }>(
    'insert into public.call (key, run, step, attempt, fence, assets, pid, own_clock, told_clock) values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id',
    [
      key,
      variables['TMINUS_RUN'],
      variables['TMINUS_STEP'],
      attempt,
      fence,
      JSON.stringify(Object.fromEntries(assetFences)),
      process.pid,
      new Date(),
      new Date(context.now()),
    ],
  );
  const id = rows[0]!.id;
  const outcome = await act(pool, { words, id, key }, context);
  await pool.query('update public.call set ended_at = clock_timestamp() where id = $1', [id]);
  return outcome;
}

async function act(
  pool: Pool,
  { words, id, key }: { words: readonly string[]; id: string; key: string },
  { signal, log, fence, attempt }: StepContext,
): Promise<StepOutcome> {
  log('out', `calls ${key}\n`);
  const seen = await strain(words);
  if (seen !== null) log('out', `${seen}\n`);
  const lines = words.includes('print') ? Number(words[words.indexOf('print') + 1]) : 0;
  for (let line = 0; line < lines; line += 1) log('out', toPrinted(line));
  if (words.includes('overtaken') && attempt === 1) await untilOvertaken(pool, key, fence);
  const slow = words.indexOf('slow');
  if (slow >= 0) {
    const waited = await pause(Number(words[slow + 1]), 'over', { signal }).catch(() => 'stopped');
    if (waited === 'stopped') return { outcome: 'stopped', detail: 'asked to stop', facts: {} };
  }
  if (words.includes('fail'))
    return { outcome: 'failed', detail: 'expected success, got a step that fails', facts: {} };
  if (words.includes('throw')) throw new Error('a kind that throws');
  if (words[0] === 'once' || words[0] === 'fenced') {
    const isCurrent =
      words[0] === 'once' ? '' : 'where not exists (select from public.call where key = $1 and id > $2 and fence > $3)';
    const { rowCount } = await pool.query(
      `with mine as (insert into public.remembered (key) select $1 ${isCurrent} on conflict do nothing returning key)
        update public.call set applied_at = clock_timestamp() where id = $2 and exists (select from mine)`,
      words[0] === 'once' ? [key, id] : [key, id, fence],
    );
    return { outcome: 'done', detail: rowCount === 1 ? 'applied' : 'was applied before', facts: {} };
  }
  await pool.query('update public.call set applied_at = clock_timestamp() where id = $1', [id]);
  return { outcome: 'done', detail: 'applied', facts: {} };
}

async function untilOvertaken(pool: Pool, key: string, fence: number): Promise<void> {
  for (;;) {
    const { rows } = await pool.query('select 1 from public.call where key = $1 and fence > $2', [key, fence]);
    if (rows.length > 0) return;
    await pause(100);
  }
}

/** Returns a line of `print`; each is another, 100 bytes long. */
export function toPrinted(line: number): string {
  return `${`line ${line} `.padEnd(99, '.')}\n`;
}

/** Returns every call as the system saw it, within a snapshot of whoever asks. */
export async function readCalls(tx: StoreTransaction): Promise<Call[]> {
  const { rows } = await sql<Call>`
    select key, run, step, attempt, fence::int as fence, assets, pid, (extract(epoch from began_at) * 1000)::float8 as "beganAtMs",
       (extract(epoch from applied_at) * 1000)::float8 as "appliedAtMs", (extract(epoch from ended_at) * 1000)::float8 as "endedAtMs"
       from public.call order by id`.execute(tx);
  return rows;
}
