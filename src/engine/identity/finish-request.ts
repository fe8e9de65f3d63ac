import { createHmac } from 'node:crypto';

import { ProductError } from '../../core/error/product-error.ts';
import type { Exchange } from './exchange.ts';
import type { Ask } from './handle-request.ts';
import { recordEvent, sessionBegun } from './identity-ground.ts';
import type { IdentityGround } from './identity-ground.ts';
import { toNetwork } from './network.ts';
import { endPasskeyAlarm, raiseIfCloned } from './passkey-alarm.ts';
import { problemResponse } from './problem-response.ts';
import { forgetOneTry, forgetTries } from './throttle.ts';
import { toAnswer } from './to-answer.ts';

const factorPaths = new Set(['/two-factor/verify-totp', '/two-factor/verify-backup-code']);

/** What the library answered, and what it did. */
interface Outcome {
  status: number;
  headers: Headers;
  body: Record<string, unknown> | null;
  learnt: Exchange;
}

/** Looks at what came of a request: guesses, used codes, the second factor, the old session, the audit. Returns the answer without what opens a session. */
export async function finish(
  ground: IdentityGround,
  ask: Ask,
  response: Response,
  learnt: Exchange,
): Promise<Response> {
  const body = await readBody(response);
  const outcome = { status: response.status, headers: response.headers, body, learnt };
  const isGood = response.status < 400 && !isErrorRedirect(response);
  const refusal = isGood ? await settle(ground, ask, outcome) : await noteRefusal(ground, ask, outcome);
  return refusal ?? toAnswer(outcome.status, outcome.headers, body);
}

async function readBody(response: Response): Promise<Record<string, unknown> | null> {
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').startsWith('application/json');
  return isJson && text !== '' ? (JSON.parse(text) as Record<string, unknown> | null) : null;
}

/** The callback says in its address, and not by its status, that nobody was signed in. */
function isErrorRedirect(response: Response): boolean {
  return /[?&]error=/.test(response.headers.get('location') ?? '');
}

async function noteRefusal(
  ground: IdentityGround,
  { route, body, ip, asker }: Ask,
  { learnt, ...outcome }: Outcome,
): Promise<Response | null> {
  if (outcome.status >= 500) throw libraryBroke(route.path, learnt);
  if (route.path === '/passkey/verify-authentication') await raiseIfCloned(ground, body, learnt.errors);
  const detail = route.guesses === 'password' ? String(body?.['email']).toLowerCase() : '';
  await recordEvent(ground.tables, { what: `refused ${route.path}`, account: asker?.account ?? null, ip, detail });
  const reason = outcome.body?.['code'];
  return outcome.status < 400 ? null : signInRefused(outcome.status, typeof reason === 'string' ? reason : null);
}

/** What the library could not do is an error of ours: with its cause, for whoever reads the log of the server. */
function libraryBroke(path: string, { errors }: Exchange): ProductError {
  const cause = errors.find((error) => error instanceof Error);
  return new ProductError('internal', `${path}: expected an answer of the library, got an error`, {
    hint: 'try again; report it with the log of the server',
    ...(cause !== undefined && { cause }),
  });
}

/** The same words whatever was wrong (A48); `reason` is what the library says for pages to choose theirs by. */
function signInRefused(status: number, reason: string | null): Response {
  const hint = 'check what was typed; ask an administrator for a reset';
  return problemResponse(status, {
    code: 'sign_in_refused',
    detail: 'expected proof of who asks, got none that holds',
    hint,
    reason,
  });
}

