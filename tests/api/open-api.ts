import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareShopLaunch } from '../../examples/shop-cutover/prepare-shop-launch.ts';
import type { ShopLaunch } from '../../examples/shop-cutover/prepare-shop-launch.ts';
import { standardLimits } from '../../src/api/api-parts.ts';
import type { RateLimits } from '../../src/api/api-parts.ts';
import { openChangeWatch } from '../../src/api/events/change-watch.ts';
import { openEventHub } from '../../src/api/events/event-hub.ts';
import { openApiServer } from '../../src/api/open-api-server.ts';
import { openCheckDesk } from '../../src/engine/launches/check-desk.ts';
import { openDataDesk } from '../../src/engine/data/data-desk.ts';
import type { IdentitySettings } from '../../src/engine/identity/identity-settings.ts';
import type { IdentityDesk } from '../../src/engine/identity/identity.ts';
import { openGateDesk } from '../../src/engine/launches/gate-desk.ts';
import { openLaunchDesk } from '../../src/engine/launches/launch-desk.ts';
import { openRehearsalDesk } from '../../src/engine/launches/rehearsal-desk.ts';
import type { Log } from '../../src/engine/log/open-log.ts';
import { openEngine } from '../../src/engine/runs/open-engine.ts';
import type { Engine } from '../../src/engine/runs/open-engine.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { checkReaders } from '../../src/kinds/checks/readers.ts';
import { stepKinds } from '../../src/kinds/steps/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { openPeople } from './open-people.ts';

/** A server of the API on a launch of the shop, with everything real behind it. */
export interface TestApi {
  url: string;
  /** Where another process of the same installation finds it. */
  database: TestDatabase;
  store: Store;
  engine: Engine;
  launch: ShopLaunch;
  /** What the server was told of trouble; a test that expects none asks for an empty list. */
  trouble: unknown[];
  /** Sends a request as a person of the launch (null: as nobody), with JSON both ways. */
  send(person: string | null, method: string, path: string, options?: SendOptions): Promise<Answer>;
  /** Headers with which a person of the launch is signed in, for requests that a test sends by itself. */
  headersOf(person: string): Promise<Record<string, string>>;
  identity: IdentityDesk;
  /** Ends the server as `tminus serve` does, and opens another on the same store and port. */
  restart(): Promise<void>;
  /** Has that person sign in anew. */
  signIn(person: string): Promise<void>;
  /** Gives that person an authenticator, has them show its code, and returns the address that holds its secret. */
  showFactor(person: string): Promise<string>;
  close(): Promise<void>;
}

export interface SendOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

/** `body` is parsed where it is JSON, else text; tests say of what form they expect it. */
export interface Answer<Body = unknown> {
  status: number;
  headers: Headers;
  body: Body;
}

export interface TestApiWish {
  limits?: Partial<RateLimits>;
  webRoot?: string;
  log?: Log;
  /** Who reads metrics without signing in; nobody where nothing is said. */
  scrape?: 'this-machine';
  /** Name under which browsers reach the server: passkeys want one, and `localhost` is the only one without https. */
  host?: 'localhost';
  /** Identity providers with which people can sign in. */
  signOns?: IdentitySettings['signOns'];
  /** Folders of launches that are served beside the shop; whoever made them removes them. */
  besides?: readonly string[];
}

/** Opens one, on a database and a launch repository of its own. */
export async function openTestApi(options: TestApiWish = {}): Promise<TestApi> {
  const database = await createTestDatabase();
  const store = await database.open();
  const directory = mkdtempSync(join(tmpdir(), 'tminus-api-'));
  const launch = await prepareShopLaunch(directory);
  const trouble: unknown[] = [];
  const report = (error: unknown): void => void trouble.push(error);
  const engine = await openEngine(store, { report });
  const readers = { checks: checkReaders, steps: stepReaders };
  const launches = openLaunchDesk([directory, ...(options.besides ?? [])], readers);
  const ending = new AbortController();
  const people = await openPeople(store, options);
  const rehearsals = openRehearsalDesk({ engine, checks: checkReaders, signal: ending.signal, report });
  const data = openDataDesk({ store, signal: ending.signal, report });
  const openServer = async (): Promise<{ close(): Promise<void> }> => {
    const events = await openEventHub(store, { report });
    const changes = openChangeWatch(store, launches, report);
    const server = await openApiServer({
      store,
      engine,
      identity: people.identity,
      launches,
      gates: openGateDesk(store),
      checks: openCheckDesk({ store, kinds: checkKinds, signal: ending.signal, report }),
      events,
      changes,
      rehearsals,
      data,
      kinds: checkKinds,
      stepKinds,
      readers,
      version: '0.0.0-test',
      baseUrl: people.baseUrl,
      demo: null,
      webRoot: options.webRoot ?? null,
      scrape: options.scrape ?? 'nobody',
      limits: {
        ...standardLimits,
        anonymous: 10_000,
        session: 10_000,
        token: 10_000,
        signIn: 10_000,
        // Not looked at: on a busy machine, a second without a turn is no sign of too many requests.
        lateMs: 0,
        ...options.limits,
      },
      signal: ending.signal,
      report,
      log: options.log ?? null,
    });
    await server.listen({ host: '127.0.0.1', port: await people.freePort() });
    return {
      async close() {
        await server.close();
        await changes.close();
        await events.close();
      },
    };
  };
  let server = await openServer();
  const url = people.baseUrl;
  return {
    url,
    database,
    store,
    engine,
    launch,
    trouble,
    send: async (person, method, path, sent = {}) => {
      const headers = { ...(person === null ? {} : await people.headersOf(person)), ...sent.headers };
      return send(`${url}${path}`, method, { ...sent, headers });
    },
    headersOf: (person) => people.headersOf(person),
    signIn: (person) => people.signIn(person),
    showFactor: (person) => people.showFactor(person),
    identity: people.identity,
    async restart() {
      await server.close();
      server = await openServer();
    },
    async close() {
      ending.abort();
      await rehearsals.idle();
      await data.idle();
      await server.close();
      await people.identity.close();
      await engine.close({ graceSeconds: 1 });
      await database.drop();
      rmSync(directory, { recursive: true });
    },
  };
}

async function send(url: string, method: string, { body, headers = {} }: SendOptions): Promise<Answer> {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(url, { method, headers: { ...type, ...headers }, ...sent });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  return { status: answer.status, headers: answer.headers, body: isJson && text !== '' ? JSON.parse(text) : text };
}
