import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

import { cutoverZones, prepareDnsCutover } from '../../examples/dns-cutover/prepare-dns-cutover.ts';
import type { DnsCutover } from '../../examples/dns-cutover/prepare-dns-cutover.ts';
import { startDnsCutover } from '../../examples/dns-cutover/start-dns-cutover.ts';
import { startNameServer } from '../servers/start-name-server.ts';
import type { TestNameServer } from '../servers/start-name-server.ts';
import type { ServerMissing } from '../servers/start-postgres.ts';

/** The example of the moving name with all that it touches, running: name servers, both sites of both environments, a repository. */
export interface DnsWorld {
  state: 'started';
  cutover: DnsCutover;
  server: TestNameServer;
  stop: () => Promise<void>;
}

/** Starts a primary with two secondaries, a copy of the example with keys of its own, and its sites; `missing` where the machine cannot have it. */
export async function startDnsWorld(): Promise<DnsWorld | ServerMissing> {
  // Sites differ by address, as they do in the world: macOS has one loopback address unless somebody adds more.
  if (process.platform !== 'linux')
    return { state: 'missing', reason: 'only Linux has the loopback addresses 127.0.0.11 to 127.0.0.22' };
  const server = await startNameServer({ zones: cutoverZones, secondaries: 2 });
  if (server.state === 'missing') return server;
  const directory = mkdtempSync(join(tmpdir(), 'tminus-test-cutover-'));
  const cutover = await prepareDnsCutover(directory, server);
  const running = await startDnsCutover(directory);
  const path = process.env['PATH'];
  // The programs of the launch say `node`: it has to be the one that runs the tests.
  process.env['PATH'] = [dirname(process.execPath), path].join(delimiter);
  const stop = async (): Promise<void> => {
    process.env['PATH'] = path;
    await running.stop();
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { state: 'started', cutover, server, stop };
}
