import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { applyFix } from '../../src/engine/data/fix/apply-fix.ts';
import { listFixes, viewFix } from '../../src/engine/data/fix/list-fixes.ts';
import { planFix } from '../../src/engine/data/fix/plan-fix.ts';
import { undoFix } from '../../src/engine/data/fix/undo-fix.ts';
import { hashAddress } from '../../src/engine/mailout/send-mailout.ts';
import type { StoredFix } from '../../src/store/fix-plan.ts';
import { claimDelivery, settleDelivery, takeMailoutKey } from '../../src/store/mailout.ts';
import { openFixStage } from './start-fix.ts';
import type { FixStage } from './start-fix.ts';

let stage: FixStage;
beforeAll(async () => {
  stage = await openFixStage();
});
beforeEach(async () => await stage.reset());
afterAll(async () => await stage.drop());

const plan = (dataset: string): Promise<StoredFix> =>
  planFix(stage.store, stage.setting(), { dataset, requester: 'alice' });
const apply = (fix: StoredFix, policy = '1'): Promise<StoredFix> =>
  applyFix(stage.store, stage.setting(policy), { fix: fix.id, person: 'bob' });
const undo = (fix: StoredFix): Promise<StoredFix> =>
  undoFix(stage.store, stage.setting(), { fix: fix.id, person: 'bob' });

const plantPeople = (): Promise<unknown> =>
  stage.ask(
    'shop',
    `delete from people where id in (7, 8); update people set name = name || ' ' where id in (9, 10);
     update people set email = lower(email) where id = 11; update people set points = points + 1 where id = 12;
     insert into people values (900, 'Stray', null, 0)`,
  );

describe('a fix of differences', () => {
  it('C05 plans only what is declared safe, applies it under guards, verifies it, and undo restores every byte', async () => {
    await plantPeople();
    const before = await stage.digest('people');
    const fix = await plan('people');
    expect(fix.plan.changes.map(({ operation, key, repairs }) => `${operation} ${key[0]} ${repairs[0]}`)).toEqual([
      'insert 7 missing',
      'insert 8 missing',
      'update 9 space',
      'update 10 space',
      'update 11 case',
    ]);
    expect(fix.plan.review.map(({ key, repairs }) => `${key?.[0]} ${repairs}`).toSorted()).toEqual([
      '12 value',
      '900 extra',
    ]);
    await stage.approve(fix);
    const applied = await apply(fix);
    expect(applied).toMatchObject({ state: 'applied', result: { changed: 5, verification: { outcome: 'pass' } } });
    expect(await stage.ask('shop', 'select email from people where id in (7, 11) order by id')).toEqual([
      ['Person7@example.org'],
      ['Person11@example.org'],
    ]);
    expect(await undo(fix)).toMatchObject({ state: 'undone', result: { restored: 5 } });
    expect(await stage.digest('people')).toBe(before);
  });

  it('C05 a second plan after it was applied changes nothing, and the extra row and the odd value are untouched', async () => {
    await plantPeople();
    await apply(await stage.approve(await plan('people')));
    const again = await plan('people');
    expect(again.plan.changes).toEqual([]);
    expect(again.plan.review).toHaveLength(2);
    expect(await stage.ask('shop', 'select id, points from people where id in (12, 900) order by id')).toEqual([
      ['12', '13'],
      ['900', '0'],
    ]);
    await expect(stage.approve(again)).rejects.toThrow('it changes nothing');
  });

  it('values of personal columns stand in no plan, no list and no page, and are read from the source again', async () => {
    await plantPeople();
    const fix = await plan('people');
    expect(JSON.stringify(fix)).not.toContain('@example.org');
    await stage.approve(fix);
    await stage.ask('legacy', `update people set email = 'other@example.org' where id = 7`);
    await expect(apply(fix)).rejects.toThrow('email of a record of the source has changed');
    expect(await stage.ask('shop', 'select count(*) from people where id = 7')).toEqual([['0']]);
    const seen = JSON.stringify(await viewFix(stage.store, fix.id, { offset: 0, limit: 100 }));
    expect(seen).toContain('redacted');
    expect(seen).not.toContain('@example.org');
  });
});

