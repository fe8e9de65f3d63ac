/** Where a query goes. `tls` is how far the server must prove itself. */
export type Connection =
  | { engine: 'sqlite'; path: string }
  | {
      engine: 'postgres' | 'mysql';
      host: string;
      port: number;
      user: string;
      database: string;
      tls: 'disable' | 'require' | 'verify-full';
    };

export type ReadConnection =
  | { ok: true; connection: Connection }
  | { ok: false; expected: string; got: string; hint: string };

const engines: { [scheme: string]: { engine: 'postgres' | 'mysql'; port: number } } = {
  'postgres:': { engine: 'postgres', port: 5432 },
  'postgresql:': { engine: 'postgres', port: 5432 },
  'mysql:': { engine: 'mysql', port: 3306 },
  'mariadb:': { engine: 'mysql', port: 3306 },
};
const forms = 'postgres://user@host/database, mysql://user@host/database or sqlite:path';
const passwordHint = 'name the environment variable that holds it: passwordEnv: SHOP_DB_PASSWORD';

/** True where a url, with or without templates, carries a password, which the evidence would keep for ever. */
export function hasPassword(url: string): boolean {
  return /^[a-z]+:\/\/[^/?#]*:[^/?#]*@/i.test(url) || /[?&](?:password|pass|pwd|sslpassword)=/i.test(url);
}

/** Reads the url of a database in which no template is left. */
export function readConnection(url: string): ReadConnection {
  if (hasPassword(url)) return refuse('a url without a password', 'a password', passwordHint);
  if (url.startsWith('sqlite:')) return readSqlite(url.slice('sqlite:'.length).replace(/^\/\/(?=\/|[^/])/, ''));
  const parsed = URL.parse(url);
  const known = parsed && engines[parsed.protocol];
  if (!parsed || !known) return refuse(forms, url, 'write the url of the database');
  const database = decode(parsed.pathname.slice(1));
  if (parsed.hostname === '' || parsed.username === '' || !database) {
    return refuse('user, host and database in the url', url, `write ${parsed.protocol}//user@host/database`);
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, '');
  const tls = readTls(parsed, host);
  if (tls === null)
    return refuse('sslmode=disable, require or verify-full', parsed.search, 'correct what follows the ?');
  const port = parsed.port === '' ? known.port : Number(parsed.port);
  const user = decode(parsed.username) ?? parsed.username;
  return { ok: true, connection: { engine: known.engine, host, port, user, database, tls } };
}

function readSqlite(path: string): ReadConnection {
  if (path === '' || path === ':memory:' || path.includes('?') || path.includes('\0')) {
    return refuse('the path of a database file', path === '' ? 'nothing' : path, 'write sqlite:path/of/the.db');
  }
  return { ok: true, connection: { engine: 'sqlite', path } };
}

/** A server that is not this machine must prove its name unless the document says otherwise. */
function readTls(url: URL, host: string): 'disable' | 'require' | 'verify-full' | null {
  const keys = [...url.searchParams.keys()];
  if (keys.length === 0)
    return host === 'localhost' || host === '::1' || host.startsWith('127.') ? 'disable' : 'verify-full';
  const mode = url.searchParams.get('sslmode');
  if (keys.length > 1 || (mode !== 'disable' && mode !== 'require' && mode !== 'verify-full')) return null;
  return mode;
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function refuse(expected: string, got: string, hint: string): ReadConnection {
  return { ok: false, expected, got, hint };
}
