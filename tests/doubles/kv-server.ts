import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Version {
  data: { [key: string]: unknown };
  createdAt: string;
  deletedAt: string;
  destroyed: boolean;
}

/** A small real server that speaks KV version 2 as HashiCorp Vault and OpenBao do: mount `kv`, one policy, one token. */
export interface KvServer {
  url: string;
  token: string;
  /** What was asked for, in order: method, path with query, namespace. */
  calls: string[];
  put(path: string, data: { [key: string]: unknown }): void;
  /** Deletes the newest version; it can be had back, so its metadata stays. */
  softDelete(path: string): void;
  /** How it answers everything from now on; null for as it should. */
  behave(how: 'sealed' | 'redirect' | 'garbage' | 'hang' | 'huge' | 'kv1' | 'broken' | null): void;
  stop(): Promise<void>;
}

/** Starts it on a port of 127.0.0.1. The path `denied/...` is outside the policy of the token. */
export async function startKvServer(): Promise<KvServer> {
  const token = 'hvs.double-token-c41f7e2a90';
  const secrets = new Map<string, Version[]>();
  const calls: string[] = [];
  let mood: Parameters<KvServer['behave']>[0] = null;
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url} ${String(request.headers['x-vault-namespace'] ?? '')}`.trim());
    if (mood !== null) return misbehave(mood, response);
    if (request.headers['x-vault-token'] !== token) return send(response, 403, { errors: ['permission denied'] });
    if (request.headers['x-vault-request'] !== 'true')
      return send(response, 412, { errors: ['required header missing'] });
    answer(request, response, secrets);
  });
  server.keepAliveTimeout = 1;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const put: KvServer['put'] = (path, data) => {
    const versions = secrets.get(path) ?? [];
    secrets.set(path, [
      ...versions,
      { data, createdAt: '2026-11-01T08:00:00.123456789Z', deletedAt: '', destroyed: false },
    ]);
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token,
    calls,
    put,
    softDelete: (path) => {
      secrets.get(path)!.at(-1)!.deletedAt = '2026-11-02T08:00:00Z';
    },
    behave: (how) => {
      mood = how;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(request: IncomingMessage, response: ServerResponse, secrets: Map<string, Version[]>): void {
  const url = new URL(request.url!, 'http://kv');
  const match = /^\/v1\/kv\/data\/(.+)$/.exec(decodeURIComponent(url.pathname));
  if (request.method !== 'GET' || !match)
    return send(response, 404, { errors: [`no handler for route "${url.pathname}"`] });
  if (match[1]!.startsWith('denied/'))
    return send(response, 403, { errors: ['1 error occurred:\n\t* permission denied\n\n'] });
  const versions = secrets.get(match[1]!);
  if (!versions) return send(response, 404, { errors: [] });
  const number = Number(url.searchParams.get('version') ?? 0) || versions.length;
  const found = versions[number - 1];
  if (!found) return send(response, 404, { errors: [] });
  const metadata = {
    created_time: found.createdAt,
    custom_metadata: null,
    deletion_time: found.deletedAt,
    destroyed: found.destroyed,
    version: number,
  };
  const isGone = found.destroyed || found.deletedAt !== '';
  send(response, isGone ? 404 : 200, {
    request_id: 'double',
    lease_id: '',
    renewable: false,
    data: { data: isGone ? null : found.data, metadata },
  });
}

function misbehave(mood: NonNullable<Parameters<KvServer['behave']>[0]>, response: ServerResponse): void {
  if (mood === 'sealed') send(response, 503, { errors: ['Vault is sealed'] });
  if (mood === 'redirect') response.writeHead(307, { location: 'http://127.0.0.1:1/v1/kv/data/shop/db' }).end();
  if (mood === 'garbage') response.writeHead(200).end('<html>hello</html>');
  if (mood === 'broken') send(response, 500, { errors: ['canary-of-the-server 5d0e'] });
  if (mood === 'kv1') send(response, 200, { data: { password: 'as KV version 1 answers' } });
  if (mood === 'huge') response.writeHead(200).end(Buffer.alloc(4 * 1024 * 1024, 0x20));
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
