import type { ForecastGraph, GraphNode } from './forecast-graph.ts';

/** What came of a graph, drawn many times. Each array has one value a sample. */
export interface Sampled {
  finishes: Float64Array;
  /** When the work of T-0 begins; null where T-0 has passed. */
  t0: Float64Array | null;
  steps: Map<string, SampledStep>;
}

export interface SampledStep {
  ends: Float64Array;
  /** By how much it could end later without the finish moving. */
  slacks: Float64Array;
}

/** A graph as arrays, so that half a million steps a second are no trouble. */
interface Packed {
  nodes: readonly GraphNode[];
  /** Edges of node `n` stand from `first[n]` up to `first[n + 1]`. */
  first: Int32Array;
  before: Int32Array;
  lags: Float64Array;
  floors: Float64Array;
  /** Lengths of node `n` stand from `firstLength[n]` up to `firstLength[n + 1]`. */
  firstLength: Int32Array;
  measured: Float64Array;
}

/** Draws the length of every node so many times, each time one of those that were measured, and reckons forward to the ends and back to the slack. */
export function sampleGraph({ nodes, t0 }: ForecastGraph, samples: number, random: () => number): Sampled {
  const packed = pack(nodes);
  const [ends, lates, lengths] = [0, 0, 0].map(() => new Float64Array(nodes.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const t0Place = t0 === null ? -1 : nodes.indexOf(t0.node);
  const sampled: Sampled = {
    finishes: new Float64Array(samples),
    t0: t0 === null ? null : new Float64Array(samples),
    steps: new Map(),
  };
  const kept = nodes.flatMap(({ kind, id }, place) =>
    kind === 'step' ? [{ place, ...keep(sampled, id, samples) }] : [],
  );
  for (let sample = 0; sample < samples; sample += 1) {
    drawEnds(packed, { ends, lengths }, random);
    let finish = Number.NEGATIVE_INFINITY;
    for (const { place } of kept) finish = Math.max(finish, ends[place]!);
    reckonBack(packed, { lates, lengths }, finish);
    sampled.finishes[sample] = finish;
    if (sampled.t0) sampled.t0[sample] = ends[t0Place]!;
    for (const step of kept) {
      step.ends[sample] = ends[step.place]!;
      step.slacks[sample] = lates[step.place]! - ends[step.place]!;
    }
  }
  return sampled;
}

function keep({ steps }: Sampled, id: string, samples: number): SampledStep {
  const step = { ends: new Float64Array(samples), slacks: new Float64Array(samples) };
  steps.set(id, step);
  return step;
}

function pack(nodes: readonly GraphNode[]): Packed {
  const places = new Map(nodes.map((node, place) => [node, place]));
  const edges = nodes.flatMap(({ after }) => after);
  const first = new Int32Array(nodes.length + 1);
  const firstLength = new Int32Array(nodes.length + 1);
  nodes.forEach(({ after, lengths }, place) => {
    first[place + 1] = first[place]! + after.length;
    firstLength[place + 1] = firstLength[place]! + lengths.length;
  });
  return {
    nodes,
    first,
    before: Int32Array.from(edges, ({ node }) => places.get(node)!),
    lags: Float64Array.from(edges, ({ lagMs }) => lagMs),
    floors: Float64Array.from(nodes, ({ floorMs }) => floorMs),
    firstLength,
    measured: Float64Array.from(nodes.flatMap(({ lengths }) => lengths)),
  };
}

function drawEnds(
  packed: Packed,
  { ends, lengths }: { ends: Float64Array; lengths: Float64Array },
  random: () => number,
): void {
  const { nodes, first, before, lags, floors, firstLength, measured } = packed;
  for (let place = 0; place < nodes.length; place += 1) {
    const from = firstLength[place]!;
    const length = measured[from + Math.floor(random() * (firstLength[place + 1]! - from))]!;
    let start = floors[place]!;
    for (let edge = first[place]!; edge < first[place + 1]!; edge += 1)
      start = Math.max(start, ends[before[edge]!]! + lags[edge]!);
    lengths[place] = length;
    ends[place] = start + length;
  }
}

/** The latest end of each node that leaves the finish where it is. T-0 and holds are no end in themselves. */
function reckonBack(
  packed: Packed,
  { lates, lengths }: { lates: Float64Array; lengths: Float64Array },
  finish: number,
): void {
  const { nodes, first, before, lags } = packed;
  for (let place = 0; place < nodes.length; place += 1)
    lates[place] = nodes[place]!.kind === 'step' ? finish : Number.POSITIVE_INFINITY;
  for (let place = nodes.length - 1; place >= 0; place -= 1) {
    const latestStart = lates[place]! - lengths[place]!;
    for (let edge = first[place]!; edge < first[place + 1]!; edge += 1) {
      const node = before[edge]!;
      lates[node] = Math.min(lates[node]!, latestStart - lags[edge]!);
    }
  }
}
