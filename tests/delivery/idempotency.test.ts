import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { closeSubmission, guardSubmission, toSubmissionKey } from '../../src/store/idempotency.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

let database: TestDatabase;
let store: Store;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await database.open();
});
afterAll(() => database.drop());

const plan = (name: string) => ({ launch: name, steps: [{ id: 'freeze' }, { id: 'copy', rows: 200 }] });
const submit = (name: string, run: string, key: string | null = null) =>
  guardSubmission(store, { tenant: 'shop', plan: plan(name), key, run });

describe('guardSubmission', () => {
  it('O03 F63 of 100 equal submissions at once exactly one begins a run, all others are told which', async () => {
    const outcomes = await Promise.all(Array.from({ length: 100 }, (_, nr) => submit('parallel', `run-${nr}`)));
    const first = outcomes.filter(({ kind }) => kind === 'first');
    expect(first).toHaveLength(1);
    expect(outcomes.filter(({ kind }) => kind === 'repeated')).toHaveLength(99);
    expect(new Set(outcomes.map(({ run }) => run))).toEqual(new Set([first[0]?.run]));
  });

  it('O03 the same plan of another tenant is another run', async () => {
    expect(await submit('tenants', 'run-a')).toMatchObject({ kind: 'first' });
    const other = await guardSubmission(store, { tenant: 'bank', plan: plan('tenants'), key: null, run: 'run-b' });
    expect(other).toEqual({ kind: 'first', run: 'run-b' });
  });

  it('O03 what failed or was cancelled may be submitted again, what is under way or completed may not', async () => {
    await submit('retry', 'run-1');
    expect(await submit('retry', 'run-2')).toEqual({ kind: 'repeated', run: 'run-1', state: 'open' });
    expect(await closeSubmission(store, { run: 'run-1', state: 'failed' })).toBe(true);
    expect(await submit('retry', 'run-2')).toEqual({ kind: 'first', run: 'run-2' });
    expect(await closeSubmission(store, { run: 'run-2', state: 'cancelled' })).toBe(true);
    expect(await submit('retry', 'run-3')).toEqual({ kind: 'first', run: 'run-3' });
    await closeSubmission(store, { run: 'run-3', state: 'completed' });
    expect(await submit('retry', 'run-4')).toEqual({ kind: 'repeated', run: 'run-3', state: 'completed' });
    expect(await closeSubmission(store, { run: 'run-3', state: 'failed' })).toBe(false);
  });

  it('O03 F63 after 24 hours of the database clock the same plan is a new run, a minute before it is not', async () => {
    await submit('window', 'run-1');
    const age = (text: string) =>
      store.database.pool.query(
        `update tminus.submission set submitted_at = clock_timestamp() - $1::interval where run = 'run-1' and tenant = 'shop'`,
        [text],
      );
    await age('23 hours 59 minutes');
    expect(await submit('window', 'run-2')).toMatchObject({ kind: 'repeated' });
    await age('24 hours');
    expect(await submit('window', 'run-2')).toEqual({ kind: 'first', run: 'run-2' });
  });

  it('O03 F63 one key of the caller with another plan is refused, also after a failure, and both plans are named', async () => {
    await submit('one', 'run-k1', 'key-1');
    const refused = await submit('two', 'run-k2', 'key-1');
    expect(refused).toMatchObject({ kind: 'refused', run: 'run-k1' });
    expect(refused.kind === 'refused' && refused.expected !== refused.got).toBe(true);
    await closeSubmission(store, { run: 'run-k1', state: 'failed' });
    expect(await submit('two', 'run-k2', 'key-1')).toMatchObject({ kind: 'refused' });
    expect(await submit('one', 'run-k3', 'key-1')).toEqual({ kind: 'first', run: 'run-k3' });
  });

  it('O03 a run that is rolled back leaves its key free', async () => {
    const rolledBack = store.tables.transaction().execute(async (tx) => {
      const outcome = await guardSubmission(
        store,
        { tenant: 'shop', plan: plan('rollback'), key: null, run: 'run-1' },
        tx,
      );
      expect(outcome.kind).toBe('first');
      throw new Error('no disk');
    });
    await expect(rolledBack).rejects.toThrow('no disk');
    expect(await submit('rollback', 'run-2')).toEqual({ kind: 'first', run: 'run-2' });
  });
});

describe('toSubmissionKey', () => {
  it('O03 does not depend on the order of fields, and does not change the plan', () => {
    const reverse = (value: Record<string, unknown>) => Object.fromEntries(Object.entries(value).toReversed());
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const frozen = structuredClone(fields);
        const key = toSubmissionKey({ tenant: 'shop', plan: fields, key: null });
        expect(toSubmissionKey({ tenant: 'shop', plan: reverse(fields), key: null })).toEqual(key);
        expect(fields).toEqual(frozen);
        expect(toSubmissionKey({ tenant: 'shop', plan: { ...fields, more: 1 }, key: null }).equals(key)).toBe(
          'more' in fields && fields['more'] === 1,
        );
      }),
    );
  });
});
