import type { LogEntry } from '@tminus/verify';

/** What an entry of the log is about, in a line. */
export interface DescribedEntry {
  kind: 'evidence' | 'waiver' | 'approval' | 'action-vote' | 'step-confirmation' | 'decision';
  /** Criterion, gate, request or step. */
  about: string;
  /** Outcome of evidence and decisions, vote of a person; `waived`, `done`. */
  word: string;
  /** Person or tool; null for a decision, which nobody makes. */
  by: string | null;
  /** When it was seen, signed or decided, as it stands in the entry. */
  at: string;
}

/** Returns what an entry is about. Every format of the log has a line here: another one does not compile. */
export function describeEntry(entry: LogEntry): DescribedEntry {
  if (entry.format === 'tminus/evidence/1') {
    const { producer } = entry;
    const by = producer.kind === 'person' ? producer.person : producer.tool;
    return { kind: 'evidence', about: entry.criterion, word: entry.judgement.outcome, by, at: entry.observedAt };
  }
  if (entry.format === 'tminus/sealed-decision/1') {
    return { kind: 'decision', about: entry.gate, word: entry.outcome, by: null, at: entry.decidedAt };
  }
  return describeStatement(entry.statement);
}

function describeStatement(
  statement: Exclude<LogEntry, { judgement: unknown } | { logSize: unknown }>['statement'],
): DescribedEntry {
  const { person: by, signedAt: at } = statement;
  switch (statement.format) {
    case 'tminus/waiver/1':
      return { kind: 'waiver', about: statement.criterion, word: 'waived', by, at };
    case 'tminus/approval/1':
      return { kind: 'approval', about: statement.gate, word: statement.vote, by, at };
    case 'tminus/action-vote/1':
      return { kind: 'action-vote', about: statement.request, word: statement.vote, by, at };
    case 'tminus/step-confirmation/1':
      return { kind: 'step-confirmation', about: statement.step, word: 'done', by, at };
  }
}
