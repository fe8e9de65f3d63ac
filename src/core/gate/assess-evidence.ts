import type { EvidenceRecord, Finding, Outcome } from '@tminus/verify';

import type { CheckDeclaration } from '../check/check.ts';
import type { Criterion } from '../launch/launch.ts';
import type { EvidenceLink, Standing } from './decision.ts';
import type { Fault, LoggedEvidence } from './evidence-faults.ts';
import type { Ground } from './ground.ts';
import { clockSkewMs } from './instant.ts';

/** What is asked of the log for one criterion: the word of a person, or what a check saw. */
export interface Ask {
  criterion: Criterion;
  from: 'person' | 'check';
  check: CheckDeclaration | null;
  freshMs: number | null;
}

/** How the newest evidence stands, and what it says. */
export interface Assessment extends Fault {
  standing: Standing;
  /** The evidence lies in the future, so nothing that is observed now would be newer. */
  isStuck: boolean;
  outcome: Outcome;
  evidence: EvidenceLink | null;
  findings: Finding[];
}

/**
 * Judges the newest evidence, whatever it says: an older pass never stands in for a newer fail or unknown. Evidence that is
 * bound to something else is used only to be shown as stale, where there is none of the right binding (D01, D02, D08).
 */
export function assessEvidence(ground: Ground, ask: Ask): Assessment {
  const { rules } = ground;
  const all = ground.log.evidence.get(ask.criterion.id) ?? [];
  const pool = all.filter(({ entry }) => isOfKind(entry, ask)).toSorted(rules.compareAge);
  const wanted = { ...ground.binding, checkSha256: ask.check?.sha256 ?? null };
  const bound = pool.findIndex(({ entry }) => rules.bindingFault(entry, wanted) === null);
  const index = bound === -1 ? 0 : bound;
  const newest = pool[index];
  if (!newest) return { ...nothing, expected: toExpected(ask), got: 'no evidence' };
  const evidence = toLink(newest, pool.slice(index + 1));
  const fault = findFault(ground, ask, newest.entry);
  if (fault) {
    const isStuck = bound !== -1 && newest.observedMs - ground.nowMs > clockSkewMs;
    return { ...nothing, ...fault, evidence, isStuck };
  }
  return { ...judgeFindings(ground, ask, newest.entry), evidence };
}

/** Where a criterion wants a person and a check, neither hides the other. */
function isOfKind({ check }: EvidenceRecord, { from }: Ask): boolean {
  return (check.kind === 'manual') === (from === 'person');
}

const nothing = {
  standing: 'missing',
  outcome: 'unknown',
  isStuck: false,
  evidence: null,
  findings: [] as Finding[],
} as const;

function toLink({ id, entry }: LoggedEvidence, older: readonly LoggedEvidence[]): EvidenceLink {
  const { observedAt, durationMs, sources } = entry;
  return { id, observedAt, durationMs, sources, superseded: older.map((item) => item.id) };
}

/** The first reason why the evidence cannot count, the most telling one first. */
function findFault(ground: Ground, ask: Ask, record: EvidenceRecord): (Fault & { standing: Standing }) | null {
  const { rules, binding, nowMs } = ground;
  const wanted = { ...binding, checkSha256: ask.check?.sha256 ?? null };
  const tests: [Standing, () => Fault | null][] = [
    ['stale', () => rules.bindingFault(record, wanted)],
    ['stale', () => rules.ageFault(record, ask.freshMs, nowMs)],
    ['simulated', () => rules.simulationFault(record, ground.environmentIsSimulated)],
    ['missing', () => producerFault(ground, ask, record)],
    ['unreadable', () => rules.readingFault(record)],
    ['stale', () => answerFault(ground, ask, record)],
    ['cannot-fail', () => rules.controlFault(record)],
  ];
  for (const [standing, test] of tests) {
    const fault = test();
    if (fault) return { standing, ...fault };
  }
  return null;
}

/** A machine's evidence does not close a human criterion, a person's word does not stand in for a check (D04). */
function producerFault({ rules, launch }: Ground, ask: Ask, record: EvidenceRecord): Fault | null {
  const { producer } = record;
  const expected = toExpected(ask);
  if (ask.from === 'check') {
    return producer.kind === 'check'
      ? null
      : { expected: 'evidence from the check', got: `the word of ${producer.person}` };
  }
  if (producer.kind !== 'person' || record.check.kind !== 'manual') {
    return { expected, got: `evidence of the ${record.check.kind} check` };
  }
  const fault = rules.signerFault(launch, producer.person, ask.criterion.role);
  return fault === null ? null : { expected, got: fault };
}

/** Whether the record answers what is asked, and not something easier. */
function answerFault({ rules, launch, binding, values }: Ground, ask: Ask, record: EvidenceRecord): Fault | null {
  if (ask.from === 'person') return rules.wordFault(record, { criterion: ask.criterion.id, binding, roster: launch });
  return ask.check ? rules.questionFault(record, ask.check, values) : null;
}

function judgeFindings({ rules }: Ground, ask: Ask, record: EvidenceRecord): Omit<Assessment, 'evidence'> {
  const { findings } = record.judgement;
  const outcome = rules.outcomeOf(record);
  const expected = toExpected(ask);
  const standing = outcome === 'pass' ? 'met' : outcome === 'fail' ? 'failed' : 'unreadable';
  return { standing, outcome, isStuck: false, expected, got: toGot(findings, outcome), findings };
}

function toGot(findings: readonly Finding[], outcome: Outcome): string {
  if (outcome === 'pass') return `${findings.length} of ${findings.length} expectations hold`;
  const first = findings.find((finding) => finding.outcome === outcome);
  return first ? `${first.rule}: ${first.got}` : 'no finding that says so';
}

/** What would meet it, in the words of the document. */
function toExpected({ criterion, from, check }: Ask): string {
  if (from === 'person')
    return criterion.role === null
      ? "a person's signature"
      : `the signature of a person with the role ${criterion.role}`;
  return check?.expectations.map(({ text }) => text).join('; ') || 'a check that passes';
}