/** A refusal that the library does not know of, or null. */
async function settle(ground: IdentityGround, ask: Ask, { body, learnt }: Outcome): Promise<Response | null> {
  const { tables } = ground;
  const { route, asker, ip } = ask;
  // The first half of a sign-in with two factors: its session is gone again, and the library took the cookie of the old one.
  if (body?.['twoFactorRedirect'] === true) {
    await forgetGuesses(ground, ask, null);
    await endOld(ground, ask, learnt);
    return null;
  }
  const account = learnt.session?.account ?? asker?.account ?? null;
  if (route.path === '/two-factor/verify-totp' && account !== null && !(await useCode(ground, account, ask))) {
    if (learnt.session !== null) await tables.deleteFrom('session').where('id', '=', learnt.session.id).execute();
    await recordEvent(tables, { what: 'code used again', account, ip });
    return signInRefused(401, 'INVALID_CODE');
  }
  await forgetGuesses(ground, ask, account);
  if (factorPaths.has(route.path) && learnt.session === null && asker !== null)
    await stepUp(ground, ask, asker.session);
  if (learnt.session !== null) await followPerson(ground, learnt.session.account, learnt.person);
  await endOld(ground, ask, learnt);
  if (route.path === '/passkey/delete-passkey' && account !== null) await endPasskeyAlarm(ground, account);
  if (route.method === 'POST' || learnt.session !== null)
    await recordEvent(tables, {
      what: route.path.slice(1),
      account,
      by: account,
      ip,
      detail: learnt.session === null ? '' : sessionBegun,
    });
  return null;
}

/** Uses a code up: true once for each (A24). Afterwards the codes before it are forgotten, which the authenticator has long left behind. */
async function useCode({ tables, secret }: IdentityGround, account: string, { body }: Ask): Promise<boolean> {
  const code = createHmac('sha256', secret)
    .update(`totp ${account} ${String(body?.['code'])}`)
    .digest();
  await tables
    .deleteFrom('totp_use')
    .where('account', '=', account)
    .where('at', '<', new Date(Date.now() - 600_000))
    .execute();
  const used = await tables
    .insertInto('totp_use')
    .values({ account, code })
    .onConflict((clash) => clash.doNothing())
    .returning('account')
    .executeTakeFirst();
  return used !== undefined;
}

/** A right guess takes back the wrong ones for its account, and itself from what counts against its network, where many may sign in of a morning. */
async function forgetGuesses({ tables }: IdentityGround, ask: Ask, account: string | null): Promise<void> {
  const { guesses } = ask.route;
  if (guesses === null) return;
  const network = toNetwork(ask.ip);
  await forgetOneTry(tables, `${guesses} from ${network}`);
  const who = guesses === 'password' ? String(ask.body?.['email']).toLowerCase() : account;
  if (who === null) return;
  await forgetTries(tables, `${guesses} of ${who} from ${network}`);
  await forgetTries(tables, `${guesses} of ${who}`);
}

/** Writes that a second factor was shown in a session that went on. */
async function stepUp({ tables, cache }: IdentityGround, { ip }: Ask, session: string): Promise<void> {
  const set = { strongAt: new Date(), strongFrom: toNetwork(ip) };
  await tables.updateTable('session').set(set).where('id', '=', session).execute();
  cache.drop((identity) => identity.session === session);
}

/** Where the settings map a claim to people, the identity provider says at each sign-in for whom an account stands; somebody else's person it cannot take. */
async function followPerson(
  { tables, cache }: IdentityGround,
  account: string,
  person: string | null | undefined,
): Promise<void> {
  if (person === undefined) return;
  const holder = person === null ? undefined : await findHolder(tables, person);
  const isTaken = holder !== undefined && holder.id !== account;
  if (isTaken)
    await recordEvent(tables, { what: 'person refused', account, detail: `${person} is that of ${holder.id}` });
  const set = { person: isTaken ? null : person };
  await tables.updateTable('user').set(set).where('id', '=', account).execute();
  cache.drop((identity) => identity.account === account);
}

function findHolder(tables: IdentityGround['tables'], person: string): Promise<{ id: string } | undefined> {
  return tables
    .selectFrom('user')
    .select('id')
    .where('person', '=', person)
    .where('disabledAt', 'is', null)
    .executeTakeFirst();
}

/** A new session takes the place of the one that the browser had (A23); sign-out ends it. */
async function endOld({ tables, cache }: IdentityGround, { route, asker }: Ask, { session }: Exchange): Promise<void> {
  // Nobody asks with them any more, so nothing else would take them away.
  if (session !== null) await tables.deleteFrom('session').where('expiresAt', '<', new Date()).execute();
  if (asker === null) return;
  const isOver = session !== null ? session.id !== asker.session : ['/sign-out', '/sign-in/email'].includes(route.path);
  if (isOver) await tables.deleteFrom('session').where('id', '=', asker.session).execute();
  // A changed password ended the others of the account as well.
  if (isOver) cache.drop((identity) => identity.via === 'session' && identity.account === asker.account);
}
