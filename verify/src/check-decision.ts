import { bundleFiles } from './bundle-layout.ts';
import { held, notChecked, VerifyFailure } from './bundle-state.ts';
import type { BundleState, Step, StepResult } from './bundle-state.ts';
import { firstDifference } from './first-difference.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { readBundleText } from './read-bundle-text.ts';
import type { DecideRequest } from './recompute.ts';
import type { SealedDecision } from './record.ts';
import { sha256Hex } from './sha256.ts';

/** Candidate: the decision is about the one that is in the bundle. */
export const checkCandidate: Step = {
  id: 'candidate',
  needed: true,
  code: 'candidate_mismatch',
  hint: 'evidence and decision of one candidate say nothing about another; get the bundle of this candidate',
  run({ source, decision, index }) {
    const candidateJson = readBundleText(source, bundleFiles.candidate);
    parseStrictJson(candidateJson, bundleFiles.candidate);
    const sha256 = sha256Hex(candidateJson);
    const { hint } = this;
    if (sha256 !== decision.candidateSha256) {
      const [where, expected] = [bundleFiles.candidate, decision.candidateSha256];
      throw new VerifyFailure({ code: 'candidate_mismatch', where, expected, got: sha256, hint });
    }
    if (index.launch !== decision.launch) {
      const [where, expected, got] = [`${bundleFiles.index} $.launch`, decision.launch, index.launch];
      throw new VerifyFailure({ code: 'index_invalid', where, expected, got, hint });
    }
    return held(sha256);
  },
};

/** Decision: sealed in the log, and the same when it is made again from the entries that it was made from. */
export const checkDecision: Step = {
  id: 'decision',
  needed: true,
  code: 'decision_mismatch',
  hint: 'this decision does not follow from the evidence: do not act on it',
  run(state) {
    const decisionJson = readBundleText(state.source, bundleFiles.decision);
    const sealed = findSealed(state, sha256Hex(decisionJson));
    return state.recompute.decide === null
      ? notChecked(`sealed as entry ${sealed.index}; this verifier cannot decide again`)
      : compareDecision(state, sealed, decisionJson);
  },
};

interface Sealed {
  index: number;
  entry: SealedDecision;
}

/** Whoever makes a bundle could choose the moment that suits; a decision that was sealed when it was shown leaves no choice. */
function findSealed({ entries, decision }: BundleState, sha256: string): Sealed {
  const found = entries.findLast(
    (logged) => logged.entry.format === 'tminus/sealed-decision/1' && logged.entry.sha256 === sha256,
  );
  const hint = 'export a decision that was shown and sealed in the log';
  if (found?.entry.format !== 'tminus/sealed-decision/1') {
    const [where, expected] = [bundleFiles.decision, `an entry that seals decision ${sha256}`];
    throw new VerifyFailure({ code: 'decision_unsealed', where, expected, got: 'none in the log', hint });
  }
  const { index, entry } = found;
  const where = `${bundleFiles.entries} entry ${index}`;
  const fields = [
    'launch',
    'gate',
    'phase',
    'planHash',
    'candidateSha256',
    'environment',
    'decidedAt',
    'outcome',
  ] as const;
  for (const field of fields) {
    if (entry[field] !== decision[field]) {
      const [expected, got] = [decision[field], entry[field]];
      throw new VerifyFailure({ code: 'decision_mismatch', where: `${where}.${field}`, expected, got, hint });
    }
  }
  if (entry.logSize > index) {
    const [expected, got] = [`at most ${index} entries before it`, String(entry.logSize)];
    throw new VerifyFailure({ code: 'decision_mismatch', where: `${where}.logSize`, expected, got, hint });
  }
  return { index, entry };
}

function compareDecision(state: BundleState, sealed: Sealed, decisionJson: string): StepResult {
  const again = state.recompute.decide?.(toRequest(state, sealed.entry));
  if (again !== decisionJson) {
    const found = firstDifference(JSON.parse(again ?? 'null'), JSON.parse(decisionJson));
    throw new VerifyFailure({
      code: 'decision_mismatch',
      where: `${bundleFiles.decision} ${found?.path ?? '$'}`,
      expected: `${found?.expected ?? 'the same bytes'} as recomputed`,
      got: found?.got ?? 'another form',
      hint: checkDecision.hint,
    });
  }
  const detail = `entry ${sealed.index}, from the first ${sealed.entry.logSize} entries, equal byte for byte`;
  return held(detail, laterDecisions(state, sealed));
}

function toRequest(state: BundleState, sealed: SealedDecision): DecideRequest {
  const { launchJson, planHash, decision } = state;
  return {
    launchJson,
    candidateJson: readBundleText(state.source, bundleFiles.candidate),
    planHash,
    gate: decision.gate,
    phase: decision.phase,
    entries: state.entries.slice(0, sealed.logSize),
    now: decision.decidedAt,
  };
}

/** A newer decision about the same gate does not make this one false, but whoever reads this one should know. */
function laterDecisions({ entries, decision }: BundleState, sealed: Sealed): string[] {
  const later = entries.findLast(
    ({ index, entry }) =>
      index > sealed.index && entry.format === 'tminus/sealed-decision/1' && entry.gate === decision.gate,
  );
  return later?.entry.format === 'tminus/sealed-decision/1'
    ? [`a later decision about gate ${decision.gate} is in the log: entry ${later.index} says ${later.entry.outcome}`]
    : [];
}
