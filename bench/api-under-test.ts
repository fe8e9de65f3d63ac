import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { prepareShopLaunch } from '../examples/shop-cutover/prepare-shop-launch.ts';
import { standardLimits } from '../src/api/api-parts.ts';
import { openChangeWatch } from '../src/api/events/change-watch.ts';
import { openEventHub } from '../src/api/events/event-hub.ts';
import { openApiServer } from '../src/api/open-api-server.ts';
import { openCheckDesk } from '../src/engine/launches/check-desk.ts';
import { openGateDesk } from '../src/engine/launches/gate-desk.ts';
import { openLaunchDesk } from '../src/engine/launches/launch-desk.ts';
import { openDataDesk } from '../src/engine/data/data-desk.ts';
import { openRehearsalDesk } from '../src/engine/launches/rehearsal-desk.ts';
import { openEngine } from '../src/engine/runs/open-engine.ts';
import { orderRun } from '../src/engine/runs/order-run.ts';
import { planRun } from '../src/engine/runs/plan-run.ts';
import { checkKinds } from '../src/kinds/checks/kinds.ts';
import { checkReaders } from '../src/kinds/checks/readers.ts';
import { stepKinds } from '../src/kinds/steps/kinds.ts';
import { stepReaders } from '../src/kinds/steps/readers.ts';
import { appendEvents } from '../src/store/event.ts';
import { openStore } from '../src/store/open-store.ts';
import { openPeople } from '../tests/api/open-people.ts';
import { answerParent } from './answer-parent.ts';

const endless = 1_000_000_000;
const report = (error: unknown): void => console.error(error);

/** The server of the product on a launch of the shop with one run, in a process of its own, on a fresh embedded Postgres. */
const folder = mkdtempSync(join(tmpdir(), 'tminus-bench-api-'));
chmodSync(folder, 0o711);
const store = await openStore({ dataDirectory: join(folder, 'data'), command: 'bench' });
const directory = join(folder, 'shop');
await prepareShopLaunch(directory);
const engine = await openEngine(store, { report });
const readers = { checks: checkReaders, steps: stepReaders };
const launches = openLaunchDesk([directory], readers);
const people = await openPeople(store);
const { signal } = new AbortController();
const events = await openEventHub(store, { report });
const changes = openChangeWatch(store, launches, report);
const server = await openApiServer({
  store,
  engine,
  identity: people.identity,
  launches,
  gates: openGateDesk(store),
  checks: openCheckDesk({ store, kinds: checkKinds, signal, report }),
  rehearsals: openRehearsalDesk({ engine, checks: checkReaders, signal, report }),
  data: openDataDesk({ store, signal, report }),
  events,
  changes,
  kinds: checkKinds,
  stepKinds,
  readers,
  version: '0.0.0-bench',
  baseUrl: people.baseUrl,
  demo: null,
  webRoot: null,
  scrape: 'nobody',
  log: null,
  // What is measured is the work and not its limits.
  limits: { ...standardLimits, anonymous: endless, session: endless, token: endless, signIn: 1_000, lateMs: 0 },
  signal,
  report,
});
await server.listen({ host: '127.0.0.1', port: await people.freePort() });
const scene = await launches.scene('shop-cutover', 'staging');
const setting = { workspace: null, faults: {}, standIns: null, labels: [] };
const order = {
  plan: planRun(scene, null, stepReaders),
  mode: 'live' as const,
  requester: 'carol',
  key: null,
  setting,
};
const { id: run } = await orderRun(store, scene, { ...order, t0Ms: Date.now() + 86_400_000 });

let written = 0;

answerParent({
  ready: async () => ({ url: people.baseUrl, headers: await people.headersOf('alice'), run }),
  /** One event, with the instant after which it was there for everybody. */
  emit: async () => {
    written += 1;
    const place = written;
    const event = { run: null, number: null, type: 'system.notice', atMs: Date.now(), body: { place } };
    await store.tables.transaction().execute((tx) => appendEvents(tx, [event]));
    return { place, atMs: performance.timeOrigin + performance.now() };
  },
  end: async () => {
    await server.close();
    await changes.close();
    await events.close();
    await people.identity.close();
    await engine.close({ graceSeconds: 1 });
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    return {};
  },
});
