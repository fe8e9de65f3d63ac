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
}

export type JsonAnswer =
  | { state: 'answered'; status: number; body: unknown }
  | { state: 'failed'; why: 'aborted' | 'unreachable' | 'too-large' | 'garbage' };

const timeoutMs = 10_000;

/** One GET, without following redirects (the token would go along) and without a connection kept. The body is JSON, or `garbage`. */
export async function fetchJson({ url, headers, ca, signal, limit }: JsonWish): Promise<JsonAnswer> {
  const both = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const options = { headers, signal: both, agent: false as const, ...(ca === null ? {} : { ca }) };
      const sent = url.protocol === 'https:' ? requestHttps(url, options, resolve) : requestHttp(url, options, resolve);
      sent.on('error', reject);
      sent.end();
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
