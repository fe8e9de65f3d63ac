// One of the two sites: `old` shows a maintenance page while the file `maintenance` stands beside its database.
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

import { openMemberStore } from './member-store.ts';

/** How a site is run. */
interface SiteSettings {
  site: 'old' | 'new';
  address: string;
  port: number;
  /** Folder of the environment: `old.db`, `new.db`, and the switch. */
  folder: string;
  commit: string;
}

type Answer = [status: number, body: object];

const settings = JSON.parse(process.argv[2] ?? '{}') as SiteSettings;
const { site, address, port, folder, commit } = settings;
const store = openMemberStore(join(folder, `${site}.db`));
const server = createServer((request, response) => void answer(request, response));

server.listen(port, address, () => process.stdout.write(`${JSON.stringify({ site, address, port })}\n`));
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => store.close());
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://site');
  const [status, body] = await route(request, pathname);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...(status === 503 ? { 'retry-after': '900' } : {}) });
  response.end(`${JSON.stringify(body)}\n`);
}

async function route(request: IncomingMessage, path: string): Promise<Answer> {
  const isClosed = site === 'old' && existsSync(join(folder, 'maintenance'));
  if (path === '/healthz') return [200, { status: 'ok', site, commit, maintenance: isClosed }];
  if (isClosed) return [503, { error: 'the library moves, and is back in a quarter of an hour' }];
  if (request.method === 'POST' && path === '/members') return register(request);
  if (path === '/members/count') return [200, { members: store.count() }];
  const id = /^\/members\/(\d{1,9})$/.exec(path)?.[1];
  const member = id === undefined ? null : store.find(Number(id));
  return member === null ? [404, { error: 'not found' }] : [200, member];
}

async function register(request: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk as string;
  const { name, email } = JSON.parse(text) as { name: string; email: string };
  return [201, store.register(name, email, site)];
}
