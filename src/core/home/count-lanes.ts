import { homeLanes } from './home-item.ts';
import type { HomeItem, HomeLane } from './home-item.ts';

/** Where facts come from. */
export type SourceKind = 'documents' | 'gates' | 'runs' | 'approvals' | 'alarms';

/** A source as it answered. */
export interface HomeSource {
  kind: SourceKind;
  /** Null for the installation. */
  launch: string | null;
  /** Why nothing of it is known; null where it answered. */
  trouble: string | null;
}

/** How many items stand in a lane; where a source of it did not answer, at least so many. */
export interface LaneCount {
  lane: HomeLane;
  count: number;
  /** Of these `count`, those for whoever looks. */
  mine: number;
  /** Sources that feed this lane and did not answer: with one, the count is no count. */
  unavailable: HomeSource[];
}

const feeds: Record<SourceKind, readonly HomeLane[]> = {
  documents: ['follow-up', 'approval', 'waiting'],
  gates: ['overdue', 'follow-up', 'today', 'missing-proof', 'approval', 'waiting'],
  runs: ['at-risk', 'overdue', 'follow-up', 'today', 'waiting'],
  approvals: ['approval', 'waiting'],
  alarms: ['at-risk'],
};

/** Every lane with its count. What is unavailable is never counted as nothing (D14). */
export function countLanes(items: readonly HomeItem[], sources: readonly HomeSource[]): LaneCount[] {
  const silent = sources.filter(({ trouble }) => trouble !== null);
  return homeLanes.map((lane) => {
    const inLane = items.filter((item) => item.lane === lane);
    return {
      lane,
      count: inLane.length,
      mine: inLane.filter(({ mine }) => mine).length,
      unavailable: silent.filter(({ kind }) => feeds[kind].includes(lane)),
    };
  });
}
