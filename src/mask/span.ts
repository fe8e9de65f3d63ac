/** A stretch of raw bytes that is masked, and what it is called instead. */
export interface Span {
  from: number;
  to: number;
  label: string;
}

/** The spans in order and apart: where two touch or overlap they are one, under the name of the one that was found first. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  if (spans.length === 0) return [];
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
  const inside = spans.filter((span) => span.to > from && span.from < to);
  if (inside.length === 0) return raw.subarray(from, to);
  const masks = new Map<string, Buffer>();
  const out = Buffer.allocUnsafe(to - from + inside.reduce((sum, { label }) => sum + label.length + 10, 0));
  let length = 0;
  let at = from;
  for (const span of inside) {
    length = copy(raw, { from: at, to: span.from }, out, length);
    if (span.from >= from) length = writeMask(span.label, masks, out, length);
    if (span.from >= from && hasNewline(raw, span)) out[length++] = 0x0a;
    at = Math.max(at, span.to);
  }
  return out.subarray(0, copy(raw, { from: at, to }, out, length));
}

/** Byte by byte where it is little: a call into the runtime costs more than that. */
function copy(raw: Buffer, { from, to }: { from: number; to: number }, out: Buffer, at: number): number {
  if (to <= from) return at;
  if (to - from > 64) return at + raw.copy(out, at, from, to);
  let end = at;
  for (let index = from; index < to; index += 1) out[end++] = raw[index]!;
  return end;
}

function writeMask(label: string, masks: Map<string, Buffer>, out: Buffer, at: number): number {
  const mask = masks.get(label) ?? Buffer.from(`[masked:${label}]`, 'latin1');
  masks.set(label, mask);
  return copy(mask, { from: 0, to: mask.length }, out, at);
}

function hasNewline(raw: Buffer, { from, to }: Span): boolean {
  if (to - from > 64) return raw.subarray(from, to).includes(0x0a);
  for (let at = from; at < to; at += 1) if (raw[at] === 0x0a) return true;
  return false;
}
