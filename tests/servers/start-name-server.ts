import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installDebianPackages } from './install-debian-packages.ts';
import { findFreePort, startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';
import type { ServerMissing } from './start-postgres.ts';

/** A primary name server that takes updates by whoever holds its key, and the secondaries that it tells of them. */
export interface TestNameServer {
  state: 'started';
  /** `127.0.0.1:port`, by UDP and TCP. */
  address: string;
  port: number;
  /** Addresses of the secondaries. */
  secondaries: string[];
  /** `algorithm:name:base64`. */
  key: string;
  /** The same as BIND keeps it in a file. */
  keyFile: string;
  /** Kills the primary without a word to its clients. */
  crash: () => Promise<void>;
  /** Starts it again on the same port and files. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
}

/** By zone what it holds beside its SOA and NS, one record a line as zone files have them. */
export interface NameServerSettings {
  zones: { [zone: string]: readonly string[] };
  algorithm?: string;
  secondaries?: number;
}

/** A BIND of its own on a loopback port, installed from Debian where it is missing and can be. */
export async function startNameServer({
  zones,
  algorithm = 'hmac-sha256',
  secondaries = 0,
}: NameServerSettings): Promise<TestNameServer | ServerMissing> {
  const installed = await installDebianPackages({ packages: ['bind9'], programs: ['named', 'tsig-keygen'] });
  if (installed.state === 'missing') return installed;
  const [named = '', generator = ''] = installed.binaries;
  const keyFile = execFileSync(generator, ['-a', algorithm, 'cutover-key'], { encoding: 'utf8' });
  const secret = /secret "([^"]+)"/.exec(keyFile)?.[1] ?? '';
  const [port = 0, ...ports] = await findFreePorts(1 + secondaries);
  const primary = await startNamed({ named, port, zones, configuration: primaryConfiguration(zones, ports, keyFile) });
  const others = await Promise.all(
    ports.map((own) => startNamed({ named, port: own, zones, configuration: secondaryConfiguration(zones, port) })),
  );
  return {
    state: 'started',
    address: `127.0.0.1:${port}`,
    port,
    secondaries: ports.map((own) => `127.0.0.1:${own}`),
    key: `${algorithm}:cutover-key:${secret}`,
    keyFile,
    crash: primary.crash,
    restart: primary.restart,
    stop: async () => void (await Promise.all([primary, ...others].map(({ stop }) => stop()))),
  };
}

interface Named {
  named: string;
  port: number;
  zones: NameServerSettings['zones'];
  configuration: string;
}

type RunningNamed = Pick<TestNameServer, 'crash' | 'restart' | 'stop'>;

async function startNamed({ named, port, zones, configuration }: Named): Promise<RunningNamed> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-named-'));
  for (const [zone, records] of Object.entries(zones))
    writeFileSync(join(folder, `${zone}.db`), zoneFile(zone, records));
  writeFileSync(join(folder, 'named.conf'), `${optionsOf(folder, port)}${configuration}`);
  const launch = (): Promise<ServerProcess> =>
    startServerProcess({
      binary: named,
      args: ['-g', '-n', '1', '-c', join(folder, 'named.conf')],
      cwd: folder,
      isReady: async () => (await Promise.all(Object.keys(zones).map((zone) => answers(port, zone)))).every(Boolean),
    });
  let server = await launch();
  return {
    crash: async () => {
      process.kill(server.pid, 'SIGKILL');
      await server.stop();
    },
    restart: async () => void (server = await launch()),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function zoneFile(zone: string, records: readonly string[]): string {
  const head = [
    `$ORIGIN ${zone}.`,
    '$TTL 3600',
    '@ SOA ns hostmaster 1 3600 600 86400 60',
    '@ NS ns',
    'ns A 127.0.0.1',
  ];
  return `${[...head, ...records].join('\n')}\n`;
}

function optionsOf(folder: string, port: number): string {
  return `options {
  directory "${folder}";
  pid-file "${folder}/named.pid";
  session-keyfile "${folder}/session.key";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  notify-delay 0;
};
controls {};
`;
}

function primaryConfiguration(zones: NameServerSettings['zones'], ports: readonly number[], keyFile: string): string {
  const told = ports.map((port) => `127.0.0.1 port ${port};`).join(' ');
  const zone = (name: string): string => `zone "${name}" { type primary; file "${name}.db"; notify explicit;
  also-notify { ${told} }; allow-transfer { 127.0.0.1; }; update-policy { grant cutover-key zonesub ANY; }; };`;
  return `${keyFile}${Object.keys(zones).map(zone).join('\n')}\n`;
}

/** A secondary that knows nothing yet and fetches the zone from the primary. */
function secondaryConfiguration(zones: NameServerSettings['zones'], primary: number): string {
  const zone = (name: string): string =>
    `zone "${name}" { type secondary; file "fetched-${name}.db"; primaries { 127.0.0.1 port ${primary}; }; notify no; };`;
  return `${Object.keys(zones).map(zone).join('\n')}\n`;
}

async function answers(port: number, zone: string): Promise<boolean> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return (await resolver.resolveNs(zone)).length === 1;
}

/** Ports that were free a moment ago, and differ. */
async function findFreePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) ports.add(await findFreePort());
  return [...ports];
}
