import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { makeCertificate } from './certificates.ts';

type Json = { [key: string]: unknown };

/** A Kubernetes API with a resource or two: it takes merge patches as the real one does, and a controller that a test chooses carries them out. */
export interface ClusterServer {
  url: string;
  host: string;
  ca: string;
  token: string;
  /** The resource as it stands, to be looked at and to be changed. */
  resources: Map<string, Json>;
  /** Method and path of each request. */
  asked: string[];
  stop(): Promise<void>;
}

/** What a controller makes of a resource that was patched, some milliseconds later; null leaves it as it is. */
export type Controller = (resource: Json) => Json | null;

/** Starts it with resources by their path, such as `apis/argoproj.io/v1alpha1/namespaces/default/rollouts/shop`. */
export async function startCluster(
  resources: { [path: string]: Json },
  controllers: { carryOut: Controller },
): Promise<ClusterServer> {
  const now = Date.now();
  const made = await makeCertificate({
    names: ['127.0.0.1'],
    validFrom: new Date(now - 3_600_000),
    validTo: new Date(now + 3_600_000),
  });
  const held = new Map(Object.entries(structuredClone(resources)));
  const asked: string[] = [];
  const token = 'cluster-test-token';
  const put = (path: string, next: Json): void => {
    const version = Number((held.get(path)!['metadata'] as Json)['resourceVersion']) + 1;
    held.set(path, { ...next, metadata: { ...(next['metadata'] as Json), resourceVersion: String(version) } });
  };
  const answer = (method: string, target: string, body: Json | null): { status: number; value: Json } => {
    const isStatus = target.endsWith('/status');
    const path = isStatus ? target.slice(0, -'/status'.length) : target;
    const found = held.get(path);
    if (found === undefined) return { status: 404, value: { kind: 'Status', code: 404 } };
    if (method === 'GET') return { status: 200, value: found };
    const { metadata: _, ...change } = body ?? {};
    const version = (body?.['metadata'] as Json | undefined)?.['resourceVersion'];
    const metadata = found['metadata'] as Json;
    if (version !== undefined && version !== metadata['resourceVersion'])
      return { status: 409, value: { kind: 'Status', code: 409 } };
    // The subresource changes the status only, and everything else changes all but it.
    const part = isStatus ? { status: change['status'] ?? {} } : { ...change, status: {} };
    const generation = Number(metadata['generation']) + (isStatus ? 0 : 1);
    put(path, { ...mergePatch(found, part), metadata: { ...metadata, generation } });
    setTimeout(() => {
      const next = controllers.carryOut(structuredClone(held.get(path) ?? {}));
      if (next !== null) put(path, next);
    }, 30);
    return { status: 200, value: held.get(path) ?? {} };
  };
  const server = createServer({ cert: made.cert, key: made.key }, (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`);
      const isMerge = request.method !== 'PATCH' || request.headers['content-type'] === 'application/merge-patch+json';
      const isKnown = request.headers.authorization === `Bearer ${token}`;
      const { status, value } = !isKnown
        ? { status: 401, value: {} }
        : isMerge
          ? answer(request.method ?? '', (request.url ?? '').slice(1), text === '' ? null : (JSON.parse(text) as Json))
          : { status: 415, value: {} };
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    ca: made.ca,
    token,
    resources: held,
    asked,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** RFC 7386: null takes a member away, a mapping goes into a mapping, everything else replaces. */
function mergePatch(target: unknown, patch: Json): Json {
  const base: Json =
    typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...(target as Json) } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete base[key];
    else if (typeof value === 'object' && !Array.isArray(value)) base[key] = mergePatch(base[key], value as Json);
    else base[key] = value;
  }
  return base;
}
