import { Readable } from 'node:stream';

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { addressKey } from './address-key.ts';
import { addressOf } from './admit.ts';
import type { ApiParts } from './api-parts.ts';
import { toHeaders } from './to-headers.ts';

/** Hands everything below `/api/auth/` to identity: sign-in, second factors, passkeys, single sign-on. Bodies pass unread; guesses are limited by address. */
export async function passToIdentity(app: FastifyInstance, parts: ApiParts): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.route({
      method: ['GET', 'POST'],
      url: '/api/auth/*',
      schema: { hide: true },
      config: {
        rateLimit: {
          // Asking for the own session is no guess, and pages do it often.
          max: ({ method }) => (method === 'POST' ? parts.limits.signIn : parts.limits.anonymous),
          timeWindow: 60_000,
          keyGenerator: (request: FastifyRequest) => `${request.method} ${addressKey(request)}`,
        },
      },
      handler: async (request, reply) => {
        const answer = await parts.identity.handle(toWebRequest(parts, request), addressOf(request));
        return sendAnswer(reply, answer);
      },
    });
    await Promise.resolve();
  });
}

function toWebRequest({ baseUrl }: ApiParts, request: FastifyRequest): Request {
  const { method, body, url } = request;
  const init = { method, headers: toHeaders(request), ...(Buffer.isBuffer(body) && { body: new Uint8Array(body) }) };
  return new Request(new URL(url, baseUrl), init);
}

function sendAnswer(reply: FastifyReply, answer: Response): FastifyReply {
  reply.code(answer.status);
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') reply.header(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) reply.header('set-cookie', cookies);
  if (answer.body === null) return reply.send();
  return reply.send(Readable.fromWeb(answer.body));
}
