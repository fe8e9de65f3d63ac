import { createHmac } from 'node:crypto';

import { createEgressGuard } from '../../kinds/checks/guarded-lookup.ts';
import { sendRequest } from '../../kinds/checks/send-request.ts';
import { createLineLimit } from './limit-lines.ts';
import type { LimitedLine } from './limit-lines.ts';
import type { LogLine } from './open-log.ts';

/** Where warnings go. */
export interface WarningTarget {
  url: URL;
  /** Signs each message with HMAC-SHA256; null leaves it unsigned. */
  key: string | null;
  /** Where this process runs, for whoever reads it. */
  host: string;
  everyMs?: number;
}

/** Sends warnings and errors of one process to a webhook. */
export interface WarningSender {
  sink: (line: LogLine) => void;
  counts(): { sent: number; suppressed: number; lost: number };
  close(): Promise<void>;
}

/** Messages that may wait for a receiver that is slow; what comes beyond is lost and counted. */
const mostWaiting = 100;
const limitMs = 10_000;

/**
 * Opens the sending. One message a minute for each kind of line, with the number of those that were kept back (C21). A message is tried once: what cannot be told here
 * stands in the log, and a receiver that is away must not make a flood when it is back. Its own trouble is never written to the log that it sends.
 */
export function openWarnings({ url, key, host, everyMs = 60_000 }: WarningTarget): WarningSender {
  const limit = createLineLimit(everyMs);
  const ending = new AbortController();
  let [sent, suppressed, lost, waiting] = [0, 0, 0, 0];
  let tail: Promise<void> = Promise.resolve();
  const push = (message: LimitedLine): void => {
    if (waiting >= mostWaiting) return void (lost += 1);
    waiting += 1;
    tail = tail.then(async () => {
      if (await post({ url, key, host }, message, ending.signal)) sent += 1;
      else lost += 1;
      waiting -= 1;
    });
  };
  const timer = setInterval(() => limit.due(performance.now()).forEach(push), Math.min(everyMs, 5_000));
  timer.unref();
  return {
    sink(line) {
      if (line.level === 'info') return;
      const taken = limit.take(line, performance.now());
      if (taken === null) suppressed += 1;
      else push(taken);
    },
    counts: () => ({ sent, suppressed, lost: lost + limit.overflow }),
    async close() {
      clearInterval(timer);
      const late = setTimeout(() => ending.abort(), 2_000);
      await tail;
      clearTimeout(late);
    },
  };
}

async function post(
  { url, key, host }: Omit<WarningTarget, 'everyMs'>,
  { line, suppressed }: LimitedLine,
  signal: AbortSignal,
): Promise<boolean> {
  const { time, level, message, fields } = line;
  const body = JSON.stringify({ time, level, message, suppressed, host, ...fields });
  const seconds = Math.floor(Date.now() / 1000);
  const signature = key === null ? null : createHmac('sha256', key).update(`${seconds}.${body}`).digest('hex');
  const result = await sendRequest({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      ...(signature !== null && { 'tminus-signature': `t=${seconds},v1=${signature}` }),
    },
    body,
    ca: null,
    limit: 64 * 1024,
    guard: createEgressGuard([url.host]),
    signal: AbortSignal.any([signal, AbortSignal.timeout(limitMs)]),
  });
  return result.ok && result.response.status >= 200 && result.response.status < 300;
}
