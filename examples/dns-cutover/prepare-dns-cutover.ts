import { generateKeyPairSync, randomInt } from 'node:crypto';
import { once } from 'node:events';
import fs, { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { add, commit as commitTo, init, statusMatrix } from 'isomorphic-git';

/** A name server that takes updates of both zones, and the servers that carry copies of them. */
export interface CutoverNameServer {
  /** `host:port` of the primary. */
  address: string;
  secondaries: readonly string[];
  /** `algorithm:name:base64`. */
  key: string;
}

/** Where one environment's sites answer, and its zone. */
export interface CutoverEnvironment {
  zone: string;
  oldUrl: string;
  newUrl: string;
}

/** A copy of the example that can be run: a Git repository of its own with free ports, and keys made for it. */
export interface DnsCutover {
  directory: string;
  /** HEAD, the candidate. */
  commit: string;
  environments: { [id in EnvironmentId]: CutoverEnvironment };
  people: { [id: string]: { publicKey: string; keyFile: string } };
}

export type EnvironmentId = 'production' | 'staging';

const example = import.meta.dirname;
const peopleIds = ['nora', 'omar', 'pia', 'quinn', 'cutover-bot'];
const ignored = ['data/', 'reports/', '.keys/', '.tminus/', '.cutover.json'];
/** Addresses as the document in this folder has them. */
const written = { server: '127.0.0.1:4300', secondaries: ['127.0.0.1:4301', '127.0.0.1:4302'], port: 4310 };
const hosts = { production: ['127.0.0.11', '127.0.0.12'], staging: ['127.0.0.21', '127.0.0.22'] } as const;

/** The zones that the name server has to hold before, with the records of each. */
export const cutoverZones: { [zone: string]: readonly string[] } = Object.fromEntries(
  Object.entries(hosts).map(([id, [old, next]]) => [`${id}.harbor.test`, [`old A ${old}`, `new A ${next}`, 'members CNAME old']]),
);

/** Copies the example into an empty directory as a repository and returns how to reach it; `startDnsCutover` reads the same from there. */
export async function prepareDnsCutover(directory: string, server: CutoverNameServer): Promise<DnsCutover> {
  mkdirSync(join(directory, '.keys'), { recursive: true, mode: 0o700 });
  const port = await findFreePort();
  const people = Object.fromEntries(peopleIds.map((id) => [id, createPerson(directory, id)]));
  writeFileSync(join(directory, '.keys', 'dns.key'), `${server.key}\n`, { mode: 0o600 });
  cpSync(join(example, 'launch'), directory, { recursive: true });
  cpSync(join(example, 'services'), join(directory, 'services'), { recursive: true });
  fillIn(join(directory, 'launch.md'), { server, port, people });
  writeFileSync(join(directory, '.gitignore'), `${ignored.join('\n')}\n`);
  const commit = await commitAll(directory);
  const environments = { production: environmentOf('production', port), staging: environmentOf('staging', port) };
  const cutover: DnsCutover = { directory, commit, environments, people };
  writeFileSync(join(directory, '.cutover.json'), JSON.stringify(cutover));
  return cutover;
}

function environmentOf(id: EnvironmentId, port: number): CutoverEnvironment {
  const [old, next] = hosts[id];
  return { zone: `${id}.harbor.test`, oldUrl: `http://${old}:${port}`, newUrl: `http://${next}:${port}` };
}

function createPerson(directory: string, id: string): DnsCutover['people'][string] {
  const pair = generateKeyPairSync('ed25519');
  const raw = pair.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  const keyFile = join(directory, '.keys', `${id}.pem`);
  writeFileSync(keyFile, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return { publicKey: `ed25519:${raw.toString('base64')}`, keyFile };
}

/** Addresses and public keys are all that differs from the document in this folder. */
function fillIn(file: string, { server, port, people }: { server: CutoverNameServer; port: number; people: DnsCutover['people'] }): void {
  const [first = server.address, second = first] = server.secondaries;
  const addresses = [[written.server, server.address], [written.secondaries[0]!, first], [written.secondaries[1]!, second]] as const;
  // In one pass: an address that was put in must not be taken for the next one to replace.
  let text = readFileSync(file, 'utf8').replaceAll(/(?:127\.0\.0\.\d+|harbor\.test):43\d\d/g, (found) => {
    const known = addresses.find(([from]) => from === found);
    return known?.[1] ?? found.replace(`:${written.port}`, `:${port}`);
  });
  for (const [id, { publicKey }] of Object.entries(people))
    text = text.replace(new RegExp(`^(  ${id}: .*key: ")[^"]*`, 'm'), (_, before: string) => before + publicKey);
  writeFileSync(file, text);
}

/** Without the git program, which the machine may not have, and without anybody's settings. */
async function commitAll(directory: string): Promise<string> {
  const repository = { fs, dir: directory };
  await init({ ...repository, defaultBranch: 'main' });
  for (const [path] of await statusMatrix(repository)) await add({ ...repository, filepath: path });
  const author = { name: 'Omar Haddad', email: 'omar@harbor.example', timestamp: Date.parse('2026-11-20T09:00:00Z') / 1000, timezoneOffset: 0 };
  return commitTo({ ...repository, message: 'The move of the members, as planned', author, committer: author });
}

/** A port that was free a moment ago on the addresses of all sites; it lies below those that a system gives to whoever asks for any, so that it stays free. */
async function findFreePort(): Promise<number> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const port = randomInt(11_000, 30_000);
    const server = createServer().listen(port);
    const isFree = await once(server, 'listening').then(() => true, () => false);
    if (!isFree) continue;
    await once(server.close(), 'close');
    return port;
  }
  throw new Error('port: expected one that is free, got none');
}
