import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRun } from '../../src/engine/advance/create-run.ts';
import { replay } from '../../src/core/procedure/apply-changes.ts';
import type { Change } from '../../src/core/procedure/change.ts';
import { readEvents } from '../../src/store/event.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { ledgerPlan, ledgerStep, orderOf, startEngine } from './start-engine.ts';
import type { EngineUnderTest } from './start-engine.ts';
import { appliedKeys, untilEnded } from './until-ended.ts';
import { behindProxy, fatalFrame, openWireProxy } from './wire-proxy.ts';
import type { Frame, Link, Verdict, WireProxy } from './wire-proxy.ts';

type Fault = 'done, answer lost' | 'not done' | 'done or not, no answer for a second' | 'exhausted';
const kinds: readonly Fault[] = ['done, answer lost', 'not done', 'done or not, no answer for a second', 'exhausted'];
const oneIn = 100;

/**
 * Lets one call in a hundred go wrong, and of the commits one in a hundred, each time in another way. A call is a statement, or one with parameters up
 * to its Sync.
 */
class Trouble {
  isOn = false;
  readonly met = { call: [] as Fault[], commit: [] as Fault[] };
  readonly #calls = { call: 0, commit: oneIn / 2 };
  readonly #mute = new Map<number, Fault>();

  judge({ from, type, bytes }: Frame, link: Link): Verdict {
    const muted = this.#mute.get(link.id);
    if (muted === 'done, answer lost') return from === 'server' && type === 'Z' ? 'cut' : 'drop';
    if (muted !== undefined) return 'drop';
    if (!this.isOn || from === 'server' || (type !== 'Q' && type !== 'S')) return 'pass';
    const what = bytes.includes('commit') ? 'commit' : 'call';
    this.#calls[what] += 1;
    return this.#calls[what] % oneIn === 0 ? this.#spoil(what, link) : 'pass';
  }

  #spoil(what: 'call' | 'commit', link: Link): Verdict {
    const kind = kinds[this.met[what].length % kinds.length]!;
    this.met[what].push(kind);
    if (kind === 'not done') return 'cut';
    this.#mute.set(link.id, kind);
    if (kind === 'exhausted') link.say(fatalFrame('53300', 'sorry, too many clients already'));
    if (kind !== 'done, answer lost') setTimeout(() => link.cut(), kind === 'exhausted' ? 10 : 1_000);
    return kind === 'exhausted' ? 'drop' : 'pass';
  }
}

describe('one call of the database in a hundred goes wrong', () => {
  let database: TestDatabase;
  let proxy: WireProxy;
  let store: Store;
  let engine: EngineUnderTest;
  let direct: EngineUnderTest;
  const trouble = new Trouble();

  beforeAll(async () => {
    database = await createTestDatabase();
    const { target, through } = behindProxy(database.url);
    proxy = await openWireProxy(target, (frame, link) => trouble.judge(frame, link));
    store = await openStore({ dataDirectory: database.dataDirectory, databaseUrl: through(proxy.port) });
    // The target is reached past the door: what it saw is not part of the trouble.
    engine = await startEngine({ ...database, open: () => Promise.resolve(store) });
    direct = await startEngine(database);
  });

  afterAll(async () => {
    await engine.close();
    await direct.close();
    await store.close();
    proxy.close();
    await database.drop();
  });

  it(
    'F22 done or not: what was acknowledged is there once, every run ends, each effect is applied once',
    { timeout: 300_000 },
    async () => {
      await engine.work({ slots: 4, report: () => undefined });
      trouble.isOn = true;
      const runs = await Promise.all(Array.from({ length: 24 }, (_, nr) => order(`wish-${nr}`)));
      const ended = await Promise.all(runs.map((run) => untilEnded(direct, run)));
      trouble.isOn = false;
      expect(ended.map(({ state }) => state)).toEqual(runs.map(() => 'completed'));
      expect(new Set(trouble.met.call)).toEqual(new Set(kinds));
      expect(trouble.met.commit).toContain('done, answer lost');
      const { rows } = await direct.store.database.pool.query('select count(*)::int as count from tminus.run');
      expect(rows).toEqual([{ count: runs.length }]);
      expect((await appliedKeys(direct)).toSorted()).toEqual(
        runs.flatMap((run) => ['a', 'b', 'c'].map((id) => `${run}/${id}`)).toSorted(),
      );
      const events = await readEvents(direct.store, 0, { limit: 10_000 });
      expect(events.map(({ cursor }) => cursor)).toEqual(events.map((_, place) => place + 1));
      for (const run of ended) {
        const own = events.filter((event) => event.run === run.id).map(({ body }) => body as unknown as Change);
        expect(replay(own)).toEqual(run);
      }
    },
  );

  /** Orders a run as a person does: the same command again, under the same key, until it is answered. */
  async function order(key: string): Promise<string> {
    const safe = { interrupted: 'rerun', maxAttempts: 20 } as const;
    const plan = ledgerPlan(['a', 'b', 'c'].map((id) => ledgerStep(id, 'apply', safe)));
    for (let tries = 0; ; tries += 1) {
      const wish = { ...orderOf(engine.workspace, plan), id: `${key}.${tries}`, key, once: true };
      const made = await createRun(store, wish).catch(() => null);
      const run = made?.kind === 'created' ? made.run.id : made?.kind === 'repeated' ? made.run : null;
      if (run === null) continue;
      const begin = { run, input: { kind: 'start' } } as const;
      while ((await engine.advancer.advance(begin).catch(() => null)) === null);
      return run;
    }
  }
});
