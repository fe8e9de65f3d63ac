import type { Span } from '../../core/trace/span.ts';
import { toOtlp } from '../../core/trace/to-otlp.ts';
import { createEgressGuard } from '../../kinds/checks/guarded-lookup.ts';
import { sendRequest } from '../../kinds/checks/send-request.ts';
import type { TraceSettings } from './read-trace-settings.ts';

/** How a batch was taken. `later`: the receiver could not be reached, or asks for a pause. `refused`: it will not take this batch, however often it comes. */
export type SentSpans =
  | { kind: 'taken'; rejected: number }
  | { kind: 'refused'; reason: string }
  | { kind: 'later'; reason: string; afterMs: number | null };

/** Answers after which the same may be sent again (OTLP specification, section "Retryable Response Codes"). */
const retryable = new Set([429, 502, 503, 504]);
const answerBytes = 64 * 1024;

/** Posts spans as JSON to an OTLP receiver. Never throws. The address was named by whoever runs this process, so that it may be inside. */
export async function sendSpans(
  { url, headers, timeoutMs, resource }: TraceSettings,
  spans: readonly Span[],
  { version, signal }: { version: string; signal: AbortSignal },
): Promise<SentSpans> {
  const result = await sendRequest({
    method: 'POST',
    url,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(toOtlp(spans, resource, version)),
    ca: null,
    limit: answerBytes,
    guard: createEgressGuard([url.host]),
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  });
  if (!result.ok) return { kind: 'later', reason: `${url.host}: ${result.trouble.code}`, afterMs: null };
  const { status, headers: answered, body } = result.response;
  if (status >= 200 && status < 300) return { kind: 'taken', rejected: Math.min(spans.length, readRejected(body)) };
  const reason = `${url.host}: expected status 2xx, got ${status}`;
  if (!retryable.has(status)) return { kind: 'refused', reason };
  const seconds = Number([answered['retry-after'] ?? ''].flat()[0]);
  return { kind: 'later', reason, afterMs: seconds > 0 ? seconds * 1_000 : null };
}

/** A receiver that took only part of a batch says how many spans it did not (`partialSuccess`). */
function readRejected(body: Uint8Array): number {
  try {
    const answer = JSON.parse(new TextDecoder().decode(body)) as { partialSuccess?: { rejectedSpans?: unknown } };
    const rejected = Number(answer.partialSuccess?.rejectedSpans ?? 0);
    return Number.isSafeInteger(rejected) && rejected > 0 ? rejected : 0;
  } catch {
    return 0;
  }
}
