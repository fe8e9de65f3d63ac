import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { beginRollout } from '../../src/core/rollout/begin-rollout.ts';
import { rollout, t0 } from '../../src/core/rollout/rollout.fixture.ts';
import { examineJournal } from '../../src/engine/rollout/examine-journal.ts';
import { examineStore } from '../../src/store/doctor.ts';
import { insertShift, writeShift } from '../../src/store/rollout.ts';
import type { Shift } from '../../src/store/rollout.ts';
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

const entry = (said: string) => ({ kind: 'looked', body: { said } });

/** A shift with a journal of four entries, written in two steps. */
function makeShift(): Promise<Shift> {
  const declared = rollout();
  const candidateSha256 = 'c'.repeat(64);
  const state = beginRollout(declared, { candidateSha256, dispersions: {}, nowMs: t0 });
  return store.tables.transaction().execute(async (tx) => {
    const made = await insertShift(
      tx,
      {
        launch: 'shop',
        environment: 'staging',
        rollout: 'new-shop',
        planHash: 'a'.repeat(64),
        candidateSha256,
        requester: 'lea',
        reason: 'wanted',
        declared: { rollout: declared, routers: [], sources: [] },
        setting: {},
        routers: [],
        state,
        pending: [],
      },
      { nowMs: t0, entries: [entry('one'), entry('two')] },
    );
    const more = { pending: [], moved: false, lookAtMs: t0, nowMs: t0, entries: [entry('three'), entry('four')] };
    return writeShift(tx, made, { state, ...more });
  });
}

/** Writes more entries, as later looks do. */
const goOn = (shift: Shift, said: readonly string[]): Promise<Shift> =>
  store.tables.transaction().execute((tx) => {
    const { state } = shift;
    return writeShift(tx, shift, {
      state,
      pending: [],
      moved: false,
      lookAtMs: t0,
      nowMs: t0,
      entries: said.map(entry),
    });
  });

/** Somebody who owns the database takes away what keeps entries as they are, first. */
const tamper = (number: number, { id }: Shift) =>
  store.database.pool
    .query(`alter table tminus.rollout_entry disable trigger user, drop constraint if exists rollout_entry_check;
    update tminus.rollout_entry set body = convert_to(replace(convert_from(body, 'utf8'), 'said', 'sad'), 'utf8') where shift = '${id}' and number = ${number}`);

describe('what pages say of the journal of a shift', () => {
  it('T28 a journal that goes on holds, look by look, and so does one that was read before others wrote', async () => {
    let shift = await makeShift();
    const before = shift;
    for (const said of ['five', 'six', 'seven']) {
      expect(await examineJournal(store, shift)).toBeNull();
      shift = await goOn(shift, [said]);
    }
    expect(await examineJournal(store, shift)).toBeNull();
    expect(await examineJournal(store, before)).toBeNull();
  });

  it('T28 A30 what is new and does not hold is found, by its number', async () => {
    const first = await makeShift();
    expect(await examineJournal(store, first)).toBeNull();
    const shift = await goOn(first, ['five', 'six', 'seven']);
    await tamper(6, shift);
    expect(await examineJournal(store, shift)).toBe(7);
    // Once something is wrong the whole is read, each time.
    await tamper(2, shift);
    expect(await examineJournal(store, shift)).toBe(3);
  });

  it('T28 A30 an end that is not the one that the shift has is found, although nothing is new', async () => {
    const shift = await makeShift();
    expect(await examineJournal(store, shift)).toBeNull();
    expect(await examineJournal(store, { ...shift, head: 'f'.repeat(64) })).toBe(4);
  });

  it('T28 what this process has read is not read again: the doctor reads all of it', async () => {
    const shift = await makeShift();
    expect(await examineJournal(store, shift)).toBeNull();
    await tamper(1, shift);
    expect(await examineJournal(store, shift)).toBeNull();
    expect((await examineStore(store)).shifts.find(({ id }) => id === shift.id)?.broken).toBe(2);
  });

  it('T28 a look costs what is new and not what there is', async () => {
    const shift = await goOn(
      await makeShift(),
      Array.from({ length: 4_000 }, (_, place) => `look ${place}`),
    );
    const timeOf = async (): Promise<number> => {
      const startedAt = performance.now();
      expect(await examineJournal(store, shift)).toBeNull();
      return performance.now() - startedAt;
    };
    const first = await timeOf();
    // The quickest of ten: a machine that is busy makes any one of them late.
    let later = Infinity;
    for (let times = 0; times < 10; times += 1) later = Math.min(later, await timeOf());
    expect(later).toBeLessThan(first / 3);
  });
});
