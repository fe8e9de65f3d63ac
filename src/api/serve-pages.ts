import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

import type { ApiParts } from './api-parts.ts';
import { toPageHeaders, workerPolicy } from './page-policy.ts';

/** Stands in the built page where the nonce of the answer goes. */
const noncePlace = '__CSP_NONCE__';

/**
 * Serves the built web UI: files with a digest in their name for ever, and for every other address that a browser opens the one page, under a policy that runs
 * nothing but our own scripts (CSP level 3, Trusted Types). Without a built UI only the API is served. Everything is read when it is asked for: a new build
 * takes the place of the old one as a whole, page and files.
 */
export async function servePages(app: FastifyInstance, { webRoot }: Pick<ApiParts, 'webRoot'>): Promise<void> {
  if (webRoot === null) return;
  await app.register(fastifyStatic, { root: webRoot, serve: false, index: false, preCompressed: true });
  app.get('/*', { schema: { hide: true } }, async (request, reply) => {
    const path = request.url.split('?')[0] ?? '/';
    if (path.startsWith('/api/')) return reply.callNotFound();
    // Addresses of pages may hold dots, too; a browser that opens one asks for a page and nothing else.
    if (isFile.test(path)) return sendFile(reply, path);
    if (!(request.headers.accept ?? '').includes('text/html')) return reply.callNotFound();
    return sendPage(reply, await readFile(join(webRoot, 'index.html'), 'utf8'));
  });
}

/** What the build makes: hashed files below `assets`, and a few beside the page. */
const isFile = /^\/(?:assets\/[\w.-]+|[\w-]+\.(?:js|json|webmanifest|svg|png|ico|txt))$/u;

function sendFile(reply: FastifyReply, path: string): FastifyReply {
  const isHashed = path.startsWith('/assets/');
  if (path === '/sw.js') reply.header('content-security-policy', workerPolicy);
  // A name that a build has given to one content only may be kept for ever.
  return reply.sendFile(path.slice(1), { maxAge: isHashed ? '365d' : 0, immutable: isHashed });
}

function sendPage(reply: FastifyReply, page: string): FastifyReply {
  const nonce = randomBytes(16).toString('base64');
  return reply
    .headers(toPageHeaders(nonce))
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(page.replaceAll(noncePlace, nonce));
}
