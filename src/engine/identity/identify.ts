import { createHash } from 'node:crypto';

import { sql } from 'kysely';

import type { IdentityGround } from './identity-ground.ts';
import type { Asking, Identity } from './identity.ts';
import type { SessionRow } from './identity-tables.ts';
import { toNetwork } from './network.ts';
import type { Auth } from './open-auth.ts';
import { findToken } from './tokens.ts';

/** How often use of a session is written down, at most. */
const touchMs = 60_000;

/** Returns who asks; null for nobody. A request that names a token is the token's, whatever cookies came with it. */
export async function identify(ground: IdentityGround, auth: Auth, { headers, ip }: Asking): Promise<Identity | null> {
  const authorization = headers.get('authorization') ?? '';
  const cookie = headers.get('cookie');
  // Another scheme is that of a proxy before us, and none of our business.
  if (/^bearer\b/i.test(authorization)) {
    const text = authorization.slice('bearer '.length);
    return ground.cache.get(`token ${digestOf(text)}`, () => findToken(ground, text));
  }
  if (cookie === null || !cookie.includes('session_token=')) return null;
  const network = toNetwork(ip);
  const key = `session ${network} ${digestOf(cookie)}`;
  return ground.cache.get(key, () => findSession(ground, auth, { cookie, network }));
}

async function findSession(
  ground: IdentityGround,
  auth: Auth,
  { cookie, network }: { cookie: string; network: string },
): Promise<Identity | null> {
  const found = await auth.api.getSession({ headers: new Headers({ cookie }) });
  if (found === null) return null;
  const { session, user } = found;
  if (user.disabledAt || !(await touch(ground, session))) return null;
  // A cookie that came to another network may have been stolen: there, the second factor is asked for again (A23).
  const strongAtMs = session.strongFrom === network ? (session.strongAt?.getTime() ?? null) : null;
  const { id: account, name, email, person = null } = user;
  return { account, name, email, person, via: 'session', session: session.id, scopes: null, strongAtMs };
}

/** False for a session that reached its absolute end, which ends it. Else moves its end on, and writes that at most once a minute. */
async function touch(
  { tables, settings }: IdentityGround,
  row: Pick<SessionRow, 'id' | 'createdAt' | 'updatedAt'>,
): Promise<boolean> {
  const lastMs = row.createdAt.getTime() + settings.absoluteSeconds * 1000;
  const nowMs = Date.now();
  if (nowMs >= lastMs) {
    await tables.deleteFrom('session').where('id', '=', row.id).execute();
    return false;
  }
  if (nowMs - row.updatedAt.getTime() < Math.min(touchMs, settings.idleSeconds * 250)) return true;
  const endsAt = new Date(Math.min(nowMs + settings.idleSeconds * 1000, lastMs));
  const touched = await tables
    .updateTable('session')
    .set({ expiresAt: endsAt, updatedAt: new Date(nowMs) })
    .where('id', '=', row.id)
    .where('expiresAt', '>', sql<Date>`clock_timestamp()`)
    .returning('id')
    .executeTakeFirst();
  return touched !== undefined;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
