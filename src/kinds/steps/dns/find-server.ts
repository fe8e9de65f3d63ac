import { isIP } from 'node:net';

import type { StepContext } from '../../../core/step/step-kind.ts';
import { judgeAddress, toHost } from '../../checks/egress.ts';
import { resolveBySystem } from '../../checks/guarded-lookup.ts';
import { toNetworkTrouble } from '../../checks/network-trouble.ts';
import type { ServerAddress } from './exchange.ts';
import type { DnsStepSpec } from './schema.ts';

type Found = { ok: true; server: ServerAddress } | { ok: false; reason: string };

/**
 * The address of the server, or why it must not be asked: it stands for production where that is forbidden, by its name or by its address; the name to be changed does; or it is
 * an inside address that the environment does not allow. The name is resolved once, and the address that was judged is the one that is asked.
 */
export async function findServer(
  { server, name }: Pick<DnsStepSpec, 'server' | 'name'>,
  { allow, forbidden }: Pick<StepContext, 'allow' | 'forbidden'>,
): Promise<Found> {
  const { host, port } = splitServer(server);
  const addresses = await resolve(host);
  if (typeof addresses === 'string') return { ok: false, reason: addresses };
  const barred = await barredEndpoints(forbidden);
  const mine = [host, ...addresses];
  const hit = barred.find((entry) => entry.hosts.some((each) => mine.includes(each)) && (entry.port ?? port) === port);
  if (hit) return { ok: false, reason: `server ${server} belongs to production: expected another in a rehearsal` };
  if (barred.some(({ hosts }) => hosts[0] === toHost(name)))
    return { ok: false, reason: `name ${name} belongs to production: expected another in a rehearsal` };
  for (const address of addresses) {
    const verdict = judgeAddress(address, { host, port, allow });
    if (!verdict.allowed) return { ok: false, reason: `server ${server}: ${verdict.reason}` };
  }
  const [address = ''] = addresses;
  return { ok: true, server: { address, family: isIP(address) === 6 ? 6 : 4, port } };
}

/** Host and port of `host`, `host:port`, `[::1]:53` or `::1`. */
function splitServer(text: string): { host: string; port: number } {
  const [, host = text, port = '53'] = isIP(text) === 0 ? (/^(.+?)(?::(\d{1,5}))?$/.exec(text) ?? []) : [];
  return { host: toHost(host), port: Number(port) };
}

async function resolve(host: string): Promise<string[] | string> {
  if (isIP(host) !== 0) return [host];
  try {
    const addresses = await resolveBySystem(host);
    return addresses.length > 0
      ? addresses.map(({ address }) => toHost(address))
      : `server ${host}: expected an address, got none`;
  } catch (error) {
    return toNetworkTrouble(error, `server ${host}`).message;
  }
}

/** Another name of a forbidden host is the same host. A forbidden name that nobody can resolve still bars itself. */
async function barredEndpoints(forbidden: readonly string[]): Promise<{ hosts: string[]; port: number | null }[]> {
  return Promise.all(
    forbidden.map(async (entry) => {
      const { host } = splitServer(entry);
      const port = isIP(entry) === 0 ? /:(\d{1,5})$/.exec(entry)?.[1] : undefined;
      const addresses = await resolve(host);
      return {
        hosts: [host, ...(typeof addresses === 'string' ? [] : addresses)],
        port: port === undefined ? null : Number(port),
      };
    }),
  );
}
