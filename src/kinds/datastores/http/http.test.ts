import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { SecretValue } from '../../../core/secret/secret-value.ts';
import { readOnlyContext } from '../records/read-only-context.fixture.ts';
import { httpKind } from './kind.ts';

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function readAll(
  host: string,
  options: { [key: string]: string },
  more: Parameters<typeof readOnlyContext>[1] = {},
): Promise<{ text: string; versions: unknown }> {
  const session = await httpKind.open(
    `http://${host}/v1`,
    { tables: 'orders', ...options },
    readOnlyContext('/', { allow: [host], ...more }),
  );
  try {
    const { columns } = await session.describe('orders');
    const chunks: Uint8Array[] = [];
    for await (const chunk of session.stream({
      table: 'orders',
      columns,
      key: [],
      where: [],
      order: 'any',
      after: null,
    }))
      chunks.push(chunk);
    return { text: Buffer.concat(chunks).toString(), versions: session.versions };
  } finally {
    await session.close();
  }
}

const records = ['{"id":1}', '{"id":9007199254740993}', '{"id":3}'];
const send = (response: ServerResponse, body: string, headers: { [name: string]: string } = {}): void =>
  void response.writeHead(200, headers).end(body);

/** Three pages of one record each, found in each of three ways. */
function pages(total: number): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    const at = Number(url.searchParams.get('page') ?? url.searchParams.get('cursor')?.slice(1) ?? '1');
    const next = at < 3 ? `"c${at + 1}"` : 'null';
    const headers = at < 3 ? { link: `</v1/orders?page=${at + 1}>; rel="next", </v1/orders>; rel="first"` } : {};
    send(response, `{"data":[\n${records[at - 1] ?? ''}\n],"meta":{"next":${next},"total":${total}}}`, {
      ...headers,
      'x-total-count': String(total),
    });
  };
}

describe('lists of an HTTP API', () => {
  it.each([
    ['header Link', { next: 'link' }],
    ['a cursor in the page', { next: 'meta.next' }],
    ['the number of the page', { next: 'page' }],
    ['a total in a header', { next: 'link', total: 'header X-Total-Count' }],
  ])('D05 reads all pages by %s, with all digits and a digest', async (_name, options) => {
    const host = await serve(pages(3));
    const { text, versions } = await readAll(host, { list: 'data', total: 'meta.total', ...options });
    expect(text).toBe('1\n9007199254740993\n3\n');
    expect(versions).toMatchObject({
      pages: { orders: { records: 3, total: 3, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
    });
  });

  it('D05 fewer records than the API says are no list', async () => {
    const host = await serve(pages(4));
    await expect(readAll(host, { list: 'data', next: 'link', total: 'meta.total' })).rejects.toThrow(
      'expected 4 records as the API says, got 3',
    );
  });

  it('waits as long as Retry-After says, and sends the token', async () => {
    const seen: (string | undefined)[] = [];
    const host = await serve((request, response) => {
      seen.push(request.headers.authorization);
      if (seen.length === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else send(response, '[{"id":1}]');
    });
    const password = new SecretValue('api', Buffer.from('token-canary'));
    const startedAt = performance.now();
    expect((await readAll(host, {}, { password })).text).toBe('1\n');
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(seen).toEqual(['Bearer token-canary', 'Bearer token-canary']);
  });

  it.each([
    [
      'a redirect to another host',
      (_: IncomingMessage, response: ServerResponse) =>
        void response.writeHead(302, { location: 'http://other.example/x' }).end(),
      'got a link to other.example',
    ],
    [
      'a next page on another host',
      (_: IncomingMessage, response: ServerResponse) =>
        send(response, '[]', { link: '<http://other.example/x>; rel=next' }),
      'got a link to other.example',
    ],
    [
      'a next page that was read',
      (_: IncomingMessage, response: ServerResponse) => send(response, '[]', { link: '</v1/orders>; rel=next' }),
      'got one again that was read',
    ],
    [
      'a page that is no JSON',
      (_: IncomingMessage, response: ServerResponse) => send(response, '<html>canary'),
      'expected a page of JSON',
    ],
    [
      'a page without a list',
      (_: IncomingMessage, response: ServerResponse) => send(response, '{"canary":1}'),
      'expected a list in the page',
    ],
    [
      'a status of the caller',
      (_: IncomingMessage, response: ServerResponse) => void response.writeHead(403).end('canary'),
      'expected status 200, got 403',
    ],
  ])('refuses %s', async (_name, answer, message) => {
    const failure = await readAll(await serve(answer), {}).then(
      () => 'read',
      (error: Error) => error.message,
    );
    expect(failure).toContain(message);
    expect(failure).not.toContain('canary');
  });

  it('sends no token in clear to a host that nobody allowed', async () => {
    const session = await httpKind.open(
      'http://example.org',
      { tables: 'orders' },
      readOnlyContext('/', { password: new SecretValue('x', Buffer.from('y')) }),
    );
    await expect(session.describe('orders')).rejects.toThrow('expected https where a token is sent');
  });

  it('A46 touches neither private hosts that nobody allowed, nor those of production', async () => {
    let asked = 0;
    const host = await serve((_, response) => {
      asked += 1;
      send(response, '[]');
    });
    await expect(readAll(host, {}, { allow: [], forbidden: [host] })).rejects.toThrow('is production');
    await expect(readAll(host, {}, { allow: [] })).rejects.toThrow('loopback');
    expect(asked).toBe(0);
  });
});
