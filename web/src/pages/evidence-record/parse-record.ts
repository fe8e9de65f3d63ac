/** A rule held against what was there. */
export interface Finding {
  rule: string;
  outcome: 'pass' | 'fail' | 'unknown';
  expected: string;
  got: string;
}

/** The parts of an evidence record that this page knows; everything else of it is shown as it is. */
export interface EvidenceRecord {
  format: 'tminus/evidence/1';
  criterion: string;
  check: { kind: string; sha256: string };
  mode: 'real' | 'simulated';
  observedAt: string;
  durationMs: number;
  producer: { kind: 'check'; tool: string } | { kind: 'person'; person: string };
  sources: { name: string; mediaType: string; sha256: string; size: number }[];
  trouble: { code: string; message: string } | null;
  judgement: { outcome: Finding['outcome']; findings: Finding[] };
  control: { outcome: Finding['outcome']; findings: Finding[] };
  launch: string;
  environment: string;
  planHash: string;
  candidateSha256: string;
}

/** An entry of the log: evidence, or whatever else may stand there. */
export type Entry = EvidenceRecord | { format: string; statement?: Record<string, unknown> };

/**
 * The entry in the bytes that were proven: what is shown and what is proven are the same. Its form was checked when it was sealed; a page that meets another
 * breaks in its own part only.
 */
export function parseEntry(body: string): Entry {
  return JSON.parse(body) as Entry;
}

/** Whether an entry is evidence. */
export function isEvidence(entry: Entry): entry is EvidenceRecord {
  return entry.format === 'tminus/evidence/1';
}
