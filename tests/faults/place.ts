import { setTimeout as pause } from 'node:timers/promises';

import { sql } from 'kysely';

import type { AdvanceRequest } from '../../src/engine/advance/advance-request.ts';
import type { Advancer } from '../../src/engine/advance/open-advancer.ts';
import type { EngineUnderTest } from '../runs/start-engine.ts';
import { startEngine } from '../runs/start-engine.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readEvents } from '../../src/store/event.ts';
import { loadRuns } from '../../src/store/run.ts';
import type { StoreTransaction } from '../../src/store/transaction.ts';
import { createCallLedger, openCallLedger, readCalls } from './call-ledger.ts';
import type { CallLedger } from './call-ledger.ts';
import { startChild } from './child.ts';
import type { Child, ChildOptions } from './child.ts';
import type { FaultOrder } from './fault-messages.ts';
import type { Acknowledged, History } from './history.ts';

/** Where a database for one place is, and how it goes away. */
export interface FaultDatabase {
  url: string;
  dataDirectory: string;
  drop(): Promise<void>;
}

/** A database with its processes, and everything that was seen at it. */
export interface Place {
  database: FaultDatabase;
  engine: EngineUnderTest;
  advancer: Advancer;
  ledger: CallLedger;
  children: Child[];
  orders: History['orders'];
  acknowledged: Acknowledged[];
  deaths: History['deaths'];
  frozen: number[];
  followed: number[];
  /** Runs of the case that is under way. */
  runs: string[];
  start(role: FaultOrder['role'], die?: FaultOrder['die'], way?: Way): Child;
  nowMs(): Promise<number>;
  close(): Promise<void>;
}

/** How one process is started, and its way to the database where that is another than everybody else's. */
export interface Way extends ChildOptions {
  url?: string;
}

/** Times and modules of the processes of a place. */
export interface PlaceOptions {
  lockTimes?: FaultOrder['lockTimes'];
  imports?: readonly string[];
}

/** Opens a place with a store, the ledger, and nobody at work yet. */
export async function openPlace(database: FaultDatabase, options: PlaceOptions = {}): Promise<Place> {
  const { url, dataDirectory } = database;
  await createCallLedger(url);
  const store = await openStore({ databaseUrl: url, dataDirectory });
  const engine = await startEngine({ url, dataDirectory, open: async () => store, drop: async () => undefined });
  const ledger = openCallLedger(url);
  const children: Child[] = [];
  const state = { isClosed: false };
  const place: Place = {
    database,
    engine,
    advancer: engine.advancer,
    ledger,
    children,
    orders: [],
    acknowledged: [],
    deaths: [],
    frozen: [],
    followed: [],
    runs: [],
    start(role, die = null, way = {}) {
      const lockTimes = options.lockTimes === undefined ? {} : { lockTimes: options.lockTimes };
      const child = startChild(
        { url: way.url ?? url, targetUrl: url, dataDirectory, role, die, ...lockTimes },
        { imports: options.imports ?? [], ...way },
      );
      children.push(child);
      void child.exited.then((end) => {
        // By the clock of this machine, which is the database's, too: asking the database would come after the heir was let in.
        if (end !== '0') place.deaths.push({ pid: child.pid, atMs: Date.now() });
      });
      return child;
    },
    async nowMs() {
      const { rows } = await sql<{
        ms: number;
      }>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(store.tables);
      return rows[0]!.ms;
    },
    async close() {
      state.isClosed = true;
      await Promise.all(
        children.map(async (child) => {
          if (child.ended() === null) child.signal('SIGKILL');
          await child.exited;
        }),
      );
      await following;
      await engine.close();
      await ledger.close();
      await store.close();
      await database.drop();
    },
  };
  const following = (async () => {
    while (!state.isClosed) {
      await follow(place).catch(() => undefined);
      await pause(50);
    }
  })();
  return place;
}

/** Reads what is new for somebody who follows the events by the last cursor; one look at a time. */
function follow(place: Place): Promise<void> {
  const next = (looks.get(place) ?? Promise.resolve()).catch(() => undefined).then(() => look(place));
  looks.set(place, next);
  return next;
}

const looks = new WeakMap<Place, Promise<void>>();

async function look(place: Place): Promise<void> {
  const news = await readEvents(place.engine.store, place.followed.at(-1) ?? 0, { limit: 500 });
  place.followed.push(...news.map(({ cursor }) => cursor));
}

