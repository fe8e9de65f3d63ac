import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs, { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { readBlob, readTree } from 'isomorphic-git';

import { commitMendedShop } from './prepare-shop-launch.ts';
import type { ShopLaunch } from './prepare-shop-launch.ts';
import { flags, startService, stopService } from './run-service.ts';
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
  /** Exports the orders and really restores what was exported, by `tminus` in the launch repository. */
  drill(): Promise<Deed[]>;
  /** Spoils one order of the new shop as a wrong character set would; counts, sums and smoke tests stay as they were. */
  spoil(): Promise<Deed>;
  /** Deploys the candidate, moves the orders again, runs the smoke tests again, backs up, and rehearses the restore. */
  fix(): Promise<Deed[]>;
  /** From now on customers look at their orders, 250 times a second, in whichever shop they are sent to. */
  letCustomersIn(): Promise<void>;
  /** Mends what only customers saw: a new commit, and so a new candidate, deployed and tested as the one before. */
  mend(): Promise<Deed[]>;
  stop(): Promise<void>;
}

const run = promisify(execFile);
const tminus = join(import.meta.dirname, '../../src/main.ts');
/** Each with a folder of data of its own; only the new shop runs in staging. */
const environments = ['production', 'staging'] as const;
/** Enough that a shift of seconds has something to judge by, few enough for a laptop. */
const customersPerSecond = 250;
const versions = { deployed: '1.9.0', candidate: '2.0.0' };

/**
 * Starts the legacy shop with 200 orders and the new shop beside it, in a directory made by `prepareShopLaunch`. `flawed` leaves it as the
 * launch team found it: the old commit deployed, the orders moved and tested by its programs, the last backup nine days old and never restored.
 */
