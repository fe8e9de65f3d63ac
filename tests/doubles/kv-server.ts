import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

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
  /** What is said about a secret beside its versions. */
  customOf(path: string): { [key: string]: string } | null;
  /** How many versions of a secret are kept from now on; older ones are gone. */
  keep(path: string, versions: number): void;
  /** Called once before the next write of data, as somebody who was faster. */
  beforeNextWrite(act: () => void): void;
  /** How it answers everything from now on; null for as it should. */
  behave(how: 'sealed' | 'redirect' | 'garbage' | 'hang' | 'huge' | 'kv1' | 'broken' | null): void;
  stop(): Promise<void>;
}

/** Starts it on a port of 127.0.0.1. The path `denied/...` is outside the policy of the token. */
export async function startKvServer(): Promise<KvServer> {
  const token = 'hvs.double-token-c41f7e2a90';
  const secrets = new Map<string, Version[]>();
  const kept: Kept = { secrets, custom: new Map(), limits: new Map(), faster: null };
  const calls: string[] = [];
  let mood: Parameters<KvServer['behave']>[0] = null;
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url} ${String(request.headers['x-vault-namespace'] ?? '')}`.trim());
    if (mood !== null) return misbehave(mood, response);
    if (request.headers['x-vault-token'] !== token) return send(response, 403, { errors: ['permission denied'] });
    if (request.headers['x-vault-request'] !== 'true')
      return send(response, 412, { errors: ['required header missing'] });
    if (request.method === 'POST') return void write(request, response, kept);
    answer(request, response, kept);
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
    customOf: (path) => kept.custom.get(path) ?? null,
    keep: (path, versions) => void kept.limits.set(path, versions),
    beforeNextWrite: (act) => void (kept.faster = act),
    behave: (how) => {
      mood = how;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Kept {
  secrets: Map<string, Version[]>;
  custom: Map<string, { [key: string]: string }>;
  limits: Map<string, number>;
  faster: (() => void) | null;
}

/** `POST data` with check-and-set as Vault does it, and `POST metadata`, which replaces what was said before. */
async function write(request: IncomingMessage, response: ServerResponse, kept: Kept): Promise<void> {
  const match = /^\/v1\/kv\/(data|metadata)\/(.+)$/.exec(decodeURIComponent(request.url!));
  if (!match) return send(response, 404, { errors: [] });
  const [, part = '', path = ''] = match;
  if (path.startsWith('denied/')) return send(response, 403, { errors: ['permission denied'] });
  const body = (await json(request)) as {
    data?: Version['data'];
    options?: { cas?: number };
    custom_metadata?: { [key: string]: string };
  };
  if (part === 'metadata') {
    kept.custom.set(path, body.custom_metadata ?? {});
    return void response.writeHead(204).end();
  }
  kept.faster?.();
  kept.faster = null;
  const versions = kept.secrets.get(path) ?? [];
  if (body.options?.cas !== undefined && body.options.cas !== versions.length)
    return send(response, 400, { errors: ['check-and-set parameter did not match the current version'] });
  const fresh = { data: body.data ?? {}, createdAt: '2026-11-03T08:00:00Z', deletedAt: '', destroyed: false };
  const all = [...versions, fresh];
  const limit = kept.limits.get(path) ?? 10;
  kept.secrets.set(
    path,
    all.map((version, index) => (index < all.length - limit ? { ...version, data: {}, destroyed: true } : version)),
  );
  send(response, 200, { data: { version: all.length, created_time: fresh.createdAt, custom_metadata: null } });
}

function answer(request: IncomingMessage, response: ServerResponse, { secrets, custom }: Kept): void {
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
    custom_metadata: custom.get(match[1]!) ?? null,
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
