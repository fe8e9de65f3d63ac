import type { DatastoreContext } from '../../core/dataset/datastore-kind.ts';
import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';
import { EgressBlocked } from '../checks/guarded-lookup.ts';
import { readConnection } from '../checks/sql/read-connection.ts';
import type { Connection } from '../checks/sql/read-connection.ts';
import { resolveHost } from '../checks/sql/resolve-host.ts';
import { refuseForbidden } from '../steps/guard-hosts.ts';
import type { ServerTarget } from '../server-target.ts';

type Server = Exclude<Connection, { engine: 'sqlite' }>;

/** How long a server may take to answer at all. */
const connectMs = 10_000;

/** Faults in the url of a database; a url in which a template is left is judged once it is filled. */
export function urlFaults(
  url: string,
  engine: Connection['engine'],
): { path: string; expected: string; got: string; hint: string }[] {
  if (/[{}]/.test(url)) return [];
  const read = readConnection(url);
  if (!read.ok) return [{ path: 'url', expected: read.expected, got: read.got, hint: read.hint }];
  if (read.connection.engine === engine) return [];
  return [{ path: 'url', expected: `a url of ${engine}`, got: url, hint: `write ${engine}:...` }];
}

/** Returns where to connect to: the address is judged, so that no name that answers twice differently gets past the rules of the environment. */
export async function resolveServer(url: string, context: DatastoreContext): Promise<ServerTarget> {
  const read = readConnection(url);
  if (!read.ok) throw new DatastoreTrouble('configuration', `url: expected ${read.expected}, got ${read.got}`);
  if (read.connection.engine === 'sqlite')
    throw new DatastoreTrouble('configuration', 'url: expected a server, got a file');
  const server: Server = read.connection;
  try {
    refuseForbidden(server.host, server.port, context.forbidden);
    const address = await resolveHost({ ...server, allow: context.allow });
    refuseForbidden(address, server.port, context.forbidden);
    const password = context.password?.exposeText() ?? null;
    return { server, address, password, timeoutMs: connectMs, signal: context.signal };
  } catch (error) {
    if (error instanceof EgressBlocked) throw new DatastoreTrouble('egress_blocked', error.message);
    throw new DatastoreTrouble('dns_failed', `${server.host}: expected an address, got none`);
  }
}
