import { afterAll } from 'vitest';

import { startSilentServer } from '../../../../tests/doubles/silent-server.ts';
import { routerContract } from '../../../../tests/contract/router-contract.ts';
import type { RunningRouter } from '../../../../tests/contract/router-contract.ts';
import { startApps } from '../../../../tests/routers/start-apps.ts';
import { startNginx } from '../../../../tests/servers/start-nginx.ts';
import type { TestNginx } from '../../../../tests/servers/start-nginx.ts';
import { nginxKind } from './kind.ts';

const apps = await startApps();
const found = await startNginx(apps.ports);
const missing = found.state === 'missing' ? found.reason : null;
if (found.state === 'started') await found.stop();
afterAll(async () => await apps.stop());

async function start(
  toRunning: (nginx: TestNginx, silent: string) => Omit<RunningRouter, 'end'>,
): Promise<RunningRouter> {
  const [nginx, silent] = [await startNginx(apps.ports), await startSilentServer()];
  if (nginx.state === 'missing') throw new Error(nginx.reason);
  const end = async (): Promise<void> => {
    await nginx.stop();
    await silent.stop().catch(() => undefined);
  };
  return { ...toRunning(nginx, silent.host), end };
}

const weights = [5, 12.5, 100, 0];

routerContract({
  name: 'nginx by a file and a signal',
  kind: nginxKind,
  missing,
  weights,
  required: ['file', 'pid'],
  start: () =>
    start(({ folder }) => ({
      options: { file: 'split.conf', pid: `${folder}/nginx.pid`, timeout: '60s' },
      context: { workspace: folder },
      production: [],
      silent: null,
    })),
});

routerContract({
  name: 'nginx by Lua',
  kind: nginxKind,
  missing,
  weights: [...weights, 0.25, 0],
  required: [],
  start: () =>
    start(({ admin }, silent) => ({
      options: { admin, timeout: '60s' },
      context: {},
      production: ['127.0.0.1', new URL(admin).host],
      silent: { options: { admin: `http://${silent}/split`, timeout: '60s' }, context: {} },
    })),
});
