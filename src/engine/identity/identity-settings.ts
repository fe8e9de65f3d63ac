import { ProductError } from '../../core/error/product-error.ts';

/** One identity provider (OpenID Connect Core 1.0, authorization code flow). */
export interface SignOnSettings {
  /** Word in the address of the callback: `BASE/api/auth/callback/ID`. */
  id: string;
  name: string;
  /** Address whose `/.well-known/openid-configuration` describes the provider. */
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** Claim of the id token that says for which person an account stands; null to leave that to administrators. */
  personClaim: string | null;
  /** Person of each value of the claim; null where the value is the id of the person. */
  people: Readonly<Record<string, string>> | null;
}

/** What sign-in needs to know of the installation. */
export interface IdentitySettings {
  /** Address under which browsers reach the server, without a path. Cookies, passkeys and the check of the origin hang on it. */
  baseUrl: string;
  /** How long a session lives without use. */
  idleSeconds: number;
  /** How long a session lives at most. */
  absoluteSeconds: number;
  signOns: readonly SignOnSettings[];
}

const defaults = { idleSeconds: 30 * 60, absoluteSeconds: 12 * 3600 };

/**
 * Returns the settings that the environment gives: `TMINUS_SESSION_IDLE` and `TMINUS_SESSION_LIFE` in seconds, and `TMINUS_OIDC_*` for an identity provider.
 * `readSecret` resolves `TMINUS_OIDC_SECRET`, a reference such as `file:/run/secrets/oidc`, so that the secret itself need not stand in the environment.
 */
export async function readIdentitySettings(
  environment: Readonly<Record<string, string | undefined>>,
  baseUrl: string,
  readSecret: (reference: string) => Promise<string>,
): Promise<IdentitySettings> {
  const idleSeconds = readSeconds(environment, 'TMINUS_SESSION_IDLE', defaults.idleSeconds);
  const absoluteSeconds = readSeconds(environment, 'TMINUS_SESSION_LIFE', defaults.absoluteSeconds);
  const signOn = await readSignOn(environment, readSecret);
  return { baseUrl: toOrigin(baseUrl), idleSeconds, absoluteSeconds, signOns: signOn === null ? [] : [signOn] };
}

/** Returns the settings without identity providers and with the times that hold unless said otherwise. */
export function toIdentitySettings(baseUrl: string, over: Partial<IdentitySettings> = {}): IdentitySettings {
  return { ...defaults, signOns: [], ...over, baseUrl: toOrigin(baseUrl) };
}

function toOrigin(baseUrl: string): string {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw refused('base address', 'http(s)://HOST[:PORT] without a path', baseUrl);
  return url.origin;
}

function readSeconds(
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  otherwise: number,
): number {
  const text = environment[name];
  if (text === undefined) return otherwise;
  const seconds = Number(text);
  // Below a minute nobody could work; above a month it is no limit any more.
  if (!/^\d+$/.test(text) || seconds < 60 || seconds > 31 * 86_400) throw refused(name, '60 to 2678400 seconds', text);
  return seconds;
}

async function readSignOn(
  environment: Readonly<Record<string, string | undefined>>,
  readSecret: (reference: string) => Promise<string>,
): Promise<SignOnSettings | null> {
  const issuer = environment['TMINUS_OIDC_ISSUER'];
  if (issuer === undefined) return null;
  // The id token is only worth what the way to its keys is worth.
  if (!URL.canParse(issuer) || !isSafe(new URL(issuer)))
    throw refused('TMINUS_OIDC_ISSUER', 'an https address', issuer);
  const demand = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw refused(name, 'a value beside TMINUS_OIDC_ISSUER', '(none)');
    return value;
  };
  const id = environment['TMINUS_OIDC_ID'] ?? 'oidc';
  if (!/^[a-z][a-z0-9-]{0,30}$/.test(id)) throw refused('TMINUS_OIDC_ID', 'a lower-case word', id);
  return {
    id,
    name: environment['TMINUS_OIDC_NAME'] ?? new URL(issuer).host,
    issuer: issuer.replace(/\/$/, ''),
    clientId: demand('TMINUS_OIDC_CLIENT_ID'),
    clientSecret: await readSecret(demand('TMINUS_OIDC_SECRET')),
    personClaim: environment['TMINUS_OIDC_PERSON_CLAIM'] ?? null,
    people: readPeople(environment['TMINUS_OIDC_PEOPLE']),
  };
}

function isSafe({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
}

/** `VALUE=PERSON,VALUE=PERSON`. */
function readPeople(text: string | undefined): Record<string, string> | null {
  if (text === undefined) return null;
  const pairs = text.split(',').map((pair): [string, string] => {
    const [value = '', person = '', ...rest] = pair.split('=').map((part) => part.trim());
    if (value === '' || person === '' || rest.length > 0)
      throw refused('TMINUS_OIDC_PEOPLE', 'VALUE=PERSON,VALUE=PERSON', pair);
    return [value, person];
  });
  return Object.fromEntries(pairs);
}

function refused(name: string, expected: string, got: string): ProductError {
  return new ProductError('usage', `${name}: expected ${expected}, got ${got}`, { hint: 'correct the setting' });
}
