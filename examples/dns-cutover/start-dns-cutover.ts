import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cutoverZones } from './prepare-dns-cutover.ts';
import type { DnsCutover, EnvironmentId } from './prepare-dns-cutover.ts';
import { openMemberStore } from './services/member-store.ts';
import { seedMembers } from './services/seed-members.ts';

/** Both sites of both environments, running. */
export interface RunningCutover {
  cutover: DnsCutover;
  stop(): Promise<void>;
}

/** How many members the old site has before anything is done. */
export const membersBefore = 120;

const environmentIds = Object.keys(cutoverZones).map((zone) => zone.split('.')[0] as EnvironmentId);

/** Starts the old and the new site of both environments in a directory made by `prepareDnsCutover`; the old ones have members, the new ones none. */
export async function startDnsCutover(directory: string): Promise<RunningCutover> {
  const cutover = JSON.parse(readFileSync(join(directory, '.cutover.json'), 'utf8')) as DnsCutover;
  const sites: ChildProcess[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(sites.map((site) => stopSite(site))));
  try {
    for (const id of environmentIds) {
      const folder = join(directory, 'data', id);
      mkdirSync(folder, { recursive: true });
      seedOld(join(folder, 'old.db'));
      const { oldUrl, newUrl } = cutover.environments[id];
      sites.push(await startSite(cutover, { site: 'old', url: oldUrl, folder }));
      sites.push(await startSite(cutover, { site: 'new', url: newUrl, folder }));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { cutover, stop };
}

function seedOld(path: string): void {
  const store = openMemberStore(path);
  if (store.count() === 0) seedMembers(store, membersBefore);
  store.close();
}

/** Returns once the site says that it listens. */
async function startSite(
  { directory, commit }: DnsCutover,
  { site, url, folder }: { site: string; url: string; folder: string },
): Promise<ChildProcess> {
  const { hostname: address, port } = new URL(url);
  const settings = JSON.stringify({ site, address, port: Number(port), folder, commit });
  const args = ['--disable-warning=ExperimentalWarning', join(directory, 'services', 'serve-site.ts'), settings];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  // Nothing may be left behind, also where nobody calls stop().
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const [first] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number | null];
  if (!(first instanceof Buffer)) throw new Error(`${site} site on ${url}: expected one that listens, got exit ${String(first)}`);
  return child;
}

async function stopSite(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(kill);
}
