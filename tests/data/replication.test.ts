import type { JsonObject } from '@tminus/verify';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { judge } from '../../src/core/check/judge.ts';
import { readExpectation } from '../../src/core/check/read-expectation.ts';
import { sqlKind } from '../../src/kinds/checks/sql/kind.ts';
import { rehearsalReader } from '../../src/kinds/checks/rehearsal/reader.ts';
import {
  candidate,
  planHash,
  rehearsedAt,
  sampleFile,
  wayBackPass,
} from '../../src/kinds/checks/rehearsal/sample-report.fixture.ts';
import { toMomentSource } from '../../src/kinds/checks/moment.ts';
import { toStatSource } from '../../src/kinds/checks/file-stat.ts';
import { run } from '../contract/check-kind.ts';
import { startPostgres } from '../servers/start-postgres.ts';
import type { TestPostgres } from '../servers/start-postgres.ts';

const primary = await startPostgres();
let standby: TestPostgres;

/** How far the standby is behind, in bytes; a standby that is not there has no row, and what may not be seen is null. */
const lag = `select pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint as behind from pg_stat_replication where state = 'streaming'`;
const limit = 'value <= 1048576';

const urlOf = ({ port }: TestPostgres, user = 'postgres'): string => `postgres://${user}@127.0.0.1:${port}/postgres`;

async function onServer(server: TestPostgres, sql: string): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port: server.port,
    user: 'postgres',
    password: server.password,
    database: 'postgres',
  });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function judgedBy(texts: readonly string[], facts: JsonObject): string {
  const expectations = texts.map((text) => {
    const read = readExpectation(text);
    if (!read.ok) throw new Error(text);
    return read.expectation;
  });
  return judge(expectations, { state: 'readable', facts }).outcome;
}

/** What a check of a document comes to, asked for real. */
async function ask(server: TestPostgres, query: string, expected: string, user = 'postgres'): Promise<string> {
  const written = { url: urlOf(server, user), query, passwordEnv: 'TMINUS_TEST_REPLICATION' };
  const { record } = await run(sqlKind, { written, allow: ['127.0.0.1'] });
  return record.facts === null ? `unknown: ${record.trouble?.code}` : judgedBy([expected], record.facts);
}

/** Asks until the answer is this one; what never becomes so is what it was at the end. */
async function settled(wanted: string, answer: () => Promise<string>): Promise<string> {
  let got = await answer();
  for (let round = 0; round < 600 && got !== wanted; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    got = await answer();
  }
  return got;
}

describe.skipIf(primary.state === 'missing')(
  `a standby ${primary.state === 'missing' ? primary.reason : ''}`,
  { timeout: 180_000 },
  () => {
    const main = primary as TestPostgres;

    beforeAll(async () => {
      process.env['TMINUS_TEST_REPLICATION'] = main.password;
      await onServer(main, `create role watcher login password '${main.password}'`);
      standby = await main.follow();
    }, 180_000);
    afterAll(async () => {
      delete process.env['TMINUS_TEST_REPLICATION'];
      await standby.stop();
      await main.stop();
    });

    it('O38 that follows passes, and one that falls behind fails', async () => {
      expect(await settled('pass', () => ask(main, lag, limit))).toBe('pass');
      await onServer(standby, 'select pg_wal_replay_pause()');
      await onServer(main, `create table filler as select repeat('x', 1000) from generate_series(1, 5000)`);
      expect(await settled('fail', () => ask(main, lag, limit))).toBe('fail');
      await onServer(standby, 'select pg_wal_replay_resume()');
      expect(await settled('pass', () => ask(main, lag, limit))).toBe('pass');
    });

    it('O38 what an account may not see is unknown, and no lag of nothing', async () => {
      expect(await ask(main, lag, limit, 'watcher')).toBe('unknown');
      // The other way to write it would have passed on nothing at all.
      expect(await ask(main, `select coalesce(max(behind), 0) from (${lag}) as each`, limit, 'watcher')).toBe('pass');
    });

    it('O38 a standby that is gone is unknown; after a failover the old side is unknown, and the new one takes writes', async () => {
      const isPrimary = 'select not pg_is_in_recovery() as holds';
      expect(await ask(standby, isPrimary, 'holds == true')).toBe('fail');
      await main.crash();
      expect(await ask(main, lag, limit)).toMatch(/^unknown: /);
      await onServer(standby, 'select pg_promote()');
      expect(await settled('pass', () => ask(standby, isPrimary, 'holds == true'))).toBe('pass');
      expect(await ask(standby, 'select count(*) from filler', 'value == 5000')).toBe('pass');
      expect(await ask(standby, lag, limit)).toBe('unknown');
    });
  },
);

describe('a failover drill', () => {
  const spec: JsonObject = { procedure: 'failover', times: 1, path: 'reports', maxAge: '30d', planHash, candidate };
  const expected = [...rehearsalReader.defaultExpectations(spec), 'undoMs < 900000'];
  const dayMs = 86_400_000;

  function outcomeOf(text: string, ageMs = dayMs): string {
    const bytes = new TextEncoder().encode(text);
    const stat = { path: '0.json', size: bytes.length, sha256: '', ageMs: 0, kept: 'whole' as const };
    const reading = rehearsalReader.parse(spec, [
      { name: '0.json', mediaType: 'application/json', bytes },
      toStatSource({ files: [stat] }),
      toMomentSource(Date.parse(rehearsedAt) + ageMs),
    ]);
    return reading.state === 'readable' ? judgedBy(expected, reading.facts) : `unknown: ${reading.trouble.code}`;
  }

  it('O38 counts by the events of its way back, where it is of this procedure, passed, in time and young', () => {
    const of = (over: object): string => sampleFile({ procedure: 'failover', ...over });
    expect(outcomeOf(of({}))).toBe('pass');
    expect(outcomeOf(of({ passes: [wayBackPass({ state: 'held', findings: ['no standby'] })] }))).not.toBe('pass');
    expect(outcomeOf(of({ procedure: 'runbook' }))).toBe('unknown: not_rehearsed');
    expect(outcomeOf(of({}), 31 * dayMs)).toBe('unknown: not_rehearsed');
  });
});
