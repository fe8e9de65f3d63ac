import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { installDebianPackages } from './install-debian-packages.ts';
import { findFreePort, startServerProcess } from './server-process.ts';
import type { ServerMissing } from './start-postgres.ts';

/** A HAProxy that splits requests between two servers, and can be reloaded. */
export interface TestHaproxy {
  state: 'started';
  url: string;
  /** Holds `haproxy.sock` and `haproxy.state`, and `rollout.map`, by which users are split at `/sticky`. */
  folder: string;
  /** The stats socket by TCP, `127.0.0.1:port`. */
  admin: string;
  /** What the runtime API answers. */
  ask(command: string): Promise<string>;
  /** Reads the configuration again, and resolves when the new worker answers. */
  reload(): Promise<void>;
  stop(): Promise<void>;
}

/** A HAProxy of its own before two apps, installed from Debian where it is missing and can be. At first the stable one gets everything. */
export async function startHaproxy(apps: { stable: number; canary: number }): Promise<TestHaproxy | ServerMissing> {
  const installed = await installDebianPackages({ packages: ['haproxy'], programs: ['haproxy'] });
  if (installed.state === 'missing') return installed;
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-haproxy-'));
  const [port, adminPort] = [await findFreePort(), await findFreePort()];
  const config = join(folder, 'haproxy.cfg');
  writeFileSync(config, configuration({ folder, port, adminPort, ...apps }));
  writeFileSync(join(folder, 'haproxy.state'), '1\n');
  writeFileSync(join(folder, 'rollout.map'), 'canary 0\n');
  const ask = (command: string): Promise<string> => askSocket(join(folder, 'haproxy.sock'), command);
  const worker = async (): Promise<string | undefined> =>
    /^Pid: (\d+)/m.exec(await ask('show info').catch(() => ''))?.[1];
  const server = await startServerProcess({
    binary: installed.binaries[0] ?? '',
    // A master that keeps the listening sockets over a reload.
    args: ['-W', '-f', config],
    cwd: folder,
    isReady: async () => (await worker()) !== undefined,
  });
  return {
    state: 'started',
    url: `http://127.0.0.1:${port}`,
    folder,
    admin: `127.0.0.1:${adminPort}`,
    ask,
    async reload() {
      const before = await worker();
      process.kill(server.pid, 'SIGUSR2');
      for (let now = before; now === undefined || now === before; now = await worker()) await pause(20);
    },
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface Places {
  folder: string;
  port: number;
  adminPort: number;
  stable: number;
  canary: number;
}

function configuration({ folder, port, adminPort, stable, canary }: Places): string {
  return `global
  nbthread 1
  stats socket ${folder}/haproxy.sock mode 600 level admin expose-fd listeners
  stats socket 127.0.0.1:${adminPort} level admin
  server-state-file ${folder}/haproxy.state
defaults
  mode http
  timeout connect 60s
  timeout client 60s
  timeout server 60s
  load-server-state-from-file global
frontend front
  bind 127.0.0.1:${port}
  default_backend app
  use_backend sticky if { path_beg /sticky }
backend app
  balance roundrobin
  server stable 127.0.0.1:${stable} weight 100
  server canary 127.0.0.1:${canary} weight 0
backend sticky
  http-request set-var(txn.limit) str(canary),map(${folder}/rollout.map,0)
  use-server canary if { req.cook(uid),djb2(1),mod(100),sub(txn.limit) -m int lt 0 }
  server stable 127.0.0.1:${stable} weight 100
  server canary 127.0.0.1:${canary} weight 0
`;
}

function askSocket(path: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    socket.once('error', reject);
    socket.once('end', () => resolve(text));
    socket.write(`${command}\n`);
  });
}
