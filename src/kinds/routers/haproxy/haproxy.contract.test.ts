import { afterAll } from 'vitest';

import { startSilentServer } from '../../../../tests/doubles/silent-server.ts';
import { routerContract } from '../../../../tests/contract/router-contract.ts';
import type { RunningRouter } from '../../../../tests/contract/router-contract.ts';
import { startApps } from '../../../../tests/routers/start-apps.ts';
import { startHaproxy } from '../../../../tests/servers/start-haproxy.ts';
import { haproxyKind } from './kind.ts';

const apps = await startApps();
const found = await startHaproxy(apps.ports);
const missing = found.state === 'missing' ? found.reason : null;
if (found.state === 'started') await found.stop();
afterAll(async () => await apps.stop());

const arms = { stable: 'stable', canary: 'canary', state: 'haproxy.state', timeout: '60s' };

/** Each suite has a HAProxy of its own, since it takes it away at its end. */
async function start(options: (admin: string, folder: string) => { [key: string]: string }): Promise<RunningRouter> {
  const [haproxy, silent] = [await startHaproxy(apps.ports), await startSilentServer()];
  if (haproxy.state === 'missing') throw new Error(haproxy.reason);
  const own = options(haproxy.admin, haproxy.folder);
  return {
    options: own,
    context: { workspace: haproxy.folder },
    production: own['socket'] === haproxy.admin ? ['127.0.0.1', haproxy.admin] : ['unix:haproxy.sock'],
    silent: { options: { ...own, socket: silent.host }, context: {} },
    async end() {
      await haproxy.stop();
      await silent.stop().catch(() => undefined);
    },
  };
}

const weights = [5, 10, 25, 50, 100, 0.5, 33, 0];
const required = ['socket', 'backend', 'stable', 'canary'];

routerContract({
  name: 'haproxy by its socket',
  kind: haproxyKind,
  missing,
  weights,
  required,
  start: () => start(() => ({ socket: 'haproxy.sock', backend: 'app', ...arms })),
});

routerContract({
  name: 'haproxy by TCP',
  kind: haproxyKind,
  missing,
  weights,
  required,
  start: () => start((admin) => ({ socket: admin, backend: 'app', ...arms })),
});

routerContract({
  name: 'haproxy with a map of users',
  kind: haproxyKind,
  missing,
  weights: [5, 10, 25, 50, 100, 0],
  required,
  start: () =>
    start((_, folder) => ({
      socket: 'haproxy.sock',
      backend: 'sticky',
      ...arms,
      state: 'rollout.map',
      map: `${folder}/rollout.map`,
    })),
});