/** Makes the dead silent at once: their last sign of life is put back, as ten seconds of silence would do. */
export async function silenceDead(place: Place): Promise<void> {
  const dead = place.children.filter((child) => child.ended() !== null).map(({ pid }) => pid);
  if (dead.length > 0) await silence(place, dead);
}

/** The same for processes that are only stopped. A try that was fetched and has no claim is nobody's, if nobody claims it for a while. */
export async function silence(place: Place, pids: readonly number[]): Promise<void> {
  await sql`
    update tminus_delivery.job j set heartbeat_on = now() - interval '1 minute'
      where j.state = 'active' and (exists (select from tminus.job_claim c where c.queue = j.name and c.job = j.id and c.outcome is null
          and c.attempt = j.retry_count + 1 and split_part(c.worker, '/', 2)::int = any (${[...pids]}::int[]))
        or (j.started_on < now() - interval '3 seconds' and not exists (select from tminus.job_claim c where c.queue = j.name and c.job = j.id
          and c.attempt = j.retry_count + 1)))`.execute(place.engine.store.tables);
}

/** Hands an input in as a person does, through the process of the person if it lives; what is answered with yes is noted. */
export async function actAs(
  place: Place,
  person: Child | null,
  request: Pick<AdvanceRequest, 'run' | 'input'> & { mark: string },
): Promise<boolean> {
  const { run, input, mark } = request;
  const id = (count += 1);
  const heard = person?.ended() === null ? await person.ask({ tell: 'advance', id, run, input }) : null;
  // Whoever got no answer asks again: what was done already is refused then, or done once.
  const answer = (heard ?? (await place.advancer.advance({ run, input }))) as { state: string };
  if (answer.state !== 'decided') return false;
  place.acknowledged.push({ run, kind: input.kind, mark, atMs: await place.nowMs() });
  return true;
}

let count = 0;

/** Gathers everything that was seen and stored. */
export async function readHistory(place: Place): Promise<History> {
  const { store } = place.engine;
  const isOurs = ({ run }: { run: string }): boolean => place.runs.includes(run);
  // One snapshot of state, events, calls and logs: what has not ended goes on while it is read.
  const { left, ...seen } = await store.tables
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => ({
      events: await readEvents(store, 0, { limit: 1_000_000 }, tx),
      runs: [...(await loadRuns(store, place.runs, tx)).values()].map(({ run }) => run),
      made: (await tx.selectFrom('run').select('id').execute()).map(({ id }) => id),
      calls: (await readCalls(tx)).filter(isOurs),
      logs: await readLogs(tx, place.runs),
      left: await readLeft(tx),
    }));
  await follow(place);
  const newest = seen.events.at(-1)?.cursor ?? 0;
  const { orders, acknowledged, deaths, frozen, followed } = place;
  return {
    orders: orders.filter(isOurs),
    acknowledged: acknowledged.filter(isOurs),
    deaths,
    frozen,
    followed: followed.filter((cursor) => cursor <= newest),
    ...seen,
    ...left,
  };
}

async function readLogs(tx: StoreTransaction, runs: readonly string[]): Promise<History['logs']> {
  const { rows } = await sql<{ attempt: string; body: string }>`
    select run || '/' || step || '/' || attempt as attempt, string_agg(body, '' order by part) as body
      from tminus.step_log where run = any (${[...runs]}::text[]) group by run, step, attempt`.execute(tx);
  return Object.fromEntries(rows.map(({ attempt, body }) => [attempt, body]));
}

async function readLeft(
  tx: StoreTransaction,
): Promise<Pick<History, 'messages' | 'work' | 'leftJobs' | 'deadLetters'>> {
  const { rows: told } = await sql<{
    run: string;
    count: number;
  }>`select run, count(*)::int as count from tminus.message group by run`.execute(tx);
  const { rows } = await sql<{ left: number; dead: number; work: string[] | null }>`
    select array_agg(concat(data->>'run', '/', data->>'step')) filter (where name = 'steps' and state < 'completed') as work,
        count(*) filter (where name in ('steps', 'chores') and state < 'completed' and (data->>'do') <> 'watch')::int as left,
        count(*) filter (where name like '%.dead' and state < 'completed')::int as dead
      from tminus_delivery.job`.execute(tx);
  return {
    messages: Object.fromEntries(told.map(({ run, count: of }) => [run, of])),
    work: rows[0]!.work ?? [],
    leftJobs: rows[0]!.left,
    deadLetters: rows[0]!.dead,
  };
}
