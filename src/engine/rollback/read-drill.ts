import { judgeRehearsal } from '../../core/rehearsal/judge-rehearsal.ts';
import type { RehearsalReport } from '../../core/rehearsal/rehearsal-report.ts';
import { listRehearsals, readRehearsal } from '../../store/rehearsal.ts';
import type { Store } from '../../store/open-store.ts';
import type { Scene } from '../scene.ts';

/** The newest rehearsal of a runbook with the way back of its steps. */
export interface Drill {
  id: string;
  procedure: string;
  at: string;
  passed: boolean;
  /** Whether it is of this candidate and plan. */
  current: boolean;
  rollbackMs: number | null;
  verifyMs: number | null;
}

/** Returns the newest that planted every fault; null where there is none. */
export async function readDrill(store: Store, { launch, planHash, candidateSha256 }: Scene): Promise<Drill | null> {
  const newest = (await listRehearsals(store, launch.id)).find(({ depth }) => depth === 'full');
  if (newest === undefined) return null;
  const report = (await readRehearsal(store, launch.id, newest.id)) as RehearsalReport | null;
  const wayBack = report === null ? null : judgeRehearsal(report).wayBack;
  const isOurs = report !== null && Object.values(report.candidates).includes(candidateSha256);
  return {
    id: newest.id,
    procedure: newest.procedure,
    at: newest.at.toISOString(),
    passed: newest.passed,
    current: isOurs && newest.planHash === planHash,
    rollbackMs: wayBack?.rollbackMs ?? null,
    verifyMs: wayBack?.verifyMs ?? null,
  };
}

/** What speaks against believing it; empty where nothing does. */
export function drillReasons(drill: Drill | null): string[] {
  if (drill === null) return ['its way back was never drilled'];
  return [
    ...(drill.current ? [] : ['its way back was drilled for another candidate or plan']),
    ...(drill.passed ? [] : ['its newest drill did not pass']),
  ];
}
