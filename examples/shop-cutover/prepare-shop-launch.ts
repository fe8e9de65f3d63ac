import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A person of the example, with the key pair made for this one copy of it. */
export interface ShopPerson {
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
  /** What runs before the fix: the first version of migration and smoke tests. */
  deployedCommit: string;
  /** HEAD, the candidate of the launch. */
  candidateCommit: string;
  people: { [id: string]: ShopPerson };
}

const example = import.meta.dirname;
const peopleIds = ['alice', 'bob', 'carol', 'dave', 'deploy-bot'];
const ignored = ['data/', 'reports/', 'backups/', '.keys/', '.tminus/', '.shop.json'];

/** Copies the example into an empty directory as a repository of its own and returns how to reach it; `startShop` reads the same from there. */
export async function prepareShopLaunch(directory: string): Promise<ShopLaunch> {
  mkdirSync(directory, { recursive: true });
  const [legacyPort, newPort] = await findFreePorts(2);
  const people = Object.fromEntries(peopleIds.map((id) => [id, createPerson(directory, id)]));
  cpSync(join(example, 'launch'), directory, { recursive: true });
  cpSync(join(example, 'services'), join(directory, 'services'), { recursive: true });
  fillIn(join(directory, 'launch.md'), { '127.0.0.1:4101': `127.0.0.1:${legacyPort}`, '127.0.0.1:4102': `127.0.0.1:${newPort}` }, people);
  writeFileSync(join(directory, '.gitignore'), `${ignored.join('\n')}\n`);
  git(directory, ['init', '-q', '-b', 'main']);
  cpSync(join(example, 'first-version'), join(directory, 'services'), { recursive: true });
  const deployedCommit = commit(directory, 'The shop, first version', '2026-11-20T09:00:00Z');
  for (const file of ['migrate-orders.ts', 'smoke.ts']) cpSync(join(example, 'services', file), join(directory, 'services', file));
  const candidateCommit = commit(directory, 'Move every order, and count smoke tests that end badly', '2026-11-27T09:00:00Z');
  const urls = { legacyUrl: `http://127.0.0.1:${legacyPort}`, newUrl: `http://127.0.0.1:${newPort}` };
  const launch: ShopLaunch = { directory, ...urls, deployedCommit, candidateCommit, people };
  writeFileSync(join(directory, '.shop.json'), JSON.stringify({ ...launch, people: {} }));
  return launch;
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

function commit(directory: string, message: string, at: string): string {
  git(directory, ['add', '-A']);
  git(directory, ['commit', '-q', '-m', message], at);
  return git(directory, ['rev-parse', 'HEAD']).trim();
}

/** Git with an author of its own and without the settings of the person at the keyboard. */
function git(directory: string, args: string[], at = '2026-11-20T09:00:00Z'): string {
  const who = { name: 'Dave Ito', email: 'dave@shop.example' };
  const author = { GIT_AUTHOR_NAME: who.name, GIT_AUTHOR_EMAIL: who.email, GIT_AUTHOR_DATE: at };
  const committer = { GIT_COMMITTER_NAME: who.name, GIT_COMMITTER_EMAIL: who.email, GIT_COMMITTER_DATE: at };
  const env = { PATH: process.env['PATH'], ...author, ...committer, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return execFileSync('git', args, { cwd: directory, env, encoding: 'utf8' });
}

/** Ports that were free a moment ago; all are held until the last is found, so that they differ. */
async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
