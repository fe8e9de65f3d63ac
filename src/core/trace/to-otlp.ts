import type { Span } from './span.ts';

/** Attributes of what sends spans. */
export type ResourceAttributes = { readonly [name: string]: string };

const codes = { unset: 0, ok: 1, error: 2 } as const;

/** Returns spans as an `ExportTraceServiceRequest` in the JSON encoding of OTLP 1.x: ids in hex, 64-bit numbers as text, enums as numbers. */
export function toOtlp(spans: readonly Span[], resource: ResourceAttributes, version: string): object {
  const scope = { name: 'tminus', version };
  return {
    resourceSpans: [
      { resource: { attributes: toAttributes(resource) }, scopeSpans: [{ scope, spans: spans.map(toSpan) }] },
    ],
  };
}

function toSpan({ traceId, spanId, parentId, name, startMs, endMs, attributes, status, message }: Span): object {
  return {
    traceId,
    spanId,
    ...(parentId !== null && { parentSpanId: parentId }),
    name,
    // SPAN_KIND_INTERNAL.
    kind: 1,
    startTimeUnixNano: toNanos(startMs),
    endTimeUnixNano: toNanos(endMs),
    attributes: toAttributes(attributes),
    status: { code: codes[status], ...(message !== null && { message }) },
  };
}

function toNanos(ms: number): string {
  return (BigInt(Math.round(ms * 1_000)) * 1_000n).toString();
}

function toAttributes(attributes: { readonly [name: string]: string | number | boolean }): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: toValue(value) }));
}

function toValue(value: string | number | boolean): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}
