import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

import type { IdentityDesk } from '../../src/engine/identity/identity.ts';
import { toIdentitySettings } from '../../src/engine/identity/identity-settings.ts';
import type { IdentitySettings } from '../../src/engine/identity/identity-settings.ts';
import { openIdentity } from '../../src/engine/identity/open-identity.ts';
import type { Store } from '../../src/store/open-store.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';
import { Browser } from './browser.ts';

/** A real HTTP server in front of a desk, on a database of its own. */
export interface DeskServer {
  desk: IdentityDesk;
  store: Store;
  database: TestDatabase;
  baseUrl: string;
  /** A browser that is signed in nowhere; from another address where one is given. */
  browser(ip?: string): Browser;
  /** Makes an account and returns its id; its password is `password`. */
  addAccount(name: string, person?: string | null): Promise<string>;
  /** A browser in which that account is signed in by its password. */
  signIn(name: string, ip?: string): Promise<Browser>;
  close(): Promise<void>;
}

export const password = 'four words of nobody else';

/** Starts it. Addresses of askers come in `x-test-ip`, as a trusted proxy would give them. */
export async function startDesk(over: Partial<IdentitySettings> = {}): Promise<DeskServer> {
  const database = await createTestDatabase();
  const store = await database.open();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`;
  const desk = openIdentity(store, toIdentitySettings(baseUrl, over));
  answerBy(server, desk, baseUrl);
  const browser = (ip = '192.0.2.1') => new Browser(baseUrl, ip);
  const addAccount = async (name: string, person: string | null = null): Promise<string> => {
    const { code } = await desk.accounts.invite({ name, email: `${name}@example.org`, person }, 'root');
    return (await desk.accounts.redeem({ code, password }, '192.0.2.1')).id;
  };
  const signIn = async (name: string, ip?: string): Promise<Browser> => {
    const own = browser(ip);
    await own.post('/sign-in/email', { email: `${name}@example.org`, password });
    return own;
  };
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await desk.close();
    await database.drop();
  };
  return { desk, store, database, baseUrl, browser, addAccount, signIn, close };
}

/** `/me` says who asks; everything else is the desk's. */
function answerBy(server: Server, desk: IdentityDesk, baseUrl: string): void {
  server.on('request', (incoming, outgoing) => {
    const headers = new Headers(incoming.headers as Record<string, string>);
    const ip = headers.get('x-test-ip') ?? '127.0.0.1';
    const method = incoming.method ?? 'GET';
    const body = method === 'POST' ? { body: Readable.toWeb(incoming), duplex: 'half' } : {};
    const request = new Request(new URL(incoming.url ?? '/', baseUrl), { method, headers, ...body } as RequestInit);
    const answer =
      request.url === `${baseUrl}/me`
        ? desk.identify({ headers, ip }).then((identity) => Response.json(identity))
        : desk.handle(request, ip);
    answer.then(
      async (response) => {
        const cookies = response.headers.getSetCookie();
        const plain = [...response.headers].filter(([name]) => name !== 'set-cookie');
        outgoing.writeHead(response.status, [...plain.flat(), ...cookies.flatMap((each) => ['set-cookie', each])]);
        outgoing.end(Buffer.from(await response.arrayBuffer()));
      },
      (error: unknown) => outgoing.writeHead(500).end(String((error as Error).stack)),
    );
  });
}
