import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { beginRollout } from '../../src/core/rollout/begin-rollout.ts';
import { rollout, t0 } from '../../src/core/rollout/rollout.fixture.ts';
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

/** Somebody who owns the database takes away what keeps entries as they are, first. */
const tamper = (change: string, { id }: Shift) =>
  store.database.pool
    .query(`alter table tminus.rollout_entry disable trigger user, drop constraint if exists rollout_entry_check;
    ${change.replaceAll('$shift', `'${id}'`)}`);

async function brokenOf({ id }: Shift): Promise<number | null | undefined> {
  return (await examineStore(store)).shifts.find((one) => one.id === id)?.broken;
}

describe('what the doctor says of journals of shifts', () => {
  it('T28 a journal that nobody touched holds, whatever became of others', async () => {
    const [whole, spoiled] = [await makeShift(), await makeShift()];
    await tamper(`update tminus.rollout_entry set body = 'x' where shift = $shift and number = 1`, spoiled);
    expect(await brokenOf(spoiled)).toBe(1);
    expect((await examineStore(store)).shifts).toContainEqual(
      expect.objectContaining({ id: whole.id, launch: 'shop', rollout: 'new-shop', entries: 4, broken: null }),
    );
  });

  it.each([
    [
      'an entry says something else',
      `set body = convert_to(replace(convert_from(body, 'utf8'), 'two', 'tow'), 'utf8') where number = 2`,
      3,
    ],
    [
      'the last entry says something else',
      `set body = convert_to(replace(convert_from(body, 'utf8'), 'four', 'five'), 'utf8') where number = 4`,
      4,
    ],
  ])('T28 A30 is broken where %s', async (_, change, at) => {
    const shift = await makeShift();
    expect(await brokenOf(shift)).toBeNull();
    await tamper(`update tminus.rollout_entry ${change} and shift = $shift`, shift);
    expect(await brokenOf(shift)).toBe(at);
  });

  it.each([
    ['in the middle', 3, 3],
    ['at its end', 4, 4],
  ])('T28 A30 is broken where an entry %s is gone', async (_, gone, at) => {
    const shift = await makeShift();
    await tamper(`delete from tminus.rollout_entry where shift = $shift and number = ${gone}`, shift);
    expect(await brokenOf(shift)).toBe(at);
  });
});
