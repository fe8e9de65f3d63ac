import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { JsonObject } from '@tminus/verify';
import { afterAll, describe, expect, it } from 'vitest';

import { checkKindContract } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { rangeAnswer } from './answer.fixture.ts';
import { sloKind } from './kind.ts';
import { marks, recent, sourceNames } from './query.ts';
import { toSource } from './reader.ts';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const answering = await serve((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://host');
  const [start, end, step] = ['start', 'end', 'step'].map((name) => Number(searchParams.get(name)) * 1_000);
  response.end(
    JSON.stringify(rangeAnswer({ atMs: end!, forMs: end! - start!, stepMs: Math.max(step!, 600_000) }, () => 1)),
  );
});
const silent = await serve(() => undefined);
const garbage = await serve((_, response) => void response.end('<html>sign in</html>'));
const huge = await serve((_, response) => void response.end(`{"status":"success","x":"${'x'.repeat(34_000_000)}"}`));

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

const counters = { total: 'http_requests_total', bad: 'http_requests_total{code=~"5.."}', goal: '99.9%' };
const at = (url: string, more: { [key: string]: string } = {}): ContractCase => ({
  written: { url, ...counters, ...more },
  allow: ['127.0.0.1'],
});

describe('good events in the place of bad ones', () => {
  const read = (more: JsonObject) =>
    sloKind.readSpec({ url: answering, total: 'http_requests_total', goal: '99.9%', ...more });

  it('T12 one side is counted, and only one', () => {
    expect([read({ good: 'a' }).ok, read({ bad: 'a' }).ok, read({}).ok, read({ bad: 'a', good: 'a' }).ok]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('T12 a bucket that the histogram does not have is unknown, and neither all good nor all bad', () => {
    const spec = read({ total: 'http_seconds_count', good: 'http_seconds_bucket{le="0.4"}' });
    if (!spec.ok) throw new Error('expected a spec');
    const nowMs = Date.UTC(2026, 10, 21, 12);
    const range = (forMs: number, isThere: boolean) => ({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: ['total', 'at', ...(isThere ? ['good'] : [])].map((of) => ({
          metric: {
            [marks.of]: of,
            [marks.name]: of === 'good' ? 'http_seconds_bucket' : 'http_seconds_count',
            ...(of === 'good' ? { le: '0.4' } : {}),
            job: 'shop',
            instance: 'app',
          },
          values: Array.from({ length: 800 }, (_, step) => (nowMs - forMs + (step * forMs) / 799) / 1_000).map(
            (seconds) => [seconds, String(of === 'at' ? seconds : Math.floor(seconds))],
          ),
        })),
      },
    });
    const of = (isThere: boolean) =>
      sloKind.parse(spec.spec, [
        toSource(sourceNames.request, { at: nowMs }),
        toSource(sourceNames.recent, range(recent.forMs, isThere)),
        toSource(sourceNames.whole, range(720 * 3_600_000, isThere)),
      ]);
    expect(of(true)).toMatchObject({ state: 'readable', facts: { left: 1, bad: 0 } });
    expect(of(false)).toMatchObject({ state: 'unreadable', trouble: { code: 'no_data' } });
  });
});

checkKindContract({
  kind: sloKind,
  success: () => at(answering),
  refusal: () => at('http://127.0.0.1:1'),
  slow: () => at(silent, { timeout: '1m' }),
  garbage: () => at(garbage),
  huge: () => at(huge),
  misspelt: { written: { url: answering, ...counters, windw: '30d' }, wrong: 'windw', meant: 'window' },
  stricter: [{ goal: '100%' }],
});
