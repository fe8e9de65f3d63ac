import type { ReadShiftPointsAnswer } from '../../api/client.generated.ts';

type Point = ReadShiftPointsAnswer['items'][number];

/** Lines of the chart in a box of 1,000 by 100, time to the right and more at the top. */
export interface ChartLines {
  from: string;
  to: string;
  /** Weight asked for, as steps. */
  asked: string;
  /** Weight as the first router was read; broken where it could not be. */
  read: string[];
  /** Evidence against each measure, on a logarithmic scale from 1 to a tenth above the limit. */
  evidence: { measure: string; path: string }[];
  /** Height of the limit in the box. */
  limitAt: number;
  limit: number;
  /** The greatest evidence against any measure, as odds to 1. */
  most: number;
}

const width = 1_000;
const height = 100;

/** Returns the lines of a chart, or null without any look. */
export function toChart(points: readonly Point[]): ChartLines | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const [fromMs, toMs] = [Date.parse(first.at), Date.parse(last.at)];
  const x = (at: string): number => (toMs === fromMs ? width : ((Date.parse(at) - fromMs) / (toMs - fromMs)) * width);
  const measured = points.flatMap(({ measures }) => measures);
  const limit = Math.max(2, ...measured.map((one) => one.limit));
  const top = Math.log(limit) * 1.1;
  const y = (log: number): number => height - (Math.min(Math.max(log, 0), top) / top) * height;
  return {
    from: first.at,
    to: last.at,
    asked: toSteps(points.map(({ at, asked }) => [x(at), height - asked])),
    read: toRuns(points.map(({ at, read }) => [x(at), Object.values(read)[0] ?? null])),
    evidence: [...new Set(measured.map(({ measure }) => measure))].map((measure) => ({
      measure,
      path: toLine(
        points.flatMap(({ at, measures }) => {
          const found = measures.find((one) => one.measure === measure);
          return found === undefined ? [] : [[x(at), y(found.logAgainst)] as const];
        }),
      ),
    })),
    limitAt: y(Math.log(limit)),
    limit,
    most: Math.exp(Math.max(0, ...measured.map(({ logAgainst }) => logAgainst))),
  };
}

type At = readonly [number, number];

const toText = (value: number): string => String(Math.round(value * 10) / 10);

function toLine(places: readonly At[]): string {
  return places.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${toText(x)} ${toText(y)}`).join('');
}

function toSteps(places: readonly At[]): string {
  return places.map(([x, y], at) => (at === 0 ? `M${toText(x)} ${toText(y)}` : `H${toText(x)}V${toText(y)}`)).join('');
}

/** Pieces between looks at which nothing could be read: a line over a gap would say that it was known. */
function toRuns(places: readonly (readonly [number, number | null])[]): string[] {
  const runs: At[][] = [[]];
  for (const [x, weight] of places)
    if (weight === null) runs.push([]);
    else runs.at(-1)!.push([x, height - weight]);
  return runs.filter(({ length }) => length > 0).map(toSteps);
}
