import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { DatastoreSession } from '../../src/core/dataset/datastore-kind.ts';
import type { DataRule } from '../../src/core/dataset/dataset.ts';
import { judgeRules } from '../../src/core/dataset/rules/rules-report.ts';
import { findRepaired } from '../../src/engine/data/fix/fix-setting.ts';
import { evaluateRules } from '../../src/kinds/checks/data-rules/evaluate-rules.ts';
import type { EvaluatedRules } from '../../src/kinds/checks/data-rules/evaluate-rules.ts';
import { sqliteKind } from '../../src/kinds/datastores/sqlite/kind.ts';
import { openFixStage } from './start-fix.ts';
import type { FixStage } from './start-fix.ts';

let stage: FixStage;
beforeAll(async () => {
  stage = await openFixStage();
});
beforeEach(async () => await stage.reset());
afterAll(async () => await stage.drop());

/** Sessions that answer no questions, as files have them: rows can only be streamed. */
type Way = 'asked' | 'streamed';

const evaluate = async (dataset: string, way: Way = 'asked', rules?: DataRule[]): Promise<EvaluatedRules> => {
  const setting = stage.setting();
  const found = findRepaired(setting, dataset);
  const open = async (...wish: Parameters<typeof setting.data.open>): Promise<DatastoreSession> => {
    const session = await setting.data.open(...wish);
    return way === 'asked' ? session : { ...session, ask: null };
  };
  const scene = { ...setting, datasets: setting.data.datasets, open };
  return await evaluateRules(
    rules === undefined ? found : { ...found, rules },
    { rules: null, samples: 3, keep: 100 },
    scene,
  );
};

const foundBy = ({ report, keys }: EvaluatedRules): { [rule: string]: (string | null)[] } =>
  Object.fromEntries(
    report.rules
      .filter(({ violations }) => violations !== 0)
      .map(({ rule, violations }) => [
        rule,
        violations === null ? [null] : (keys.get(rule) ?? []).map(([id]) => id ?? null),
      ]),
  );

describe.each<Way>(['asked', 'streamed'])('rules, %s', (way) => {
  it('C04 clean data keeps every rule, and all that look at one row are counted in one pass', async () => {
    const { report } = await evaluate('public', way);
    const notAsked = way === 'asked' ? [] : ['numbers'];
    expect(report.rules.filter(({ violations }) => violations !== 0).map(({ rule }) => rule)).toEqual(notAsked);
    expect(judgeRules(report).verdict).toBe(way === 'asked' ? 'holds' : 'inconclusive');
    const passes = report.rules.filter(({ how }) => how === 'pass').map(({ rule }) => rule);
    expect(passes).toEqual(way === 'asked' ? ['states', 'enough', 'points', 'numbers'] : []);
  });

  it('C04 each planted row is found by its rule, and by no other', async () => {
    await stage.ask(
      'shop',
      `insert into public_person values (9001, 9001, 'person-1', 'gone', null, 5);
       update public_person set slug = 'Über uns' where person_id = 20; update public_person set team = 'team-1' where person_id = 30`,
    );
    expect(foundBy(await evaluate('public', way))).toEqual({
      orphanPublic: ['9001'],
      'one-slug': ['1', '9001'],
      states: ['9001'],
      pattern: ['20'],
      'at-most-two': ['2', '3', '30'],
      points: [],
      numbers: way === 'asked' ? [] : [null],
    });
  });

  it('C04 the classes of 003 are rules: orphans on both sides, newsletters without a token, passwords that were drained', async () => {
    await stage.ask(
      'shop',
      `insert into private_profile values (9002, false, null, null); insert into private_profile values (9003, true, null, null);
       update credential set github_id = 'g' where person_id = 5; insert into public_person values (9004, 1, 'x', 'live', null, 0)`,
    );
    expect(foundBy(await evaluate('profiles', way))).toEqual({
      orphanPrivate: ['9002', '9003'],
      inconsistentNewsletter: ['9003'],
    });
    expect(foundBy(await evaluate('credentials', way))).toEqual({ drainedLegacyPasswords: ['5'] });
    expect(foundBy(await evaluate('public', way))).toMatchObject({ orphanPublic: ['9004'] });
  });

  it('a table without rows holds nothing, and a rule that cannot be read is not asked', async () => {
    await stage.ask('shop', 'truncate credential');
    expect(judgeRules((await evaluate('credentials', way)).report).verdict).toBe('inconclusive');
    const odd: DataRule[] = [{ id: 'odd', kind: 'sum', body: { sum: 'points', equal: '1' } }];
    const { report } = await evaluate('public', way, odd);
    expect(report.rules[0]).toMatchObject({ violations: null, note: expect.stringContaining('got equal') as string });
    expect(judgeRules(report).verdict).toBe('inconclusive');
  });
});

describe('rules of SQLite', () => {
  it('C04 are asked in its own words, with names and values that would break out of quotes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tminus-rules-'));
    const file = new DatabaseSync(join(folder, 'a.db'), { timeout: 30_000 });
    file.exec(`create table "odd ""table" (id integer primary key, "a 'b" text, parent integer, cents integer);
      insert into "odd ""table" values (1, 'it''s', null, 3), (2, 'It''s', 1, 4), (3, 'x', 9, 5)`);
    file.close();
    const setting = stage.setting();
    const dataset = {
      ...findRepaired(setting, 'credentials'),
      source: { on: 'x', table: 'odd "table' },
      key: ['id'],
      rules: [
        { id: 'value', kind: 'implies' as const, body: { implies: `=> "a 'b" in "it's", x` } },
        { id: 'once', kind: 'unique' as const, body: { unique: ["a 'b"] } },
        { id: 'parents', kind: 'orphans' as const, body: { column: 'parent', to: 'odd "table', key: 'id' } },
        { id: 'sum', kind: 'sum' as const, body: { sum: 'cents', equals: '12' } },
      ],
    };
    const context = { workspace: folder, allow: [], forbidden: [], password: null, now: Date.now };
    const open: typeof setting.data.open = (_id, access, signal) =>
      sqliteKind.open('sqlite:a.db', {}, { ...context, signal, access });
    try {
      const found = await evaluateRules(
        dataset,
        { rules: null, samples: 3, keep: 10 },
        { ...setting, datasets: [], open },
      );
      expect(foundBy(found)).toEqual({ value: ['2'], parents: ['3'] });
      expect(found.report.rules.map(({ how }) => how)).toEqual(['pass', 'question', 'question', 'pass']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
