import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site that has moved, by path and query: where each URL leads, or what stands there. */
export interface OldSite {
  url: string;
  host: string;
  /** What was asked for, in order. */
  asked: string[];
  stop(): Promise<void>;
}

type Answer = { status: number; location?: string; body?: string; headers?: { [name: string]: string } };

/** Starts a site on a port of 127.0.0.1; what it does not know is 404, or `fallback` where it has one. */
export async function startOldSite(
  answers: { [path: string]: Answer },
  fallback: Answer | null = null,
): Promise<OldSite> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url!);
    const { status, location, body, headers } = answers[request.url!] ?? fallback ?? { status: 404 };
    response.writeHead(status, { ...headers, ...(location === undefined ? {} : { location }) }).end(body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://${host}`, host, asked, stop };
}
