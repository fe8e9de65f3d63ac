/** A stretch of raw bytes that is masked, and what it is called instead. */
export interface Span {
  from: number;
  to: number;
  label: string;
}

/** The spans in order and apart: where two touch or overlap they are one, under the name of the one that was found first. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((left, right) => left.from - right.from)) {
    const last = merged.at(-1);
    if (last === undefined || span.from >= last.to) merged.push({ ...span });
    else last.to = Math.max(last.to, span.to);
  }
  return merged;
}

/** The bytes of `raw` from `from` to `to` with `[masked:label]` in the place of each span; a mask says nothing of the length. Of lines within it, one end remains. */
export function renderSpans(raw: Buffer, spans: readonly Span[], { from, to }: { from: number; to: number }): Buffer {
  const pieces: Uint8Array[] = [];
  let at = from;
  for (const span of spans) {
    if (span.to <= from || span.from >= to) continue;
    if (span.from > at) pieces.push(raw.subarray(at, span.from));
    const newline = raw.subarray(span.from, span.to).includes(0x0a) ? '\n' : '';
    if (span.from >= from) pieces.push(Buffer.from(`[masked:${span.label}]${newline}`, 'latin1'));
    at = Math.max(at, span.to);
  }
  if (at === from) return raw.subarray(from, to);
  if (at < to) pieces.push(raw.subarray(at, to));
  return Buffer.concat(pieces);
}
