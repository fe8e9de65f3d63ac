import type { Binding, EvidenceRecord, Judgement, Outcome } from '@tminus/verify';

import { clockSkewMs, toDurationText, toInstantMs } from './instant.ts';

/** Why something does not count: what was wanted and what was there. */
export interface Fault {
  expected: string;
  got: string;
}

/** What evidence has to be bound to. `checkSha256` is null where no check is declared, for a person's word. */
export interface WantedBinding extends Binding {
  checkSha256: string | null;
}

/** Evidence as it stands in the log, with the time of its observation read once. */
export interface LoggedEvidence {
  id: string;
  entry: EvidenceRecord;
  /** Infinity where the time cannot be read: such a record counts as the newest, and as stale, so an older pass never hides it. */
  observedMs: number;
}

/** Orders evidence newest first by the end of the observation, then by id. */
export function compareAge(a: LoggedEvidence, b: LoggedEvidence): number {
  if (a.observedMs !== b.observedMs) return b.observedMs > a.observedMs ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}

/** Law 4: the first thing that the evidence is bound to and that is not what is decided on, or null. */
export function bindingFault(record: EvidenceRecord, wanted: WantedBinding): Fault | null {
  const pairs: [string, string, string][] = [
    ['launch', wanted.launch, record.launch],
    ['candidate', wanted.candidateSha256, record.candidateSha256],
    ['environment', wanted.environment, record.environment],
    ['check', wanted.checkSha256 ?? record.check.sha256, record.check.sha256],
    ['plan', wanted.planHash, record.planHash],
  ];
  const wrong = pairs.find(([, expected, got]) => expected !== got);
  return wrong ? { expected: `${wrong[0]} ${shorten(wrong[1])}`, got: `${wrong[0]} ${shorten(wrong[2])}` } : null;
}

/** The first 12 characters of a digest; anything else as it is. */
function shorten(text: string): string {
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;
}

/**
 * Why evidence is too old, from the future, or of no known age; null where it is fresh. The texts do not name the clock:
 * they are part of what an approval signs, and an approval must not become void because a second passed.
 */
export function ageFault(record: EvidenceRecord, limitMs: number | null, nowMs: number): Fault | null {
  if (limitMs === null) return { expected: 'a declared limit of age', got: 'none, on the criterion or on its gate' };
  const expected = `evidence no older than ${toDurationText(limitMs)}`;
  const observedMs = toInstantMs(record.observedAt);
  if (observedMs === null) return { expected, got: `evidence with the unreadable time "${record.observedAt}"` };
  if (observedMs - nowMs > clockSkewMs) return { expected, got: `evidence from the future, ${record.observedAt}` };
  return nowMs - observedMs > limitMs ? { expected, got: `evidence of ${record.observedAt}` } : null;
}

/** Why evidence shows only a simulation, or null. */
export function simulationFault(record: EvidenceRecord, environmentIsSimulated: boolean): Fault | null {
  const expected = 'evidence from the real thing';
  if (environmentIsSimulated) return { expected, got: `evidence from the simulated environment ${record.environment}` };
  return record.mode === 'real' ? null : { expected, got: 'simulated evidence' };
}

/** Why nothing could be read, or null. */
export function readingFault({ trouble, facts }: EvidenceRecord): Fault | null {
  if (trouble) return { expected: 'readable sources', got: `${trouble.code}: ${trouble.message}` };
  return facts === null ? { expected: 'facts', got: 'none, and no reason' } : null;
}

/** Law 2: a check that passes on its negative control cannot fail, and one that was judged on none was not seen to: its pass says nothing. */
export function controlFault({ control }: EvidenceRecord): Fault | null {
  const expected = 'a check that fails on its negative control';
  if (control.outcome === 'pass' || isPass(control)) return { expected, got: 'one that passes on it' };
  return control.findings.length === 0 ? { expected, got: 'one whose negative control cannot be read' } : null;
}

/** The outcome of evidence, added up from its findings: a pass that its own findings do not carry is none. */
export function outcomeOf({ judgement }: EvidenceRecord): Outcome {
  if (judgement.outcome === 'fail' || judgement.findings.some(({ outcome }) => outcome === 'fail')) return 'fail';
  return judgement.outcome === 'pass' && isPass(judgement) ? 'pass' : 'unknown';
}

function isPass({ findings }: Judgement): boolean {
  return findings.length > 0 && findings.every(({ outcome }) => outcome === 'pass');
}
