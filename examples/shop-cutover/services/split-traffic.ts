// Stands before both shops and sends each customer to one of them: as many in a hundred to the new shop as its share says.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request as ask } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

/** `stable` is the legacy shop, `canary` the new one. */
type Arm = 'stable' | 'canary';

/** How it is run: where it listens, where both shops are, and the folder in which `share.sh` reads and sets the share. */
interface SplitSettings {
  port: number;
  stable: string;
  canary: string;
  folder: string;
}

const settings = JSON.parse(process.argv[2] ?? '{}') as SplitSettings;
const arms = ['stable', 'canary'] as const;
const routes = ['orders', 'other'] as const;
const agent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 30_000 });
/** Connections in a row that an arm refused. */
const refused = { stable: 0, canary: 0 };
const counts = Object.fromEntries(arms.flatMap((arm) => routes.map((route) => [`${arm} ${route}`, { requests: 0, errors: 0 }])));
let weight = 0;
let told = '';

const server = createServer((request, response) => {
  if (request.url === '/-/metrics') return void response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(toMetrics());
  if (request.url === '/-/share') return void response.writeHead(200, { 'content-type': 'application/json' }).end(toShare());
  pass(request, response);
});
server.keepAliveTimeout = 75_000;
takeShare();
setInterval(takeShare, 50);
writeFileSync(join(settings.folder, 'splitter.pid'), `${process.pid}\n`);
server.listen(settings.port, '127.0.0.1', () => void process.stdout.write(`${JSON.stringify({ splitter: settings.port })}\n`));
process.on('SIGTERM', () => process.exit(0));

/** Takes the share that was asked for, and then says what is in force. The file keeps it over a restart. */
function takeShare(): void {
  const wanted = readShare();
  if (wanted !== null) weight = wanted;
  const share = toShare();
  if (share === told) return;
  const file = join(settings.folder, 'share.json');
  writeFileSync(`${file}.new`, `${share}\n`);
  renameSync(`${file}.new`, file);
  told = share;
}

function readShare(): number | null {
  try {
    const share = Number(readFileSync(join(settings.folder, 'share'), 'utf8') || 'none');
    return share >= 0 && share <= 100 ? share : null;
  } catch {
    return null;
  }
}

function toShare(): string {
  const requests = { stable: requestsOf('stable'), canary: requestsOf('canary') };
  const healthy = { stable: refused.stable < 3, canary: refused.canary < 3 };
  return JSON.stringify({ weight, requests, healthy, detail: `the new shop gets ${weight} of 100 customers` });
}

function requestsOf(arm: Arm): number {
  return routes.reduce((sum, route) => sum + countOf(arm, route).requests, 0);
}

function pass(request: IncomingMessage, response: ServerResponse): void {
  const arm: Arm = bucketOf(request) < weight * 100 ? 'canary' : 'stable';
  const route = request.url?.startsWith('/orders/') === true ? 'orders' : 'other';
  const count = countOf(arm, route);
  const end = (status: number): void => {
    count.requests += 1;
    if (status >= 500) count.errors += 1;
  };
  const { method = 'GET', url = '/', headers } = request;
  const passed = ask(settings[arm] + url, { method, headers, agent }, (answer) => {
    refused[arm] = 0;
    end(answer.statusCode ?? 502);
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, 'x-arm': arm });
    answer.pipe(response);
  });
  passed.on('error', () => {
    if (response.headersSent) return void response.destroy();
    refused[arm] += 1;
    end(502);
    response.writeHead(502, { 'x-arm': arm }).end();
  });
  request.pipe(passed);
}

/** Of ten thousand buckets the one of this customer, always the same: while the share rises, nobody is sent back. FNV-1a, 32 bits. */
function bucketOf({ headers }: IncomingMessage): number {
  const customer = /(?:^|; )customer=(\d{1,6})/.exec(headers.cookie ?? '')?.[1] ?? 'visitor';
  let hash = 0x811c9dc5;
  for (const letter of `customer ${customer}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  // The lowest bits of neighbours differ in a pattern; mixed once more they do not.
  return (Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0) % 10_000;
}

function countOf(arm: Arm, route: (typeof routes)[number]): { requests: number; errors: number } {
  return counts[`${arm} ${route}`]!;
}

/** Every counter begins at 0, so that none that is missing looks like no errors. */
function toMetrics(): string {
  const lines = (['requests', 'errors'] as const).flatMap((what) => [
    `# TYPE shop_${what}_total counter`,
    ...arms.flatMap((arm) =>
      routes.map((route) => `shop_${what}_total{arm="${arm}",route="${route}"} ${countOf(arm, route)[what]}`),
    ),
  ]);
  return `${lines.join('\n')}\n`;
}
