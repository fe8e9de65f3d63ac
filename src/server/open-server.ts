import { resolve } from 'node:path';

import { standardLimits } from '../api/api-parts.ts';
import { openChangeWatch } from '../api/events/change-watch.ts';
import { openEventHub } from '../api/events/event-hub.ts';
import { isLoopback } from '../api/local-scrape.ts';
import { openApiServer } from '../api/open-api-server.ts';
import { openDataDesk } from '../engine/data/data-desk.ts';
import { readIdentitySettings } from '../engine/identity/identity-settings.ts';
import { openIdentity } from '../engine/identity/open-identity.ts';
import { openCheckDesk } from '../engine/launches/check-desk.ts';
import { openGateDesk } from '../engine/launches/gate-desk.ts';
import { openLaunchDesk } from '../engine/launches/launch-desk.ts';
import { openRehearsalDesk } from '../engine/launches/rehearsal-desk.ts';
import { openEngine } from '../engine/runs/open-engine.ts';
import type { RunningServer, ServerWish } from '../cli/serve/running-server.ts';
import type { Shell } from '../cli/shell.ts';
import { startRecurring } from '../cli/start-recurring.ts';
import { startShellWorker } from '../cli/start-shell-worker.ts';
import { noteTrouble } from '../cli/with-run-session.ts';
import { openStoreOf } from '../cli/with-session.ts';
import { findWebRoot } from './find-web-root.ts';
import { readSecretReference } from './read-secret-reference.ts';

type Closer = () => Promise<unknown>;

/** Opens everything that serves a browser, in the order in which it is needed; what was opened is closed again, the other way round, where something fails. */
export async function openServer(shell: Shell, { directories, ...given }: ServerWish): Promise<RunningServer> {
  const closers: Closer[] = [];
  const close = async (): Promise<void> => {
    for (const end of closers.splice(0).toReversed()) await end();
  };
  try {
    const folders = directories.map((folder) => resolve(shell.directory, folder));
    const webRoot = await findWebRoot(shell);
    return { ...(await listen(shell, { folders, webRoot, ...given }, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Ready extends Omit<ServerWish, 'directories'> {
  folders: readonly string[];
  webRoot: string | null;
}

async function listen(
  shell: Shell,
  { folders, webRoot, options, wish, openDemo }: Ready,
  closers: Closer[],
): Promise<Omit<RunningServer, 'close'>> {
  const report = (error: unknown, about?: { request?: string }): void => noteTrouble(shell, error, about);
  const store = await openStoreOf(shell, options);
  closers.push(() => store.close());
  const engine = await openEngine(store, { report });
  closers.push(() => engine.close({ graceSeconds: 5 }));
  const url = wish.url ?? `http://${wish.host === '127.0.0.1' ? 'localhost' : wish.host}:${wish.port}`;
  const identity = openIdentity(
    store,
    await readIdentitySettings(shell.env, url, (ref) => readSecretReference(shell, ref)),
  );
  closers.push(() => identity.close());
  const [kinds, stepKinds, readers] = await loadAll(shell);
  const launches = openLaunchDesk(folders, readers);
  const events = await openEventHub(store, { report });
  closers.push(() => events.close());
  const changes = openChangeWatch(store, launches, report);
  closers.push(() => changes.close());
  const checks = openCheckDesk({ store, kinds, signal: shell.signal, report });
  closers.push(() => checks.idle());
  const rehearsals = openRehearsalDesk({ engine, checks: readers.checks, signal: shell.signal, report });
  closers.push(() => rehearsals.idle());
  const data = openDataDesk({ store, signal: shell.signal, report });
  closers.push(() => data.idle());
  const { version, signal } = shell;
  const demo = openDemo === undefined ? null : await openDemo(identity, url);
  const desks = { identity, launches, gates: openGateDesk(store), checks, rehearsals, data, events, changes };
  const base = { store, engine, kinds, stepKinds, readers, version, signal, report, log: shell.logging?.log ?? null };
  const reach = { baseUrl: url, scrape: scrapeOf(wish.host, url), limits: standardLimits };
  const server = await openApiServer({ ...base, ...desks, ...reach, demo, webRoot });
  closers.push(() => server.close({ lameDuckMs: wish.lameDuckMs }));
  await server.listen({ host: wish.host, port: wish.port });
  if (wish.slots > 0)
    for (const directory of folders) closers.push(await startWorkerIn(shell, engine, directory, wish.slots));
  return { url, setupCode: () => identity.setup.issueCode() };
}

/** Whoever serves a launch needs all that there is of it. */
function loadAll(shell: Shell) {
  return Promise.all([shell.loadKinds(), shell.loadStepKinds(), shell.loadReaders()]);
}

/** Who reads metrics without signing in: a server with another address than this machine's stands behind a proxy, or is meant for others. */
function scrapeOf(host: string, url: string): 'this-machine' | 'nobody' {
  return isLoopback(host) && isLoopback(new URL(url).hostname) ? 'this-machine' : 'nobody';
}

async function startWorkerIn(
  shell: Shell,
  engine: Awaited<ReturnType<typeof openEngine>>,
  directory: string,
  slots: number,
): Promise<Closer> {
  const at = { directory, slots, environment: null };
  const worker = await startShellWorker(shell, engine, at);
  const recurring = await startRecurring(shell, engine, at);
  return async () => {
    await recurring.stop();
    await worker.stop({ graceSeconds: 30 });
  };
}
