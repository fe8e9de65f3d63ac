import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small application that counts its requests and shows them as metrics; a test says what it counts. */
export interface CounterApp {
  /** `host:port`. */
  host: string;
  url: string;
  /** Counts requests of a route that were answered with a status and took so many seconds. */
  count(request: { route?: string; code?: string; seconds?: number }, times: number): void;
  /** Sets what a page shows besides, in the text format. */
  show(text: string): void;
  /** Begins again, as a process does that was started anew. */
  beginAgain(): void;
  /** From now on each sample bears this time, as a page does that nobody writes any more; null for none. */
  stampAt(ms: number | null): void;
  stop(): Promise<void>;
}

const bounds = [0.1, 0.25, 0.5, 1];

/** Starts the application of one arm. It answers `/status/CODE` with that status and counts it, too. */
export async function startCounterApp(arm: string): Promise<CounterApp> {
  let requests = new Map<string, number>();
  let lengths = new Map<string, number[]>();
  let further = '';
  let stamp = '';
  const count: CounterApp['count'] = ({ route = '/cart', code = '200', seconds = 0.05 }, times) => {
    const key = `arm="${arm}",route="${route}",code="${code}"`;
    requests.set(key, (requests.get(key) ?? 0) + times);
    const own = lengths.get(route) ?? [...bounds, Infinity].map(() => 0);
    lengths.set(
      route,
      own.map((held, index) => held + (seconds <= (bounds[index] ?? Infinity) ? times : 0)),
    );
  };
  const page = (): string => {
    const totals = [...requests].map(([labels, value]) => `http_requests_total{${labels}} ${value}${stamp}\n`);
    const buckets = [...lengths].flatMap(([route, held]) =>
      held.map(
        (value, index) =>
          `http_seconds_bucket{arm="${arm}",route="${route}",le="${bounds[index] ?? '+Inf'}"} ${value}${stamp}\n`,
      ),
    );
    return `# TYPE http_requests_total counter\n${totals.join('')}# TYPE http_seconds histogram\n${buckets.join('')}${further}`;
  };
  const server = createServer((request, response) => {
    const code = /^\/status\/(\d{3})$/.exec(request.url ?? '')?.[1];
    if (code !== undefined) count({ code }, 1);
    response.statusCode = code === undefined ? 200 : Number(code);
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(code === undefined ? page() : '');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}/metrics`,
    count,
    show: (text) => void (further = text),
    beginAgain: () => {
      requests = new Map();
      lengths = new Map();
    },
    stampAt: (ms) => void (stamp = ms === null ? '' : ` ${ms}`),
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