describe('what a fix refuses', () => {
  it('an approval by who asked for it, an unapproved plan, one that was applied, and one of another policy', async () => {
    await plantPeople();
    const fix = await plan('people');
    await expect(apply(fix)).rejects.toThrow('nobody approved it');
    await expect(stage.approve(fix, 'alice')).rejects.toThrow('who asked for it does not approve it');
    await stage.approve(fix);
    const before = await stage.digest('people');
    await expect(apply(fix, '2')).rejects.toThrow('it was planned under policy 1, and the policy is 2');
    expect(await stage.digest('people')).toBe(before);
    await apply(fix);
    const after = await stage.digest('people');
    await expect(apply(fix)).rejects.toThrow('has to be approved or applying, and is applied');
    expect(await stage.digest('people')).toBe(after);
  });

  it('a row that somebody edited since it was planned: nothing at all is changed, and undo does not overwrite an edit either', async () => {
    await plantPeople();
    const fix = await stage.approve(await plan('people'));
    await stage.ask('shop', `update people set points = 77 where id = 10`);
    const edited = await stage.digest('people');
    await expect(apply(fix)).rejects.toThrow('a row that it is to update has changed since it was planned');
    expect(await stage.digest('people')).toBe(edited);
    const next = await stage.approve(await plan('people'));
    await apply(next);
    await stage.ask('shop', `update people set points = 78 where id = 10`);
    const later = await stage.digest('people');
    await expect(undo(next)).rejects.toThrow('a row is no longer what the fix left');
    expect(await stage.digest('people')).toBe(later);
  });

  it('a trigger that changes more than was planned: the rows that are read back are not as planned, and all rolls back', async () => {
    await plantPeople();
    await stage.ask(
      'shop',
      `create function touch() returns trigger language plpgsql as $$ begin new.points := 0; return new; end $$;
       create trigger touch before update on people for each row execute function touch()`,
    );
    const before = await stage.digest('people');
    const fix = await stage.approve(await plan('people'));
    await expect(apply(fix)).rejects.toThrow('points is not as planned when a row is read back');
    expect(await stage.digest('people')).toBe(before);
  });

  it('deletions that would take rows of other tables along: they are counted, and the plan is not approved', async () => {
    await stage.ask(
      'shop',
      `update credential set github_id = 'g' where person_id <= 3;
       create table session (id int primary key, person bigint references credential on delete cascade);
       insert into session values (1, 1), (2, 1), (3, 50);
       create table "Device Key" (id int primary key, person bigint references credential on delete set null);
       insert into "Device Key" values (1, 2)`,
    );
    const fix = await plan('credentials');
    expect(fix.plan.cascades.toSorted((a, b) => b.rows - a.rows)).toEqual([
      { table: 'session', column: 'person', rows: 2 },
      { table: 'Device Key', column: 'person', rows: 1 },
    ]);
    await expect(stage.approve(fix)).rejects.toThrow('would take along or empty 2 rows of session by person');
  });
});

