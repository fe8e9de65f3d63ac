import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { shadowCounters } from '../../core/rollout/shadow/shadow-declaration.ts';
import type { ShadowReport } from '../../core/rollout/shadow/shadow-report.ts';
import { arms } from '../metric-sources/counter-series.ts';

/**
 * Opens an address where the counts of a shadow are read: `/report` as JSON, `/metrics` in the text format of Prometheus. It is another one than that of clients, who must
 * not reach it.
 */
export async function openReportServer(
  { host, port }: { host: string; port: number },
  report: () => Promise<ShadowReport>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const [path] = (request.url ?? '').split('?', 1);
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'text/plain', 'only GET\n');
    if (path !== '/report' && path !== '/metrics')
      return send(response, 404, 'text/plain', 'expected /report or /metrics\n');
    return void report().then(
      (read) =>
        path === '/report'
          ? send(response, 200, 'application/json', JSON.stringify(read))
          : send(response, 200, 'text/plain; version=0.0.4', toExposition(read)),
      // No counts are no zero: whoever reads them has to see that nobody counts.
      (error: unknown) =>
        send(response, 503, 'text/plain', `${error instanceof Error ? error.message : String(error)}\n`),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const at = server.address() as AddressInfo;
  return {
    url: `http://${at.family === 'IPv6' ? `[${at.address}]` : at.address}:${at.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}

function toExposition({ routes }: ShadowReport): string {
  const lines = (name: string, part: 'total' | 'bad'): string[] => [
    `# TYPE ${name} counter`,
    ...routes.flatMap((one) =>
      arms.map((arm) => `${name}{arm="${arm}",route="${escape(one.route)}"} ${one.arms[arm][part]}`),
    ),
  ];
  const outcomes = (['dropped', 'failed', 'uncompared'] as const).flatMap((outcome) =>
    routes.map((one) => `shadow_copies_total{outcome="${outcome}",route="${escape(one.route)}"} ${one[outcome]}`),
  );
  return [
    ...lines(shadowCounters.total, 'total'),
    ...lines(shadowCounters.bad, 'bad'),
    '# TYPE shadow_copies_total counter',
    ...outcomes,
    '',
  ].join('\n');
}

function escape(text: string): string {
  return text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}
