import type { Candidate } from '../candidate/candidate.ts';
import { toTemplateValues } from '../check/template-values.ts';
import { ProductError } from '../error/product-error.ts';
import type { Gate, Launch } from '../launch/launch.ts';
import { approvalBranch } from './approval-branch.ts';
import { carriedConditions } from './carried-conditions.ts';
import { criterionBranch } from './criterion-branch.ts';
import type { Decision } from './decision.ts';
import { isNeutral } from './fold.ts';
import { toNode } from './ground.ts';
import type { Ground } from './ground.ts';
import { toInstantMs } from './instant.ts';
import { join, launchBranches } from './launch-branches.ts';
import { indexLog } from './log-index.ts';
import type { LoggedEntry } from './log-index.ts';
import { wayOfBranch } from './requirement.ts';
import type { Branch } from './requirement.ts';
import { standardRules } from './rules.ts';
import type { Rules } from './rules.ts';
import { setAsideIn } from './set-aside.ts';
import { shortestWay } from './shortest-way.ts';
import { evidenceRootOf, subjectOf } from './subject.ts';

/** Everything that a decision depends on. Entries may come in any order; other launches' entries are stale, not an error. */
export interface DecideInput {
  launch: Launch;
  planHash: string;
  candidate: Candidate;
  candidateSha256: string;
  /** Id of the gate. */
  gate: string;
  /** Phase to decide for, where it is not the gate's own: criteria that are required by it may then not be conditions. */
  phase?: string | undefined;
  entries: readonly LoggedEntry[];
  /** RFC 3339 instant that freshness and expiry are judged at. */
  now: string;
}

/**
 * GO, GO with conditions or NO-GO for one gate, candidate and moment, with every reason down to the digests of the bytes.
 * Law 1: only evidence that was seen to pass leads to GO. Equal inputs give equal bytes, whatever their order.
 * Throws `gate_unknown` or `usage` where the question makes no sense; bad evidence never throws.
 */
export function decide(input: DecideInput): Decision {
  return decideBy(standardRules, input);
}

/** `decide` by given rules: for the tests of the laws, which plant a fault in one of them. */
export function decideBy(rules: Rules, input: DecideInput): Decision {
  const ground = toGround(rules, input);
  const branches = [criteriaBranch(ground), carriedConditions(ground), ...launchBranches(ground)].filter(
    (branch) => branch !== null,
  );
  const nodes = branches.map(({ node }) => node);
  const { binding, gate, phase } = ground;
  const shown = { ...binding, gate: gate.id, phase, evidenceRoot: evidenceRootOf(nodes), ...setAsideIn(ground, nodes) };
  const subjectSha256 = subjectOf({ ...shown, branches: nodes });
  const approvals = approvalBranch(ground, subjectSha256);
  const all = approvals ? [...branches, approvals] : branches;
  const root = joinGate(ground, all);
  const outcome = outcomeOf(root, shown);
  const way = outcome === 'no-go' ? shortestWay(root.way) : [];
  return {
    format: 'tminus/decision/1',
    ...shown,
    decidedAt: input.now,
    outcome,
    subjectSha256,
    tree: root.node,
    shortestWay: way,
  };
}

function toGround(rules: Rules, input: DecideInput): Ground {
  const { launch, planHash, candidateSha256, candidate } = input;
  const gate = findGate(launch, input.gate);
  const nowMs = toInstantMs(input.now);
  if (nowMs === null) {
    throw new ProductError('usage', `decision: expected an RFC 3339 instant for now, got "${input.now}"`, {
      hint: 'give a time with a zone',
    });
  }
  const declared = launch.environments.filter(({ id }) => id === candidate.environment);
  const environment = declared.length === 1 ? declared[0] : undefined;
  return {
    rules,
    launch,
    gate,
    phase: findPhase(launch, gate, input.phase),
    binding: { launch: launch.id, planHash, candidateSha256, environment: candidate.environment },
    environmentIsSimulated: declared.some(({ simulated }) => simulated),
    values: toTemplateValues({ candidate, launch, environment: environment ?? null, planHash }),
    nowMs,
    log: indexLog(input.entries),
  };
}

function findGate({ id: launch, gates }: Launch, id: string): Gate {
  const found = gates.filter((gate) => gate.id === id);
  if (found.length === 1) return found[0]!;
  const known = gates.map((gate) => gate.id).join(', ') || 'none';
  throw new ProductError(
    'gate_unknown',
    `launch ${launch}: expected one gate "${id}", got ${found.length} among ${known}`,
    {
      hint: 'name one of the gates that the launch declares',
    },
  );
}

function findPhase({ phases }: Launch, gate: Gate, asked: string | undefined): string {
  if (asked === undefined || asked === gate.phase || phases.some(({ id }) => id === asked)) return asked ?? gate.phase;
  const known = phases.map(({ id }) => id).join(', ') || 'none';
  throw new ProductError('usage', `gate ${gate.id}: expected a declared phase, got "${asked}" among ${known}`, {
    hint: 'name one of the phases that the launch declares',
  });
}

/** A gate whose criteria were all waived or put off has seen nothing hold: that is unknown, not neutral. */
function criteriaBranch(ground: Ground): Branch {
  const { gate } = ground;
  const children = gate.criteria.map((criterion) =>
    criterionBranch(ground, criterion, { freshMs: gate.freshMs, strict: false }),
  );
  const { node, way } = join(ground, { id: 'criteria', kind: 'criteria', title: 'Criteria' }, children);
  const expected = 'at least one criterion that was seen to hold';
  if (node.children.length === 0) return { node: { ...node, expected, got: 'no criteria are declared' }, way };
  if (!isNeutral(node)) return { node, way };
  return { node: { ...node, standing: 'open', expected, got: 'every one is waived or put off' }, way };
}

/** Branches keep the order in which a reader asks for them. */
function joinGate({ gate, launch, rules }: Ground, branches: Branch[]): Branch {
  const children = branches.map(({ node }) => node);
  const head = { id: gate.id, kind: 'gate', title: gate.title, owner: launch.owner, at: gate.at } as const;
  return { node: toNode({ ...head, ...rules.fold('all', children), children }), way: wayOfBranch('all', branches) };
}

function outcomeOf(
  { node }: Branch,
  { conditions, waivers }: Pick<Decision, 'conditions' | 'waivers'>,
): Decision['outcome'] {
  if (node.outcome !== 'pass') return 'no-go';
  return conditions.length > 0 || waivers.length > 0 ? 'go-with-conditions' : 'go';
}
