import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { traceIdOf } from '../../src/core/trace/trace-ids.ts';
import { openReceiver } from '../api/open-receiver.ts';
import type { Receiver } from '../api/open-receiver.ts';
import { openTraceReceiver } from '../doubles/trace-receiver.ts';
import type { TraceReceiver } from '../doubles/trace-receiver.ts';
import { startSmallLaunch } from '../e2e/start-small-launch.ts';
import type { SmallLaunch } from '../e2e/start-small-launch.ts';
import { createTestDatabase } from '../setup/test-database.ts';
import type { TestDatabase } from '../setup/test-database.ts';

const sections = `## Runbook

1. Copy {#copy}

   \`\`\`sh timeout=1m
   printf '%s' "$TRACEPARENT" > seen
   \`\`\`
2. Break {#break on-fail=fail}

   \`\`\`sh timeout=1m
   echo token=ghp_abcdefghijklmnopqrstuvwxyz0123456789 >&2
   exit 3
   \`\`\`
`;

let database: TestDatabase;
let small: SmallLaunch;
let traces: TraceReceiver;
let receiver: Receiver;

beforeAll(async () => {
  database = await createTestDatabase();
  [traces, receiver] = await Promise.all([openTraceReceiver(), openReceiver()]);
  small = startSmallLaunch({
    DATABASE_URL: database.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: traces.endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20collector-secret',
    TMINUS_LOG_WEBHOOK: receiver.url,
  });
  small.write(sections);
});
afterAll(async () => {
  await small.stop();
  await Promise.all([traces.close(), receiver.close()]);
  await database.drop();
});

describe('a worker of the command line', () => {
  it('T04 C21 writes JSON lines, exports its traces by the standard variables, and tells warnings by webhook', async () => {
    const worker = await small.desk.startWorker('--log', 'json');
    const run = await small.desk.order('alice', 5);
    await small.desk.until('the run ended', (seen) => seen.run.state === 'held' || seen.run.state === 'failed', {
      run,
    });
    const isTold = () => receiver.received.some(({ body }) => body.includes('"step failed"'));
    await expect.poll(isTold).toBe(true);
    await traces.until((spans) => ['copy', 'break'].every((step) => spans.some(({ name }) => name === step)));
    // What stands behind the last end of a line is still being written.
    const whole = (): string => worker.stderrSoFar().replace(/[^\n]*$/u, '');
    const linesOf = (text: string) =>
      text
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    const findFailed = () => linesOf(whole()).find(({ message }) => message === 'step failed');
    await expect.poll(findFailed).toBeDefined();
    const [printed, failed] = [whole(), findFailed()];
    const span = traces.spans.find(({ name }) => name === 'break');
    expect(failed).toMatchObject({
      level: 'warn',
      run,
      step: 'break',
      attempt: 1,
      trace_id: traceIdOf(run),
      span_id: span?.spanId,
    });
    expect(receiver.received.map(({ body }) => JSON.parse(body) as object)).toContainEqual(
      expect.objectContaining({ message: 'step failed', run, suppressed: 0 }),
    );
    expect(traces.requests[0]?.headers.authorization).toBe('Bearer collector-secret');
    const copied = traces.spans.find(({ name }) => name === 'copy');
    expect(readFileSync(small.at('seen'), 'utf8')).toBe(`00-${copied?.traceId}-${copied?.spanId}-01`);
    const out = [
      printed,
      ...traces.requests.map(({ body }) => body),
      ...receiver.received.map(({ body }) => body),
    ].join('');
    expect(out).not.toMatch(/ghp_|collector-secret/u);
  }, 600_000);
});
