import { FormatError } from './format-error.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { isSha256 } from './sha256.ts';

/** The part of a decision that this package reads: what it is about and how it came out. The tree below is opaque here. */
export interface DecisionHeader {
  launch: string;
  gate: string;
  phase: string;
  planHash: string;
  candidateSha256: string;
  environment: string;
  decidedAt: string;
  outcome: 'go' | 'go-with-conditions' | 'no-go';
  evidenceRoot: string;
}

const texts = ['launch', 'gate', 'phase', 'environment', 'decidedAt', 'planHash', 'evidenceRoot'] as const;

/** The head of a decision in RFC 8785 form; refuses another format or a missing field. */
export function readDecisionHeader(decisionJson: string, where: string): DecisionHeader {
  const decision = parseStrictJson(decisionJson, where);
  if (!isDecision(decision)) {
    throw new FormatError({ where, expected: 'a tminus/decision/1 with its head', got: 'another shape' });
  }
  const { launch, gate, phase, planHash, candidateSha256, environment, decidedAt, outcome, evidenceRoot } = decision;
  return { launch, gate, phase, planHash, candidateSha256, environment, decidedAt, outcome, evidenceRoot };
}

function isDecision(value: unknown): value is DecisionHeader {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return (
    fields['format'] === 'tminus/decision/1' &&
    texts.every((name) => typeof fields[name] === 'string') &&
    isSha256(fields['candidateSha256']) &&
    ['go', 'go-with-conditions', 'no-go'].includes(String(fields['outcome']))
  );
}
