/** A stretch of time in which something happens, or nothing for long. */
export interface Stretch {
  beginMs: number;
  endMs: number;
  /** Nothing happens in it: drawn narrow, whatever its length. */
  isGap: boolean;
}

/** Knots of a piecewise linear axis: `domain[i]` stands at `range[i]`. */
export interface Knots {
  domain: number[];
  range: number[];
  width: number;
  stretches: Stretch[];
}

/** Width of a stretch in which nothing happens, in px. */
export const gapWidth = 36;

/**
 * Time cut into stretches where something happens and gaps between them. A runbook reaches from weeks before T-0 to months after it, and its steps take
 * seconds: on an even axis nothing of it could be seen. A gap is one that is long beside what happens around it.
 */
export function findStretches(spans: readonly { beginMs: number; endMs: number }[]): Stretch[] {
  const [first, ...rest] = spans.toSorted((a, b) => a.beginMs - b.beginMs);
  if (first === undefined) return [];
  const busy = [{ beginMs: first.beginMs, endMs: first.endMs }];
  for (const { beginMs, endMs } of rest) {
    const last = busy.at(-1)!;
    const around = last.endMs - last.beginMs + (endMs - beginMs);
    if (beginMs - last.endMs <= Math.max(leastGapMs, around * 2)) last.endMs = Math.max(last.endMs, endMs);
    else busy.push({ beginMs, endMs });
  }
  return busy.flatMap((stretch, index) => {
    const own = padded(stretch);
    const next = busy[index + 1];
    return next === undefined ? [own] : [own, { beginMs: own.endMs, endMs: padded(next).beginMs, isGap: true }];
  });
}

/** The axis for a width: gaps are narrow, and a stretch ten times as long is drawn about twice as wide, so that the short ones can be read. */
export function toKnots(stretches: readonly Stretch[], width: number): Knots {
  const gaps = stretches.filter(({ isGap }) => isGap).length;
  const weights = stretches.map((stretch) => (stretch.isGap ? 0 : weightOf(stretch)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const room = Math.max(width - gaps * gapWidth, 40 * (stretches.length - gaps));
  const domain: number[] = [];
  const range: number[] = [];
  let x = 0;
  for (const [index, { beginMs, endMs, isGap }] of stretches.entries()) {
    if (index === 0) {
      domain.push(beginMs);
      range.push(0);
    }
    x += isGap ? gapWidth : (room * weights[index]!) / all;
    domain.push(endMs);
    range.push(x);
  }
  return { domain, range, width: x, stretches: [...stretches] };
}

/** Gaps shorter than this are drawn as they are. */
const leastGapMs = 60_000;

function weightOf({ beginMs, endMs }: Stretch): number {
  return 1 + Math.log10(1 + (endMs - beginMs) / 60_000) * 2;
}

/** With some room at both ends, which together never reach over a gap: that is twice as long as what is around it. */
function padded({ beginMs, endMs }: { beginMs: number; endMs: number }): Stretch {
  const room = Math.max(leastGapMs / 4, (endMs - beginMs) * 0.06);
  return { beginMs: beginMs - room, endMs: endMs + room, isGap: false };
}