export async function startShop({ directory, flawed }: { directory: string; flawed: boolean }): Promise<RunningShop> {
  const launch = JSON.parse(readFileSync(join(directory, '.shop.json'), 'utf8')) as ShopLaunch;
  for (const folder of ['reports', 'backups']) mkdirSync(join(directory, folder), { recursive: true });
  for (const environment of environments) {
    mkdirSync(join(directory, 'data', environment), { recursive: true });
    seedLegacy(join(directory, 'data', environment, 'legacy.db'));
  }
  const shop = new Shop(launch);
  await shop.startBeside();
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
  #new: ChildProcess | null = null;
  #staging: ChildProcess | null = null;
  #customers: ChildProcess | null = null;
  /** What a deployment leaves alone: the legacy shops, and what stands before the shops. */
  readonly #beside: ChildProcess[] = [];

  constructor(launch: ShopLaunch) {
    this.#launch = launch;
    this.legacyUrl = launch.legacyUrl;
    this.newUrl = launch.newUrl;
  }

  /** Starts the legacy shops and, before each environment, what sends customers to one shop or the other. */
  async startBeside(): Promise<void> {
    const programs = await this.#checkOut(this.#launch.deployedCommit);
    const { stagingUrl, stagingLegacyUrl, splitters } = this.#launch;
    const shops = { production: [this.legacyUrl, this.newUrl], staging: [stagingLegacyUrl, stagingUrl] } as const;
    const started = environments.flatMap((environment) => {
      const [stable, canary] = shops[environment];
      const legacy = { version: '1.4.2', commit: '0'.repeat(40), port: portOf(stable), database: this.#data('legacy', environment) };
      const folder = this.#splitterFolder(environment);
      const split = { port: portOf(splitters[environment]), stable, canary, folder };
      return [startService(join(programs, 'legacy-shop.ts'), legacy), startService(join(programs, 'split-traffic.ts'), split)];
    });
    this.#beside.push(...(await Promise.all(started)));
  }

  async deploy(commit: string): Promise<Deed> {
    await Promise.all([stopService(this.#new), stopService(this.#staging)]);
    this.#deployed = await this.#checkOut(commit);
    const version = commit === this.#launch.deployedCommit ? versions.deployed : versions.candidate;
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
    const database = join(this.#launch.directory, 'data', 'production', 'new.db');
    return this.#run('back up the orders', 'back-up-orders.ts', { database, archive: this.#archive() });
  }

  async drill(): Promise<Deed[]> {
    const carol = ['--as', 'carol', '--key', '.keys/carol.pem'];
    const exported = await this.#tminus('export the orders', ['export', 'orders', '--out', 'backups', ...carol]);
    const archive = /backups\/\S+\.tar\.gz/.exec(exported.output)?.[0] ?? 'backups';
    return [exported, await this.#tminus('rehearse the restore', ['restore-drill', archive, ...carol])];
  }

  spoil(): Promise<Deed> {
    return this.#run('an order goes wrong', 'spoil-order.ts', { database: this.#data('new'), id: 42 });
  }

  async fix(): Promise<Deed[]> {
    const mended = [await this.deploy(this.#launch.candidateCommit), await this.migrate(), await this.smoke(), await this.backUp()];
    return [...mended, ...(await this.drill())];
  }

  async letCustomersIn(): Promise<void> {
    const settings = { url: this.#launch.splitters.production, perSecond: customersPerSecond };
    this.#customers ??= await startService(join(this.#deployed, 'customers.ts'), settings);
  }

  async mend(): Promise<Deed[]> {
    const candidate = await commitMendedShop(this.#launch.directory);
    const told = this.#keep({ title: 'mend the prices', command: 'git commit -m "Customers of this year have prices, too"', output: `candidate ${candidate.slice(0, 12)}`, exit: 0 });
    return [told, await this.deploy(candidate), await this.migrate(), await this.smoke(), await this.backUp(), ...(await this.drill())];
  }

  /** Sets the backup back by days, as if nobody had repeated it since. */
  age(days: number): void {
    const at = Date.now() / 1000 - days * 86_400;
    utimesSync(this.#archive(), at, at);
  }

  async stop(): Promise<void> {
    await stopService(this.#customers);
    await Promise.all([this.#new, this.#staging, ...this.#beside].map(stopService));
    rmSync(this.#deployments, { recursive: true, force: true });
  }

  #data(name: string, environment: (typeof environments)[number] = 'production'): string {
    return `sqlite:${join(this.#launch.directory, 'data', environment, `${name}.db`)}`;
  }

  /** Where the share is read and set. Data names it by a link, so that the copy in which a rehearsal works reaches the splitter that runs. */
  #splitterFolder(environment: (typeof environments)[number]): string {
    const folder = join(this.#launch.directory, 'splitters', environment);
    const link = join(this.#launch.directory, 'data', environment, 'splitter');
    mkdirSync(folder, { recursive: true });
    if (!existsSync(link)) symlinkSync(folder, link);
    return folder;
  }

  #archive(): string {
    return join(this.#launch.directory, 'backups', 'orders.tar.gz');
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

  #run(title: string, program: string, settings: object): Promise<Deed> {
    return this.#node({ title, command: `node services/${program}` }, [join(this.#deployed, program), JSON.stringify(settings)]);
  }

  #tminus(title: string, args: string[]): Promise<Deed> {
    return this.#node({ title, command: `tminus ${args.join(' ')}` }, [tminus, ...args]);
  }

  async #node(shown: Pick<Deed, 'title' | 'command'>, args: string[]): Promise<Deed> {
    const ended = await run(process.execPath, [...flags, ...args], { cwd: this.#launch.directory }).then(
      ({ stdout }) => ({ output: stdout, exit: 0 }),
      (error: { stdout?: string; stderr?: string; code?: number }) => ({ output: `${error.stdout ?? ''}${error.stderr ?? ''}`, exit: error.code ?? 1 }),
    );
    return this.#keep({ ...shown, output: ended.output.replaceAll(`${this.#launch.directory}/`, '').trim(), exit: ended.exit });
  }

  #keep(deed: Deed): Deed {
    this.deeds.push(deed);
    return deed;
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
