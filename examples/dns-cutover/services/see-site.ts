// Asks each name server where a name leads, and the site found there what it is: readers who use that server arrive where they should.
import { Resolver } from 'node:dns/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** An old answer lives for a minute, and a secondary hears of a change a moment later. */
const patienceMs = Number(process.env['SEE_SITE_PATIENCE_MS'] ?? 70_000);
const [wanted = '', address = '', ...servers] = process.argv.slice(2);
const url = new URL(address);
const until = Date.now() + patienceMs;

async function look(server: string): Promise<string> {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  resolver.setServers([server]);
  const [host = ''] = await resolver.resolve4(url.hostname);
  const response = await fetch(`${url.protocol}//${host}:${url.port}/healthz`);
  const { site, maintenance } = (await response.json()) as { site: string; maintenance: boolean };
  if (site === wanted && !maintenance) return `${url.hostname} by ${server} leads to the ${site} site at ${host}`;
  throw new Error(`${url.hostname} by ${server}: expected the open ${wanted} site, got the ${maintenance ? 'closed ' : ''}${site} one`);
}

async function waitFor(server: string): Promise<string> {
  for (;;) {
    try {
      return await look(server);
    } catch (error) {
      if (Date.now() > until) throw error;
      await pause(500);
    }
  }
}

if (servers.length === 0) throw new Error('expected name servers to ask, got none');
for (const server of servers) process.stdout.write(`${await waitFor(server)}\n`);
