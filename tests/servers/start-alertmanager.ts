import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installDebianPackages } from './install-debian-packages.ts';
import { findFreePort, startServerProcess } from './server-process.ts';
import type { ServerMissing } from './start-postgres.ts';

export interface TestAlertmanager {
  state: 'started';
  /** `host:port`, as a Prometheus is told. */
  host: string;
  stop(): Promise<void>;
}

/** An Alertmanager of its own with this configuration, installed from Debian where it is missing and can be. */
export async function startAlertmanager(config: string): Promise<TestAlertmanager | ServerMissing> {
  const programs = ['prometheus-alertmanager'];
  const installed = await installDebianPackages({ packages: programs, programs });
  if (installed.state === 'missing') return installed;
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-alertmanager-'));
  writeFileSync(join(folder, 'alertmanager.yml'), config);
  const host = `127.0.0.1:${await findFreePort()}`;
  const server = await startServerProcess({
    binary: installed.binaries[0] ?? '',
    args: [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${host}`,
      // Alone: it looks for no others.
      '--cluster.listen-address=',
    ],
    isReady: async () => (await fetch(`http://${host}/-/ready`)).ok,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { state: 'started', host, stop };
}
