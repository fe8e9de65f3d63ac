import { request as requestHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface JsonWish {
  url: URL;
  headers: { [name: string]: string };
  /** Certificates to trust instead of the system's, PEM. */
  ca: string | null;
  signal: AbortSignal;
  limit: number;
  /** What is sent, as POST; a GET where it is left out. */
  send?: unknown;
}

export type JsonAnswer =
  | { state: 'answered'; status: number; body: unknown }
  | { state: 'failed'; why: 'aborted' | 'unreachable' | 'too-large' | 'garbage' };

const timeoutMs = 10_000;

/** One GET, or POST of what is to be sent, without following redirects (the token would go along) and without a connection kept. The body is JSON, or `garbage`. */
export async function fetchJson({ url, headers: given, ca, signal, limit, send }: JsonWish): Promise<JsonAnswer> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const body = send === undefined ? null : Buffer.from(JSON.stringify(send));
  const [method, headers] =
    body === null
      ? ['GET', given]
      : ['POST', { ...given, 'content-type': 'application/json', 'content-length': String(body.length) }];
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { method, headers, signal: both, agent: false as const, ...(ca === null ? {} : { ca }) };
      const sent = url.protocol === 'https:' ? requestHttps(url, options, resolve) : requestHttp(url, options, resolve);
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) {
        response.destroy();
        return { state: 'failed', why: 'too-large' };
      }
      chunks.push(chunk);
    }
    return parse(response.statusCode ?? 0, Buffer.concat(chunks));
  } catch {
    // What a broken connection says may quote the request, and with it the token.
    return { state: 'failed', why: signal.aborted ? 'aborted' : 'unreachable' };
  } finally {
    body?.fill(0);
  }
}

function parse(status: number, bytes: Buffer): JsonAnswer {
  try {
    return {
      state: 'answered',
      status,
      body: bytes.length === 0 ? null : (JSON.parse(bytes.toString('utf8')) as unknown),
    };
  } catch {
    return status === 200 ? { state: 'failed', why: 'garbage' } : { state: 'answered', status, body: null };
  } finally {
    bytes.fill(0);
  }
}
