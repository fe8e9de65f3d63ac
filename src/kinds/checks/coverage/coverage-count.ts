import { emptyShare } from './share.ts';
import type { Share } from './share.ts';

/** What one coverage report says: its source files by path, and how many roots it names for paths that are not absolute. */
export interface CoverageReport {
  files: Map<string, FileCoverage>;
  roots: number;
}

/** One source file: what could be run, and how often it was. Keys are lines, function names and branch places. */
export interface FileCoverage {
  lines: Map<string, number>;
  functions: Map<string, number>;
  branches: Map<string, Share>;
}

/** Returns the coverage of `path` in the report, empty where it is met for the first time. */
export function fileIn(files: Map<string, FileCoverage>, path: string): FileCoverage {
  const known = files.get(path);
  if (known) return known;
  const fresh: FileCoverage = { lines: new Map(), functions: new Map(), branches: new Map() };
  files.set(path, fresh);
  return fresh;
}

/** Adds hits to one key, so that a line which two test runs name is one line. */
export function addHits(counts: Map<string, number>, key: string, hits: number): void {
  counts.set(key, (counts.get(key) ?? 0) + hits);
}

/** Keeps the better of two measurements of one branching line. */
export function addBranch(branches: Map<string, Share>, key: string, share: Share): void {
  const known = branches.get(key);
  if (known === undefined || share.covered > known.covered) branches.set(key, share);
}

/** Counts keys and those that were hit at least once. */
export function shareOfHits(counts: ReadonlyMap<string, number>): Share {
  return { covered: [...counts.values()].filter((hits) => hits > 0).length, total: counts.size };
}

/** Adds shares up. */
export function sumShares(shares: Iterable<Share>): Share {
  const sum = emptyShare();
  for (const { covered, total } of shares) {
    sum.covered += covered;
    sum.total += total;
  }
  return sum;
}
