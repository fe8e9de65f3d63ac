import { describe, expect, it } from 'vitest';

import type { EvidenceRecord } from '@tminus/verify';

import { decide } from './decide.ts';
import type { Decision, DecisionNode } from './decision.ts';
import { criterion, evidence, gate, group, input, judgement, launch, log } from './dossier.fixture.ts';

const links = ['repo-checks', 'build', 'stack-deploy', 'docs-smoke', 'template-smoke', 'engine-smoke'].map((id) =>
  criterion(id),
);
const of = launch([gate([group('deploy-chain', 'all', links)])]);

/** The decision over the whole chain, where evidence of one link is replaced, or left out. */
function decideChain(change: { [id: string]: Partial<EvidenceRecord> | null }): Decision {
  const entries = links.flatMap((link, index) => {
    const patch = change[link.id];
    return patch === null ? [] : [evidence(link, { durationMs: 1000 * (index + 1), ...patch })];
  });
  return decide(input(of, log(...entries)));
}

const chainOf = ({ tree }: Decision): DecisionNode | undefined => tree.children[0]?.children[0];

describe('a chain of deploy links', () => {
  it('D09 each link is a result of its own, with its evidence and duration', () => {
    const decision = decideChain({});
    expect(decision.outcome).toBe('go');
    expect(chainOf(decision)?.children.map((node) => [node.id, node.standing, node.evidence?.durationMs])).toEqual([
      ['build', 'met', 2000],
      ['docs-smoke', 'met', 4000],
      ['engine-smoke', 'met', 6000],
      ['repo-checks', 'met', 1000],
      ['stack-deploy', 'met', 3000],
      ['template-smoke', 'met', 5000],
    ]);
  });

  it.each([
    ['a link that nobody has seen', null, 'unknown', 'missing'],
    ['a link seen on another candidate', { candidateSha256: 'f'.repeat(64) }, 'unknown', 'stale'],
    ['a link that failed', { judgement: judgement('fail') }, 'fail', 'failed'],
    ['a link that was only simulated', { mode: 'simulated' }, 'unknown', 'simulated'],
  ] as const)('D09 %s is never a pass, and stops the chain alone', (_, patch, outcome, standing) => {
    for (const link of links) {
      const decision = decideChain({ [link.id]: patch });
      expect(decision.outcome).toBe('no-go');
      expect(chainOf(decision)?.outcome).toBe(outcome);
      const unmet = chainOf(decision)?.children.filter((node) => node.standing !== 'met');
      expect(unmet?.map((node) => [node.id, node.outcome, node.standing])).toEqual([[link.id, outcome, standing]]);
      expect(decision.shortestWay?.map(({ subject }) => subject)).toEqual([link.id]);
    }
  });
});
