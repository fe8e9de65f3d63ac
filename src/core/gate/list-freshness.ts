import { listCriteria } from '../launch/find-criterion.ts';
import type { Launch } from '../launch/launch.ts';
import type { Decision, DecisionNode } from './decision.ts';
import { toInstantMs } from './instant.ts';

/** Evidence that holds now, and until when it does. */
export interface FreshEvidence {
  gate: string;
  criterion: string;
  title: string;
  owner: string | null;
  /** Whether a person has to renew it. */
  isWord: boolean;
  observedAt: string;
  staleAtMs: number;
}

/** What gets stale next: every criterion that is met by evidence, the soonest first. */
export function listFreshness(launch: Launch, decisions: readonly Pick<Decision, 'gate' | 'tree'>[]): FreshEvidence[] {
  return decisions
    .flatMap(({ gate, tree }) => leavesOf(tree).flatMap((node) => freshnessOf(launch, gate, node)))
    .toSorted((a, b) => a.staleAtMs - b.staleAtMs || (a.criterion < b.criterion ? -1 : 1));
}

function leavesOf(node: DecisionNode): DecisionNode[] {
  if (node.kind === 'risks' || node.kind === 'scope') return [];
  const inner = node.children.filter(({ kind }) => kind !== 'expectation');
  return node.kind === 'criterion' && inner.length === 0 ? [node] : inner.flatMap(leavesOf);
}

function freshnessOf(launch: Launch, gate: string, node: DecisionNode): FreshEvidence[] {
  const [criterion = '', part] = node.id.split('/');
  const declared = listCriteria(launch).find(({ id }) => id === criterion);
  const limitMs = limitOf(launch, gate, criterion);
  const observedMs = node.evidence === null ? null : toInstantMs(node.evidence.observedAt);
  if (node.standing !== 'met' || node.evidence === null || observedMs === null || limitMs === null) return [];
  return [
    {
      gate,
      criterion,
      title: node.title,
      owner: node.owner,
      isWord: part === undefined ? (declared?.human ?? false) : part === 'person',
      observedAt: node.evidence.observedAt,
      staleAtMs: observedMs + limitMs,
    },
  ];
}

/** A criterion without a limit of its own has that of the nearest group around it, else that of its gate. */
function limitOf({ gates }: Launch, gate: string, criterion: string): number | null {
  const of = gates.find(({ id }) => id === gate);
  const find = (all: readonly Launch['gates'][number]['criteria'][number][], freshMs: number | null): number | null => {
    for (const each of all) {
      const own = each.freshMs ?? freshMs;
      if (each.id === criterion) return own;
      const inner = find(each.children, own);
      if (inner !== null) return inner;
    }
    return null;
  };
  return of ? find(of.criteria, of.freshMs) : null;
}
