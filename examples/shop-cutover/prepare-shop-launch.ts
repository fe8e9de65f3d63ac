import { generateKeyPairSync, randomInt } from 'node:crypto';
import { once } from 'node:events';
import fs, { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { join } from 'node:path';

import { add, commit as commitTo, init, statusMatrix } from 'isomorphic-git';

/** A person of the example, with the key pair made for this one copy of it. */
interface ShopPerson {
  publicKey: string;
  privateKeyPem: string;
  /** Where the private key lies, for `--key`; readable by the owner only, never in Git. */
  keyFile: string;
}

/** A copy of the example that can be run: a Git repository with two commits, free ports and keys of its own. */
export interface ShopLaunch {
  directory: string;
  legacyUrl: string;
  newUrl: string;
  /** The new shop of the environment in which the launch is rehearsed, with data of its own. */
  stagingUrl: string;
  /** The legacy shop of that environment. */
  stagingLegacyUrl: string;
  /** Where customers come in: what stands before both shops, by environment. */
  splitters: { production: string; staging: string };
  /** What runs before the fix: the first version of migration and smoke tests. */
  deployedCommit: string;
  /** HEAD, the candidate of the launch. It passes every test, and fails customers that no test stands for. */
  candidateCommit: string;
  people: { [id: string]: ShopPerson };
}

const example = import.meta.dirname;
/** Addresses in the document of the example: both shops, those of staging, and what stands before them. */
const exampleHosts = ['127.0.0.1:4101', '127.0.0.1:4102', '127.0.0.1:4103', '127.0.0.1:4104', '127.0.0.1:4105', '127.0.0.1:4106'];
const peopleIds = ['alice', 'bob', 'carol', 'dave', 'erin', 'deploy-bot'];
const ignored = ['data/', 'splitters/', 'reports/', 'backups/', '.keys/', '.tminus/', '.shop.json'];

/** Copies the example into an empty directory as a repository of its own and returns how to reach it; `startShop` reads the same from there. */
export async function prepareShopLaunch(directory: string): Promise<ShopLaunch> {
  mkdirSync(directory, { recursive: true });
  const ports = await findFreePorts(exampleHosts.length);
  const people = Object.fromEntries(peopleIds.map((id) => [id, createPerson(directory, id)]));
  cpSync(join(example, 'launch'), directory, { recursive: true });
  cpSync(join(example, 'services'), join(directory, 'services'), { recursive: true });
  const hosts = exampleHosts.map((host, index) => [host, `127.0.0.1:${ports[index]}`] as const);
  fillIn(join(directory, 'launch.md'), Object.fromEntries(hosts), people);
  writeFileSync(join(directory, '.gitignore'), `${ignored.join('\n')}\n`);
  await init({ fs, dir: directory, defaultBranch: 'main' });
  cpSync(join(example, 'first-version'), join(directory, 'services'), { recursive: true });
  const deployedCommit = await commit(directory, 'The shop, first version', '2026-11-20T09:00:00Z');
  for (const file of ['migrate-orders.ts', 'smoke.ts']) cpSync(join(example, 'services', file), join(directory, 'services', file));
  cpSync(join(example, 'second-version'), join(directory, 'services'), { recursive: true });
  const candidateCommit = await commit(directory, 'Move every order, and count smoke tests that end badly', '2026-11-27T09:00:00Z');
  const [legacyUrl, newUrl, stagingUrl, stagingLegacyUrl, production, staging] = hosts.map(([, host]) => `http://${host}`) as [string, string, string, string, string, string];
  const urls = { legacyUrl, newUrl, stagingUrl, stagingLegacyUrl, splitters: { production, staging } };
  const launch: ShopLaunch = { directory, ...urls, deployedCommit, candidateCommit, people };
  writeFileSync(join(directory, '.shop.json'), JSON.stringify({ ...launch, people: {} }));
  return launch;
}

/** Mends what only customers see, as a commit of its own: the next candidate. Returns the commit. */
export async function commitMendedShop(directory: string): Promise<string> {
  cpSync(join(example, 'services', 'price-group.ts'), join(directory, 'services', 'price-group.ts'));
  return commit(directory, 'Customers of this year have prices, too', '2026-11-28T09:00:00Z');
}

function createPerson(directory: string, id: string): ShopPerson {
  const pair = generateKeyPairSync('ed25519');
  const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const privateKeyPem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const keyFile = join(directory, '.keys', `${id}.pem`);
  mkdirSync(join(directory, '.keys'), { recursive: true, mode: 0o700 });
  writeFileSync(keyFile, privateKeyPem, { mode: 0o600 });
  return { publicKey: `ed25519:${raw.toString('base64')}`, privateKeyPem, keyFile };
}

/** Addresses and public keys are all that differs from the document in this folder. */
function fillIn(file: string, addresses: { [from: string]: string }, people: ShopLaunch['people']): void {
  let text = readFileSync(file, 'utf8');
  for (const [from, to] of Object.entries(addresses)) text = text.replaceAll(from, to);
  for (const [id, { publicKey }] of Object.entries(people)) {
    text = text.replace(new RegExp(`^(  ${id}: .*key: ")[^"]*`, 'm'), (_, before: string) => before + publicKey);
  }
  writeFileSync(file, text);
}

/** Commits all that is not ignored; without the git program, which the machine may not have, and without anybody's settings. */
async function commit(directory: string, message: string, at: string): Promise<string> {
  const repository = { fs, dir: directory };
  for (const [path, , inWorkspace, inIndex] of await statusMatrix(repository)) {
    if (inWorkspace !== inIndex) await add({ ...repository, filepath: path });
  }
  const author = { name: 'Dave Ito', email: 'dave@shop.example', timestamp: Date.parse(at) / 1000, timezoneOffset: 0 };
  return commitTo({ ...repository, message, author, committer: author });
}

/**
 * Ports that were free a moment ago; all are held until the last is found, so that they differ. They lie below those that a system gives to whoever asks for any:
 * none of them is given away before the shops listen.
 */
async function findFreePorts(count: number): Promise<number[]> {
  const held = new Map<number, Server>();
  for (let tries = 0; held.size < count; tries += 1) {
    const port = randomInt(11_000, 30_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(() => true, () => false);
    if (isFree) held.set(port, server);
    else if (tries > 1_000) throw new Error(`ports: expected ${count} that are free, got ${held.size}`);
  }
  await Promise.all([...held.values()].map((server) => once(server.close(), 'close')));
  return [...held.keys()];
}
