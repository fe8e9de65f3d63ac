import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import type { IdentityDesk } from '../../src/engine/identity/identity.ts';
import { toIdentitySettings } from '../../src/engine/identity/identity-settings.ts';
import type { IdentitySettings } from '../../src/engine/identity/identity-settings.ts';
import { openIdentity } from '../../src/engine/identity/open-identity.ts';
import { totpCode } from '../identity/totp.ts';
import type { Store } from '../../src/store/open-store.ts';

/** People who can ask the API, each with an account of their own. */
export interface TestPeople {
  identity: IdentityDesk;
  /** The address that the server has to listen on, because identity believes only its own. */
  baseUrl: string;
  /** Lets go of the port of that address, for the server to listen on right away; until then nobody else can take it. */
  freePort(): Promise<number>;
  /** Headers with which a browser in which that person has signed in sends a request. */
  headersOf(person: string): Promise<Record<string, string>>;
  /** Has that person sign in anew, in the same browser. */
  signIn(person: string): Promise<void>;
  /** Gives that person an authenticator, has them show its code in their browser, and returns the address that holds its secret. */
  showFactor(person: string): Promise<string>;
}

const password = 'a long sentence that only tests know';
const ip = '127.0.0.1';

/** Opens identity on a store; accounts are made, and sign in over HTTP, when somebody first asks as that person. */
export async function openPeople(
  store: Store,
  { host = '127.0.0.1', signOns = [] }: { host?: string; signOns?: IdentitySettings['signOns'] } = {},
): Promise<TestPeople> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const baseUrl = `http://${host}:${port}`;
  const identity = openIdentity(store, toIdentitySettings(baseUrl, { signOns }));
  const known = new Map<string, Promise<Record<string, string>>>();
  let making: Promise<unknown> = Promise.resolve();
  const sign = async (person: string): Promise<Record<string, string>> => {
    // One after another: the first of them sets the installation up.
    making = making.then(() => makeAccount(identity, person));
    await making;
    return { cookie: await signIn(baseUrl, person), origin: baseUrl };
  };
  return {
    identity,
    baseUrl,
    async freePort() {
      if (holder.listening) await once(holder.close(), 'close');
      return port;
    },
    headersOf(person) {
      const signed = known.get(person) ?? sign(person);
      known.set(person, signed);
      return signed;
    },
    async signIn(person) {
      const headers = await (known.get(person) ?? sign(person));
      const cookie = await signIn(baseUrl, person);
      known.set(person, Promise.resolve({ ...headers, cookie }));
    },
    async showFactor(person) {
      const headers = await (known.get(person) ?? sign(person));
      const enabled = await post(baseUrl, '/two-factor/enable', { headers, body: { password } });
      const { totpURI } = (await enabled.json()) as { totpURI: string };
      const code = totpCode(totpURI);
      const shown = await post(baseUrl, '/two-factor/verify-totp', { headers, body: { code } });
      if (shown.status !== 200) throw new Error(`factor of ${person}: expected 200, got ${await shown.text()}`);
      const cookie = cookiesOf(shown);
      known.set(person, Promise.resolve(cookie === '' ? headers : { ...headers, cookie }));
      return totpURI;
    },
  };
}

async function makeAccount(identity: IdentityDesk, person: string): Promise<void> {
  const wish = { name: person, email: `${person}@shop.example`, person };
  const code = await identity.setup.issueCode();
  if (code !== null) await identity.setup.complete({ ...wish, code, password }, ip);
  else await identity.accounts.redeem({ code: (await identity.accounts.invite(wish, 'test')).code, password }, ip);
}

async function signIn(baseUrl: string, person: string): Promise<string> {
  const body = { email: `${person}@shop.example`, password };
  const answer = await post(baseUrl, '/sign-in/email', { headers: { origin: baseUrl }, body });
  const cookies = cookiesOf(answer);
  if (answer.status === 200 && cookies !== '') return cookies;
  throw new Error(`sign-in of ${person}: expected 200 and a cookie, got ${answer.status} ${await answer.text()}`);
}

function cookiesOf({ headers }: Response): string {
  return headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}

function post(
  baseUrl: string,
  path: string,
  { headers, body }: { headers: Record<string, string>; body: object },
): Promise<Response> {
  return fetch(`${baseUrl}/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
