import { parseCheckpoint } from './checkpoint.ts';
import { readDecisionHeader } from './decision-header.ts';
import type { JsonObject } from './json.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { sha256Hex } from './sha256.ts';

/** Identity of an in-toto Statement v1 (in-toto attestation framework, "Statement"). */
export const statementType = 'https://in-toto.io/Statement/v1';
/** What the predicate of our statements means; docs/reference/bundle-format.md describes its fields. */
export const decisionPredicateType = 'tminus:decision/1';

/** What a statement is made from: all JSON in RFC 8785 form, the checkpoint as the signed note. */
export interface StatementParts {
  launchJson: string;
  candidateJson: string;
  decisionJson: string;
  checkpoint: string;
}

/**
 * The in-toto Statement v1 that a decision was made about a candidate, with the digests of all it rests on.
 * Its subjects are the candidate, and the commit where the candidate names one in full.
 */
export function toStatement(parts: StatementParts): JsonObject {
  const decision = readDecisionHeader(parts.decisionJson, 'decision');
  const { origin, size, root } = parseCheckpoint(parts.checkpoint);
  return {
    _type: statementType,
    subject: toSubjects(parts.candidateJson),
    predicateType: decisionPredicateType,
    predicate: {
      launch: decision.launch,
      gate: decision.gate,
      phase: decision.phase,
      environment: decision.environment,
      outcome: decision.outcome,
      decidedAt: decision.decidedAt,
      planHash: decision.planHash,
      evidenceRoot: decision.evidenceRoot,
      decisionSha256: sha256Hex(parts.decisionJson),
      launchSha256: sha256Hex(parts.launchJson),
      checkpoint: { origin, size, root },
    },
  };
}

function toSubjects(candidateJson: string): JsonObject[] {
  const subjects: JsonObject[] = [{ name: 'candidate.json', digest: { sha256: sha256Hex(candidateJson) } }];
  const candidate = parseStrictJson(candidateJson, 'candidate');
  const commit = typeof candidate === 'object' && candidate !== null && 'commit' in candidate ? candidate.commit : null;
  if (typeof commit === 'string' && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(commit)) {
    subjects.push({ name: 'commit', digest: { gitCommit: commit } });
  }
  return subjects;
}
