import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installDebianPackages } from './install-debian-packages.ts';
import { findFreePort, startServerProcess } from './server-process.ts';
import type { ServerMissing } from './start-postgres.ts';

export interface TestPrometheus {
  state: 'started';
  url: string;
  stop(): Promise<void>;
}

/** What a Prometheus evaluates and whom it tells. */
export interface PrometheusRules {
  /** Files of rules, evaluated each second. */
  files: readonly string[];
  /** `host:port` of an Alertmanager; null where nobody is told. */
  alertmanager: string | null;
  /** What scrapes sign in with, and what they are called; nothing, and the shop, where it is left out. */
  scrape?: { job: string; token: string | null };
}

/** A Prometheus of its own that scrapes targets (`host:port`) each second, installed from Debian where it is missing and can be. */
export async function startPrometheus(
  target: string | readonly string[],
  rules: PrometheusRules = { files: [], alertmanager: null },
): Promise<TestPrometheus | ServerMissing> {
  const installed = await installDebianPackages({ packages: ['prometheus'], programs: ['prometheus'] });
  if (installed.state === 'missing') return installed;
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  const { job, token } = rules.scrape ?? { job: 'shop', token: null };
  const authorization = token === null ? {} : { authorization: { type: 'Bearer', credentials: token } };
  const scrape = { job_name: job, ...authorization, static_configs: [{ targets: [target].flat() }] };
  const told = rules.alertmanager === null ? [] : [{ static_configs: [{ targets: [rules.alertmanager] }] }];
  // Prometheus reads YAML, of which JSON is a part.
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: rules.files,
      alerting: { alertmanagers: told },
      scrape_configs: [scrape],
    }),
  );
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const server = await startServerProcess({
    binary: installed.binaries[0] ?? '',
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    isReady: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { state: 'started', url, stop };
}
