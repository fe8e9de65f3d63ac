import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client } from 'pg';

import { refuseScratch } from '../../../core/dataset/archive/refuse-scratch.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { openEmbedded } from '../../../store/postgres/embedded.ts';

/** A server on which a drill may make a database. */
export interface ScratchServer {
  /** Connection string of a database of it; never shown. */
  url(database: string): string;
  host: string;
  port: number;
  close(): Promise<void>;
}

/** A database that was made for a drill; whatever happens it is dropped. */
export interface ScratchDatabase {
  url: string;
  name: string;
  /** Nothing was in it when it was made: no table, of anybody. */
  wasEmpty: boolean;
  drop(): Promise<void>;
}

/** What a drill must not touch. */
export interface ScratchGuard {
  forbidden: readonly string[];
  productionDatabases: readonly string[];
}

/** Starts a Postgres in a new folder: an empty machine, apart from every other, gone afterwards. */
export async function startScratchServer(): Promise<ScratchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-drill-'));
  // As root the server runs under another account, which has to pass through.
  chmodSync(folder, 0o711);
  const discard = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const server = await openEmbedded({
      dataDirectory: join(folder, 'data'),
      command: 'tminus restore-drill',
      waitMs: 0,
    });
    const close = async (): Promise<void> => {
      await server.close();
      discard();
    };
    return { url: (database) => server.url(database), host: 'scratch', port: 0, close };
  } catch (error) {
    discard();
    throw error;
  }
}

/** Returns a server that somebody named, by the url of any database of it. */
export function nameScratchServer(url: string, password: string | null): ScratchServer {
  const parsed = URL.parse(url);
  if (parsed === null || !/^postgres(?:ql)?:$/.test(parsed.protocol) || parsed.hostname === '') throw unreadable();
  if (parsed.password !== '') throw unreadable();
  if (password !== null) parsed.password = encodeURIComponent(password);
  return {
    url(database) {
      const of = new URL(parsed);
      of.pathname = `/${database}`;
      return of.href;
    },
    host: parsed.hostname,
    port: Number(parsed.port || 5432),
    close: () => Promise.resolve(),
  };
}

function unreadable(): ProductError {
  return new ProductError('usage', 'server: expected postgres://USER@HOST:PORT without a password, got another form', {
    hint: 'hand the password over by the variable TMINUS_DRILL_PASSWORD',
  });
}

/** Returns a name that no other drill has. */
export function nameScratch(): string {
  return `tminus_drill_${randomBytes(5).toString('hex')}`;
}

/** Makes a database for a drill. Throws `drill_refused` for a place of production, and for a name that is taken: what is there is never touched. */
export async function createScratch(
  server: ScratchServer,
  name: string,
  guard: ScratchGuard,
): Promise<ScratchDatabase> {
  const why = refuseScratch({ host: server.host, port: server.port, database: name, ...guard });
  if (why !== null) throw refused(why);
  await withClient(server.url('postgres'), async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount !== 0) throw refused(`expected no database ${name}, got one: a drill touches nothing that is there`);
    // template1 may hold what somebody put there.
    await client.query(`create database ${name} template template0 encoding 'UTF8'`);
  });
  const drop = (): Promise<void> =>
    withClient(
      server.url('postgres'),
      async (client) => void (await client.query(`drop database if exists ${name} with (force)`)),
    );
  try {
    return { url: server.url(name), name, wasEmpty: await isEmpty(server.url(name)), drop };
  } catch (error) {
    await drop();
    throw error;
  }
}

async function isEmpty(url: string): Promise<boolean> {
  let count = -1;
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
    );
    count = rows[0]?.count ?? -1;
  });
  return count === 0;
}

function refused(message: string): ProductError {
  return new ProductError('drill_refused', message, {
    hint: 'leave the database to the drill: it makes one and drops it',
  });
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'tminus drill',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