describe('a fix of rules (003)', () => {
  it('C05 tokens are made anew and stand nowhere but in the row; drained passwords are deleted; undo restores both', async () => {
    await stage.ask(
      'shop',
      `update private_profile set unsubscribe_token = null where person_id in (2, 4); update credential set github_id = 'g' where person_id <= 3`,
    );
    const before = [await stage.digest('private_profile'), await stage.digest('credential')];
    const [tokens, drained] = [await plan('profiles'), await plan('credentials')];
    expect(tokens.plan.changes[0]?.values).toEqual([
      { column: 'unsubscribe_token', before: null, after: null, shown: 'generated', from: 'token', sha256: null },
    ]);
    expect(JSON.stringify(drained)).not.toContain('hash-of-');
    for (const fix of [tokens, drained])
      expect(await apply(await stage.approve(fix))).toMatchObject({ result: { verification: { outcome: 'pass' } } });
    const made = (
      await stage.ask('shop', 'select unsubscribe_token from private_profile where person_id in (2, 4)')
    ).flat();
    for (const token of made) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(made).size).toBe(2);
    const kept = await stage.ask(
      'shop',
      `select count(*) from tminus_fix_ledger where row_before || row_key like '%${String(made[0])}%'`,
    );
    expect(kept).toEqual([['0']]);
    expect(await stage.ask('shop', 'select count(*) from credential')).toEqual([['97']]);
    for (const fix of [tokens, drained]) await undo(fix);
    expect([await stage.digest('private_profile'), await stage.digest('credential')]).toEqual(before);
    expect(await stage.ask('shop', 'select count(*) from tminus_fix_ledger')).toEqual([['0']]);
  });

  it('C05 an orphan goes to people whatever the document says, and no fix touches it', async () => {
    await stage.ask('shop', `insert into private_profile values (9001, true, null, 'orphaned')`);
    const fix = await plan('profiles');
    expect(fix.plan.review).toEqual([
      {
        key: ['9001'],
        repairs: 'orphanPrivate',
        reason: 'breaks rule orphanPrivate: orphans are looked at by people, and never changed',
      },
    ]);
    await apply(await stage.approve(fix));
    expect(await stage.ask('shop', 'select note from private_profile where person_id = 9001')).toEqual([['orphaned']]);
    expect(
      await listFixes(stage.store, { launch: 'directory', environment: 'staging', dataset: 'profiles' }),
    ).toMatchObject([{ id: fix.id, state: 'applied', changes: 1, review: 1 }, { state: 'undone' }]);
  });
});

describe('a late deletion', () => {
  const place = { launch: 'directory', environment: 'staging', mailout: 'retirement', mode: 'real' as const };
  const day = 86_400_000;
  async function tell(address: string, over: { mode?: 'test'; state?: 'refused' } = {}): Promise<void> {
    const key = await takeMailoutKey(stage.store, place);
    const hash = hashAddress(key, address);
    const at = { ...place, mode: over.mode ?? place.mode };
    await claimDelivery(stage.store, at, { hash, sender: 'one', messageId: `<${address}>` });
    await settleDelivery(stage.store, at, { hash, sender: 'one', state: over.state ?? 'sent', detail: null });
  }
  const applyAfter = (fix: StoredFix, ms: number): Promise<StoredFix> =>
    applyFix(stage.store, { ...stage.setting(), now: () => Date.now() + ms }, { fix: fix.id, person: 'bob' });
  const idsOf = (): Promise<unknown[][]> => stage.ask('shop', 'select id from account order by id');

  it('C28 a fix that deletes is refused until everybody whose row goes was sent the notice long enough ago', async () => {
    const fix = await plan('unclaimed');
    expect(fix.plan.changes.map(({ operation, key }) => `${operation} ${key[0]}`)).toEqual(['delete 1', 'delete 2']);
    await stage.approve(fix);
    await expect(applyAfter(fix, 15 * day)).rejects.toThrow(/notice retirement of fix retire is not proven: 2 of 2/);
    await tell('ann@example.org');
    await tell('bob@example.org', { mode: 'test' });
    await expect(applyAfter(fix, 15 * day)).rejects.toThrow(/1 of 2 addresses have no notice/);
    await tell('bob@example.org');
    await expect(applyAfter(fix, 13 * day)).rejects.toThrow(/2 of 2 addresses have no notice that is old enough/);
    expect(await idsOf()).toEqual([['1'], ['2'], ['3'], ['4']]);
    expect(await applyAfter(fix, 15 * day)).toMatchObject({ state: 'applied', result: { changed: 2 } });
    expect(await idsOf()).toEqual([['3'], ['4']]);
  });

  it('C28 a row whose address nobody can write to is never deleted by itself', async () => {
    await stage.ask('shop', `update account set email = 'nobody' where id = 2`);
    const fix = await plan('unclaimed');
    await stage.approve(fix);
    await expect(applyAfter(fix, 15 * day)).rejects.toThrow(/1 of 2 addresses have no notice/);
    expect(await idsOf()).toHaveLength(4);
  });
});
