import { describe, expect, it } from 'vitest';

import { node, sampleDecision } from '../../tests/fixtures/sample-decision.ts';
import { outlineDecision } from './outline-decision.ts';

const outline = (...children: ReturnType<typeof node>[]) =>
  outlineDecision(sampleDecision({ tree: node({ kind: 'gate', children }) }));

describe('outlineDecision', () => {
  it('F13 shows the expectations that do not hold in place of a summary, and leaves out those that do', () => {
    const held = node({ kind: 'expectation', title: 'latency < 500ms', outcome: 'pass', standing: 'met' });
    const failed = node({ kind: 'expectation', title: 'status == 200', expected: '== 200', got: '503' });
    const [row] = outline(
      node({ title: 'API', expected: 'status == 200; latency < 500ms', got: 'status: 503', children: [held, failed] }),
    );
    expect(row).toMatchObject({ title: 'API', reason: null });
    expect(row?.children).toEqual([
      { standing: 'failed', title: 'status == 200', reason: 'got 503', evidence: null, children: [] },
    ]);
  });

  it('folds a branch that holds into one row with the number of its parts, and never one that does not', () => {
    const item = node({ kind: 'scope-item', title: 'Orders', outcome: 'pass', standing: 'met', expected: '', got: '' });
    const open = node({ kind: 'scope-item', title: 'Refunds', standing: 'open', expected: 'a class', got: 'none' });
    expect(
      outline(node({ kind: 'scope', title: 'Scope', outcome: 'pass', standing: 'met', children: [item, item] }))[0],
    ).toMatchObject({ title: 'Scope (2)', children: [] });
    const [scope] = outline(node({ kind: 'scope', title: 'Scope', standing: 'open', children: [item, open] }));
    expect(scope?.children.map(({ reason }) => reason)).toEqual([null, 'expected a class, got none']);
  });

  it('says a scope item once, with its own reason and what proves it below', () => {
    const own = node({
      kind: 'risk',
      title: 'Loss',
      standing: 'open',
      expected: 'a proven mitigation',
      got: 'score 20',
    });
    const [risk] = outline(node({ kind: 'risk', title: 'Loss', children: [own, node({ title: 'Names' })] }));
    expect(risk?.reason).toBe('expected a proven mitigation, got score 20');
    expect(risk?.children.map(({ title }) => title)).toEqual(['Names']);
  });
});
