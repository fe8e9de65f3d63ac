import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { readBlob, readTree } from 'isomorphic-git';

import type { ShopLaunch } from './prepare-shop-launch.ts';
import { openOrderStore } from './services/order-store.ts';
import { seedOrders } from './services/seed-orders.ts';

/** One thing that was done, with what the program said and how it ended. */
export interface Deed {
  title: string;
  command: string;
  output: string;
  exit: number;
}

/** Both shops, running. Every deed runs a program of the commit that is deployed. */
export interface RunningShop {
  legacyUrl: string;
  newUrl: string;
  /** Everything done so far, oldest first. */
  deeds: readonly Deed[];
  deploy(commit: string): Promise<Deed>;
  migrate(): Promise<Deed>;
  smoke(): Promise<Deed>;
  backUp(): Promise<Deed>;
  /** Deploys the candidate, moves the orders again, runs the smoke tests again, backs up and rehearses the restore. */
  fix(): Promise<Deed[]>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const flags = ['--disable-warning=ExperimentalWarning'];
/** Each with a folder of data of its own; only the new shop runs in staging. */
const environments = ['production', 'staging'] as const;
const versions = { deployed: '1.9.0', candidate: '2.0.0' };

/**
 * Starts the legacy shop with 200 orders and the new shop beside it, in a directory made by `prepareShopLaunch`. `flawed` leaves it as the
 * launch team found it: the old commit deployed, the orders moved and tested by its programs, the last restore nine days ago.
 */
export async function startShop({ directory, flawed }: { directory: string; flawed: boolean }): Promise<RunningShop> {
  const launch = JSON.parse(readFileSync(join(directory, '.shop.json'), 'utf8')) as ShopLaunch;
  for (const folder of ['reports', 'backups']) mkdirSync(join(directory, folder), { recursive: true });
  for (const environment of environments) {
    mkdirSync(join(directory, 'data', environment), { recursive: true });
    seedLegacy(join(directory, 'data', environment, 'legacy.db'));
  }
  const shop = new Shop(launch);
  await shop.startLegacy();
  if (!flawed) {
    await shop.fix();
    return shop;
  }
  await shop.deploy(launch.deployedCommit);
  await shop.migrate();
  await shop.smoke();
  await shop.backUp();
  shop.age(9);
  return shop;
}

function seedLegacy(path: string): void {
  const store = openOrderStore(`sqlite:${path}`);
  if (store.count() === 0) seedOrders(store);
  store.close();
}

class Shop implements RunningShop {
  readonly legacyUrl: string;
  readonly newUrl: string;
  readonly deeds: Deed[] = [];
  readonly #launch: ShopLaunch;
  readonly #deployments = mkdtempSync(join(tmpdir(), 'shop-deployed-'));
  #deployed = '';
  #legacy: ChildProcess | null = null;
  #new: ChildProcess | null = null;
  #staging: ChildProcess | null = null;

  constructor(launch: ShopLaunch) {
    this.#launch = launch;
    this.legacyUrl = launch.legacyUrl;
    this.newUrl = launch.newUrl;
  }

  async startLegacy(): Promise<void> {
    const folder = await this.#checkOut(this.#launch.deployedCommit);
    const settings = { version: '1.4.2', commit: '0'.repeat(40), port: portOf(this.legacyUrl), database: this.#data('legacy') };
    this.#legacy = await startService(join(folder, 'legacy-shop.ts'), settings);
  }

  async deploy(commit: string): Promise<Deed> {
    await Promise.all([stopService(this.#new), stopService(this.#staging)]);
    this.#deployed = await this.#checkOut(commit);
    const version = commit === this.#launch.candidateCommit ? versions.candidate : versions.deployed;
    const settings = { version, commit, port: portOf(this.newUrl), database: this.#data('new') };
    const program = join(this.#deployed, 'new-shop.ts');
    this.#new = await startService(program, settings);
    this.#staging = await startService(program, { ...settings, port: portOf(this.#launch.stagingUrl), database: this.#data('new', 'staging') });
    return this.#keep({ title: `deploy version ${version}`, command: `deploy ${commit.slice(0, 12)}`, output: `new-shop ${version} listens on ${this.newUrl}`, exit: 0 });
  }

  migrate(): Promise<Deed> {
    return this.#run('move the orders', 'migrate-orders.ts', { from: this.#data('legacy'), to: this.#data('new') });
  }

  smoke(): Promise<Deed> {
    return this.#run('run the smoke tests', 'smoke.ts', { url: this.newUrl, report: join(this.#launch.directory, 'reports', 'smoke.xml') });
  }

  backUp(): Promise<Deed> {
    const { directory } = this.#launch;
    const [archive, report] = this.#backupFiles();
    return this.#run('back up and rehearse the restore', 'back-up-orders.ts', { database: join(directory, 'data', 'production', 'new.db'), archive, report });
  }

  async fix(): Promise<Deed[]> {
    return [await this.deploy(this.#launch.candidateCommit), await this.migrate(), await this.smoke(), await this.backUp()];
  }

  /** Sets backup and drill back by days, as if nobody had repeated them since. */
  age(days: number): void {
    const at = Date.now() / 1000 - days * 86_400;
    for (const file of this.#backupFiles()) utimesSync(file, at, at);
  }

  async stop(): Promise<void> {
    await Promise.all([stopService(this.#new), stopService(this.#staging), stopService(this.#legacy)]);
    rmSync(this.#deployments, { recursive: true, force: true });
  }

  #data(name: string, environment: (typeof environments)[number] = 'production'): string {
    return `sqlite:${join(this.#launch.directory, 'data', environment, `${name}.db`)}`;
  }

  #backupFiles(): [archive: string, report: string] {
    const { directory } = this.#launch;
    return [join(directory, 'backups', 'orders.tar.gz'), join(directory, 'reports', 'restore-drill.json')];
  }

  /** The programs of a commit in a folder of their own, as a deployment has them. */
  async #checkOut(commit: string): Promise<string> {
    const repository = { fs, dir: this.#launch.directory };
    const folder = join(this.#deployments, commit, 'services');
    mkdirSync(folder, { recursive: true });
    const { tree } = await readTree({ ...repository, oid: commit, filepath: 'services' });
    for (const { path, oid } of tree) {
      const { blob } = await readBlob({ ...repository, oid });
      writeFileSync(join(folder, path), blob);
    }
    return folder;
  }

  async #run(title: string, program: string, settings: object): Promise<Deed> {
    const args = [...flags, join(this.#deployed, program), JSON.stringify(settings)];
    const ended = await run(process.execPath, args).then(
      ({ stdout }) => ({ output: stdout, exit: 0 }),
      (error: { stdout?: string; stderr?: string; code?: number }) => ({ output: `${error.stdout ?? ''}${error.stderr ?? ''}`, exit: error.code ?? 1 }),
    );
    return this.#keep({ title, command: `node services/${program}`, output: ended.output.trim(), exit: ended.exit });
  }

  #keep(deed: Deed): Deed {
    this.deeds.push(deed);
    return deed;
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Returns once the service says that it listens. */
async function startService(program: string, settings: object): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...flags, program, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] });
  // Nothing may be left behind, also where nobody calls stop().
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  const [first] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number | null];
  if (!(first instanceof Buffer)) throw new Error(`${program}: expected a service that listens, got exit ${String(first)}`);
  return child;
}

async function stopService(child: ChildProcess | null): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(kill);
}
