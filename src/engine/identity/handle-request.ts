import { authPath, ipHeader } from './auth-options.ts';
import { withExchange } from './exchange.ts';
import { finish } from './finish-request.ts';
import { identify } from './identify.ts';
import type { IdentityGround } from './identity-ground.ts';
import type { Identity } from './identity.ts';
import { toNetwork } from './network.ts';
import type { Library } from './open-library.ts';
import { allowsOrigin } from './origin.ts';
import { problemResponse } from './problem-response.ts';
import { readAccount } from './read-accounts.ts';
import { findRoute } from './routes.ts';
import type { AuthRoute } from './routes.ts';
import { takeTry } from './throttle.ts';
import type { TryLimit } from './throttle.ts';

/** A request on its way through, with what was found out about it. */
export interface Ask {
  route: AuthRoute;
  request: Request;
  ip: string;
  /** Read and judged; null for a GET. */
  body: Record<string, unknown> | null;
  /** Who is signed in already. */
  asker: Identity | null;
}

/** How long a second factor, or a sign-in where there is none, is recent enough to change how an account is opened. */
const recentMs = 10 * 60_000;
const providerPaths = new Set(['/sign-in/social', '/link-social', '/callback/:id']);
const mostBytes = 64 * 1024;

/** Answers a request under `/api/auth/`: judges it by its route, hands it to the library, and looks at what came of it. */
export async function handleRequest(
  ground: IdentityGround,
  library: Library,
  request: Request,
  ip: string,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  const route = pathname.startsWith(`${authPath}/`) ? findRoute(request.method, pathname.slice(authPath.length)) : null;
  if (route === null)
    return problemResponse(404, {
      code: 'route_unknown',
      detail: `${request.method} ${pathname}: expected a route of sign-in, got none`,
      hint: 'look at the reference of the API',
    });
  if (!allowsOrigin(ground.settings.baseUrl, request))
    return problemResponse(403, {
      code: 'origin_refused',
      detail: 'expected a request of our own pages, got one of another site',
      hint: 'open the configured address',
    });
  const body = await readBody(route, request);
  if (body instanceof Response) return body;
  const asker = await identify(ground, library.plain, { headers: request.headers, ip });
  const ask: Ask = { route, request, ip, body, asker: asker?.via === 'session' ? asker : null };
  const refusal = (await refuseAsker(ground, ask)) ?? (await refuseGuess(ground, ask));
  if (refusal !== null) return refusal;
  const auth = providerPaths.has(route.path) ? await library.withProviders() : library.plain;
  if (auth === null)
    return problemResponse(503, {
      code: 'provider_unavailable',
      detail: 'identity provider: expected it to describe itself, got no answer',
      hint: 'sign in another way, or try later',
      retryAfterSeconds: 30,
    });
  const { result, learnt } = await withExchange(() => auth.handler(toOwnRequest(ground, ask)));
  return finish(ground, ask, result, learnt);
}

async function readBody(route: AuthRoute, request: Request): Promise<Record<string, unknown> | null | Response> {
  if (route.body === null) return null;
  // What a form of another site can send without asking first (A22).
  if (!/^application\/json(;|$)/.test(request.headers.get('content-type') ?? ''))
    return problemResponse(415, {
      code: 'request_invalid',
      detail: 'body: expected application/json, got another type',
      hint: 'send JSON',
    });
  const text = await request.text();
  const read = text.length <= mostBytes ? route.body.safeParse(parse(text === '' ? '{}' : text)) : null;
  return read?.success === true
    ? (read.data as Record<string, unknown>)
    : problemResponse(400, {
        code: 'request_invalid',
        detail: 'body: expected the fields of this route and no others',
        hint: 'look at the reference of the API',
      });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function refuseAsker({ tables }: IdentityGround, { route, asker }: Ask): Promise<Response | null> {
  if (route.asker === 'anybody') return null;
  if (asker === null)
    return problemResponse(401, {
      code: 'signed_out',
      detail: 'expected somebody who is signed in, got nobody',
      hint: 'sign in again',
    });
  if (route.asker === 'session') return null;
  const { factors } = await readAccount(tables, asker.account);
  const row = await tables.selectFrom('session').select('createdAt').where('id', '=', asker.session).executeTakeFirst();
  const hasFactor = factors.totp || factors.passkeys > 0;
  const shownMs = hasFactor ? asker.strongAtMs : (row?.createdAt.getTime() ?? null);
  if (shownMs !== null && Date.now() - shownMs < recentMs) return null;
  const hint = hasFactor ? 'show a second factor again' : 'sign in again';
  const detail = 'expected that who asks was proved within ten minutes, got longer ago';
  return problemResponse(403, { code: 'step_up_wanted', detail, hint });
}

/** Keys under which a guess counts: by account and network, so that nobody locks another one out from elsewhere too easily, and by each of them alone (A24). */
export function toLimits({ route, ip, body, asker }: Ask): TryLimit[] {
  const network = toNetwork(ip);
  const everybody = { key: `${route.guesses} from ${network}`, most: 100 };
  const who = route.guesses === 'password' ? String(body?.['email']).toLowerCase() : (asker?.account ?? null);
  if (route.guesses === null) return [];
  if (who === null) return [everybody];
  const wide = { key: `${route.guesses} of ${who}`, most: route.guesses === 'password' ? 50 : 10 };
  return [{ key: `${wide.key} from ${network}`, most: 10 }, wide, everybody];
}

async function refuseGuess({ tables }: IdentityGround, ask: Ask): Promise<Response | null> {
  const limits = toLimits(ask);
  const throttled = limits.length === 0 ? null : await takeTry(tables, limits);
  if (throttled === null) return null;
  const detail = 'guesses: expected a few in a quarter of an hour, got more';
  return problemResponse(429, {
    code: 'too_many_requests',
    detail,
    hint: 'wait; each further try begins the wait again',
    ...throttled,
  });
}

/** What the library gets is built anew: our address instead of the one that was asked, the headers that it needs, and the peer as the server saw it. */
function toOwnRequest({ settings }: IdentityGround, { route, request, ip, body }: Ask): Request {
  const { pathname, search } = new URL(request.url);
  const headers = new Headers({ [ipHeader]: ip });
  for (const name of ['cookie', 'user-agent', 'origin', 'content-type']) {
    const value = request.headers.get(name);
    if (value !== null) headers.set(name, value.slice(0, name === 'user-agent' ? 300 : undefined));
  }
  const own = route.path === '/change-password' ? { ...body, revokeOtherSessions: true } : body;
  const init = own === null ? {} : { body: JSON.stringify(own) };
  return new Request(`${settings.baseUrl}${pathname}${search}`, { method: route.method, headers, ...init });
}
