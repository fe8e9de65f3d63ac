import { describe, expect, it } from 'vitest';

import type { DecisionNode } from '../../api/client.generated.ts';
import { listChanges } from './list-changes.ts';

function node(id: string, patch: Partial<DecisionNode> = {}): DecisionNode {
  const base = { id, kind: 'criterion', title: `The ${id}`, outcome: 'pass', standing: 'met', need: 'all' } as const;
  return { ...base, expected: '', got: 'ok', owner: null, at: null, evidence: null, children: [], ...patch };
}

const root = (...children: DecisionNode[]): DecisionNode => node('gate', { kind: 'gate', children });

describe('listChanges', () => {
  it('A28 names what became another, what came and what went, and nothing else', () => {
    const before = root(node('a'), node('b'), node('c'));
    const after = root(node('a'), node('b', { standing: 'stale' }), node('d', { standing: 'missing' }));
    expect(listChanges(before, after).map(({ title, was, is }) => [title, was, is])).toEqual([
      ['The b', 'met', 'stale'],
      ['The c', 'met', null],
      ['The d', null, 'missing'],
    ]);
  });

  it('A28 tells two texts of one standing apart, and takes votes for no change', () => {
    const votes = (got: string) => node('approvals', { kind: 'approvals', children: [node('approval:1', { got })] });
    const before = root(node('a', { got: 'a' }), votes('none'));
    const after = root(node('a', { got: 'b' }), votes('go'));
    expect(listChanges(before, after)).toEqual([{ id: 'a', title: 'The a', was: 'met, a', is: 'met, b' }]);
  });
});
