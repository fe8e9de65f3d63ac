import { setTimeout as pause } from 'node:timers/promises';

import { sql } from 'kysely';
import { Pool } from 'pg';

import type { StepContext, StepKind, StepOutcome } from '../../src/core/step/step-kind.ts';
import type { StoreTransaction } from '../../src/store/transaction.ts';
import type { Call } from './history.ts';

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
    applied_at timestamptz, ended_at timestamptz);
  create table if not exists public.remembered (key text primary key)`;

/** Makes the tables of the ledger; once, before processes use it. */
export async function createCallLedger(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  await pool.query(schema);
  await pool.end();
}

/**
 * Returns the ledger. The text of a step says what the target is like: `once` remembers keys and refuses a repeat; `plain` does it again each time it
 * is called. `slow 300` takes so many milliseconds before the effect and heeds the signal; `fail` fails without an effect; `throw` throws.
 */
export function openCallLedger(url: string): CallLedger {
  const pool = new Pool({ connectionString: url, max: 3 });
  pool.on('error', () => undefined);
  return {
    kind: toKind(pool),
    isApplied: (key) => isApplied(pool, key),
    close: () => pool.end(),
  };
}

async function isApplied(pool: Pool, key: string): Promise<boolean> {
  const { rows } = await pool.query('select 1 from public.call where key = $1 and applied_at is not null', [key]);
  return rows.length > 0;
}

function toKind(pool: Pool): StepKind {
  return {
    kind: 'ledger',
    summary: 'calls a ledger',
    jsonSchema: {},
    fenceLanguages: ['ledger'],
    readSpec: (spec) => ({ ok: true, spec: spec as object as never }),
    readFence: ({ text }) => ({ ok: true, spec: { text: text.trim() } }),
    actionClass: () => 'medium_modify',
    listEffects: () => [{ does: 'write', target: 'ledger', text: 'adds a row' }],
    undoSpec: () => null,
    run: (spec, context) => call(pool, (spec['text'] as string).split(' '), context),
    async probe(_spec, { idempotencyKey }) {
      return (await isApplied(pool, idempotencyKey))
        ? { result: 'applied', detail: 'the row is there' }
        : { result: 'not_applied', detail: 'no row' };
    },
  };
}

async function call(pool: Pool, words: readonly string[], context: StepContext): Promise<StepOutcome> {
  const { idempotencyKey: key, attempt, fence, assetFences, variables } = context;
  const { rows } = await pool.query<{ id: string }>(
    'insert into public.call (key, run, step, attempt, fence, assets, pid) values ($1, $2, $3, $4, $5, $6, $7) returning id',
    [
      key,
      variables['TMINUS_RUN'],
      variables['TMINUS_STEP'],
      attempt,
      fence,
      JSON.stringify(Object.fromEntries(assetFences)),
      process.pid,
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
  { signal, log }: StepContext,
): Promise<StepOutcome> {
  log('out', `calls ${key}\n`);
  const slow = words.indexOf('slow');
  if (slow >= 0) {
    const waited = await pause(Number(words[slow + 1]), 'over', { signal }).catch(() => 'stopped');
    if (waited === 'stopped') return { outcome: 'stopped', detail: 'asked to stop', facts: {} };
  }
  if (words.includes('fail'))
    return { outcome: 'failed', detail: 'expected success, got a step that fails', facts: {} };
  if (words.includes('throw')) throw new Error('a kind that throws');
  if (words[0] === 'once') {
    const { rowCount } = await pool.query(
      `with mine as (insert into public.remembered (key) values ($1) on conflict do nothing returning key)
        update public.call set applied_at = clock_timestamp() where id = $2 and exists (select from mine)`,
      [key, id],
    );
    return { outcome: 'done', detail: rowCount === 1 ? 'applied' : 'was applied before', facts: {} };
  }
  await pool.query('update public.call set applied_at = clock_timestamp() where id = $1', [id]);
  return { outcome: 'done', detail: 'applied', facts: {} };
}

/** Returns every call as the system saw it, within a snapshot of whoever asks. */
export async function readCalls(tx: StoreTransaction): Promise<Call[]> {
  const { rows } = await sql<Call>`
    select key, run, step, attempt, fence::int as fence, assets, pid, (extract(epoch from began_at) * 1000)::float8 as "beganAtMs",
       (extract(epoch from applied_at) * 1000)::float8 as "appliedAtMs", (extract(epoch from ended_at) * 1000)::float8 as "endedAtMs"
       from public.call order by id`.execute(tx);
  return rows;
}
