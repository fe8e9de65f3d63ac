import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { ApiError, isProblem, UnavailableError } from './api-error.ts';
import { askEarly } from './early-answers.ts';
import { request, requestVersioned, setSignedOutHandler } from './request.ts';

let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  setSignedOutHandler(() => undefined);
});

async function serve(
  answer: (response: ServerResponse, body: string) => void,
): Promise<{ url: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  server = createServer((incoming, response) => {
    asked.push(incoming);
    let body = '';
    incoming.on('data', (piece: Buffer) => (body += piece.toString())).on('end', () => answer(response, body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

const problem = {
  title: 'version conflict',
  status: 409,
  detail: 'run R1: expected version a, got b',
  instance: 'req-1',
  code: 'version_conflict',
  hint: 'read it again',
  current: 'b',
};

describe('a call of the API', () => {
  it('sends what is asked for, leaves out what is not there, and gives the body with its version', async () => {
    const { url, asked } = await serve((response) => json(response, 200, { n: 1 }, { etag: 'W/"v7"' }));
    const query = { limit: 5, cursor: undefined, kind: ['a', 'b'], none: null };
    expect(await requestVersioned({ method: 'GET', path: `${url}/api/x`, query })).toEqual({
      body: { n: 1 },
      version: 'v7',
    });
    expect(asked[0]?.url).toBe('/api/x?limit=5&kind=a&kind=b');
    expect(asked[0]?.headers['idempotency-key']).toBeUndefined();
  });

  it('gives every change a key of its own and the version that was seen, as the API writes it', async () => {
    const { url, asked } = await serve((response, body) => json(response, 201, JSON.parse(body)));
    const call = { method: 'POST', path: `${url}/api/x`, body: { a: 1 }, ifMatch: 'v7' } as const;
    expect(await request(call)).toEqual({ a: 1 });
    await request(call);
    await request({ ...call, idempotencyKey: 'mine-12345' });
    const keys = asked.map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('mine-12345');
    expect(asked[0]?.headers['if-match']).toBe('"v7"');
  });

  it('T18 gives a question up that nobody answers, so that its connection is free; what changes something waits', async () => {
    const { url, asked } = await serve(() => undefined);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const question = request({ method: 'GET', path: `${url}/api/x` }).catch((reason: unknown) => reason);
    const change = request({ method: 'POST', path: `${url}/api/x` }).then(
      () => 'answered',
      () => 'ended',
    );
    while (asked.length < 2) await new Promise((done) => setImmediate(done));
    const closed = once(asked.find(({ method }) => method === 'GET')!.socket, 'close');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await question).toBeInstanceOf(UnavailableError);
    await closed;
    expect(await Promise.race([change, Promise.resolve('waits')])).toBe('waits');
  });

  it('T18 gives an early answer up, too, that does not come, and stops waiting for it when nobody wants it', async () => {
    const { url, asked } = await serve(() => undefined);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    void askEarly(`${url}/api/x`);
    const question = request({ method: 'GET', path: `${url}/api/x` }).catch((reason: unknown) => reason);
    while (asked.length < 1) await new Promise((done) => setImmediate(done));
    const closed = once(asked[0]!.socket, 'close');
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await question).toBeInstanceOf(UnavailableError);
    await closed;
    void askEarly(`${url}/api/x`);
    const unwanted = request({ method: 'GET', path: `${url}/api/x`, signal: AbortSignal.abort(new Error('gone')) });
    await expect(unwanted).rejects.toThrow('gone');
  });

  it('O20 a change forgets what was asked for early: whoever signs in or out, or reads after it, gets no answer of before', async () => {
    let told = 0;
    const { url } = await serve((response) => json(response, 200, { n: ++told }));
    await askEarly(`${url}/api/x`);
    await request({ method: 'POST', path: `${url}/api/sign-out` });
    expect(await request({ method: 'GET', path: `${url}/api/x` })).toEqual({ n: 3 });
  });

  it('tells a problem as the API told it', async () => {
    const { url } = await serve((response) => json(response, 409, problem));
    const error = await request({ method: 'GET', path: url }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect((error as ApiError).problem).toEqual({
      title: 'version conflict',
      status: 409,
      detail: 'run R1: expected version a, got b',
      hint: 'read it again',
      code: 'version_conflict',
      requestId: 'req-1',
      current: 'b',
      retryAfterS: null,
    });
    expect([isProblem(error, 'version_conflict'), isProblem(error, 'other')]).toEqual([true, false]);
  });

  it('is unavailable for 503, for a gateway, and where nobody listens: never a problem, never empty', async () => {
    const { url } = await serve((response) => response.writeHead(503, { 'retry-after': '7' }).end('<html>'));
    const error = await request({ method: 'GET', path: url }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UnavailableError);
    expect((error as UnavailableError).retryAfterS).toBe(7);
    await new Promise((resolve) => server?.close(resolve));
    await expect(request({ method: 'GET', path: url })).rejects.toBeInstanceOf(UnavailableError);
  });

  it('reports 401 once to whoever leads to signing in, and no other status', async () => {
    let status = 401;
    let told = 0;
    setSignedOutHandler(() => (told += 1));
    const { url } = await serve((response) => json(response, status, { code: 'not_signed_in' }));
    await expect(request({ method: 'GET', path: url })).rejects.toBeInstanceOf(ApiError);
    status = 403;
    await expect(request({ method: 'GET', path: url })).rejects.toBeInstanceOf(ApiError);
    expect(told).toBe(1);
  });

  it('an answer that is called JSON and is none is unavailable (negative control)', async () => {
    const { url } = await serve((response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"cut'),
    );
    await expect(request({ method: 'GET', path: url })).rejects.toBeInstanceOf(UnavailableError);
  });
});
