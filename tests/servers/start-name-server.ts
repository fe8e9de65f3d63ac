import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installDebianPackages } from './install-debian-packages.ts';
import { findFreePort, startServerProcess } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';
import type { ServerMissing } from './start-postgres.ts';

/** A primary name server of one zone that takes updates by whoever holds its key. */
export interface TestNameServer {
  state: 'started';
  /** `127.0.0.1:port`, by UDP and TCP. */
  address: string;
  port: number;
  zone: string;
  /** `algorithm:name:base64`. */
  key: string;
  /** The same as BIND keeps it in a file. */
  keyFile: string;
  /** Kills the server without a word to its clients. */
  crash(): Promise<void>;
  /** Starts it again on the same port and files. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** What the zone holds beside its SOA and NS, one record a line as zone files have them. */
export interface NameServerSettings {
  zone: string;
  records: readonly string[];
  algorithm?: string;
}

/** A BIND of its own on a loopback port, installed from Debian where it is missing and can be. */
export async function startNameServer({
  zone,
  records,
  algorithm = 'hmac-sha256',
}: NameServerSettings): Promise<TestNameServer | ServerMissing> {
  const installed = await installDebianPackages({ packages: ['bind9'], programs: ['named', 'tsig-keygen'] });
  if (installed.state === 'missing') return installed;
  const [named = '', generator = ''] = installed.binaries;
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-named-'));
  chmodSync(folder, 0o755);
  const keyFile = execFileSync(generator, ['-a', algorithm, 'cutover-key'], { encoding: 'utf8' });
  const secret = /secret "([^"]+)"/.exec(keyFile)?.[1] ?? randomBytes(32).toString('base64');
  const port = await findFreePort();
  writeFileSync(join(folder, 'zone.db'), zoneFile(zone, records));
  writeFileSync(join(folder, 'named.conf'), configuration({ folder, port, zone, keyFile }));
  const launch = (): Promise<ServerProcess> =>
    startServerProcess({
      binary: named,
      args: ['-g', '-n', '1', '-c', join(folder, 'named.conf')],
      cwd: folder,
      isReady: () => answers(port, zone),
    });
  let server = await launch();
  return {
    state: 'started',
    address: `127.0.0.1:${port}`,
    port,
    zone,
    key: `${algorithm}:cutover-key:${secret}`,
    keyFile,
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

function configuration(at: { folder: string; port: number; zone: string; keyFile: string }): string {
  const { folder, port, zone, keyFile } = at;
  return `${keyFile}
options {
  directory "${folder}";
  pid-file "${folder}/named.pid";
  session-keyfile "${folder}/session.key";
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
};
controls {};
zone "${zone}" { type primary; file "${folder}/zone.db"; update-policy { grant cutover-key zonesub ANY; }; };
`;
}

async function answers(port: number, zone: string): Promise<boolean> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  return (await resolver.resolveNs(zone)).length === 1;
}
