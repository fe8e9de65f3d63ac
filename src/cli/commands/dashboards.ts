import { resolve } from 'node:path';

import type { Receivers } from '../../core/dashboard/to-routes.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { loadPlan } from '../../engine/load-plan.ts';
import { toScene } from '../../engine/scene.ts';
import { makeMonitoring, makeOwnMonitoring } from '../../engine/slo/make-monitoring.ts';
import type { Monitoring } from '../../engine/slo/make-monitoring.ts';
import { writeDirectory } from '../../engine/write-directory.ts';
import type { CommandResult } from '../command-result.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import type { Shell } from '../shell.ts';

export interface DashboardsOptions extends GlobalOptions {
  out: string;
  page?: string;
  notify?: string;
  own?: boolean;
  target?: string;
  tokenFile?: string;
}

/** Writes boards, alert rules, routes and guides of a launch, or of this installation, into a new folder, and names what is declared too little for. */
export async function dashboards(shell: Shell, options: DashboardsOptions): Promise<CommandResult> {
  const directory = toDirectory(shell, options);
  const made = options.own === true ? makeOwn(options) : await makeOfLaunch(shell, options, directory);
  const out = resolve(directory, options.out);
  writeDirectory(out, made.files);
  const { files, ...rest } = made;
  return { exit: 0, json: { out, files: [...files.keys()], ...rest }, text: render(out, made) };
}

async function makeOfLaunch(shell: Shell, options: DashboardsOptions, directory: string): Promise<Monitoring> {
  const plan = await loadPlan(directory, await shell.loadReaders());
  const { launch, environment } = await toScene(plan, options.environment ?? null);
  return makeMonitoring(launch, environment.id, toReceivers(options));
}

function makeOwn(options: DashboardsOptions): Monitoring {
  const { target = 'http://127.0.0.1:4780', tokenFile = null } = options;
  const url = URL.parse(target);
  if (url === null || !/^https?:$/u.test(url.protocol))
    throw new ProductError('usage', `--target: expected the address of the cockpit, got ${target}`, {
      hint: 'such as https://launch.example',
    });
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port || (scheme === 'https' ? '443' : '80');
  return makeOwnMonitoring({ address: `${url.hostname}:${port}`, scheme, tokenFile }, toReceivers(options));
}

function toReceivers({ page, notify }: DashboardsOptions): Receivers {
  return { page: page ?? null, notify: notify ?? null };
}

function render(out: string, { files, leftOut, missing }: Monitoring): string {
  return [
    `${files.size} files in ${out}`,
    ...[...files.keys()].map((path) => `  ${path}`),
    ...missing.boards.map(
      ({ board, shows }) => `no metric for ${shows.join(', ')}: the board ${board} shows nothing of it`,
    ),
    ...(missing.alerts.length === 0
      ? []
      : [`no metric with an alert for ${missing.alerts.join(', ')}: nobody is told`]),
    ...leftOut.map(({ id, reason }) => `left out: ${id}: ${toInert(reason, false)}`),
    '',
  ].join('\n');
}
