import { describe, expect, it } from 'vitest';

import { decide } from './decide.ts';
import type { Decision } from './decision.ts';
import { ago, criterion, evidence, gate, group, input, judgement, launch, log, waiver } from './dossier.fixture.ts';

const [api, tls] = [criterion('api'), criterion('tls')];

function decideFor(phase: string, criteria: Parameters<typeof gate>[0], ...entries: Parameters<typeof log>): Decision {
  return decide(input(launch([gate(criteria)]), log(...entries), { phase }));
}

function withWaiver(...waivers: ReturnType<typeof waiver>[]): Decision {
  return decide(input(launch([gate([api, tls])]), log(evidence(api), ...waivers)));
}

describe('a waiver', () => {
  it('O19 sets an unmet criterion aside, is shown, and allows no more than a GO with conditions', () => {
    const decision = withWaiver(waiver('tls'));
    expect(decision.outcome).toBe('go-with-conditions');
    expect(decision.waivers).toEqual([
      { criterion: 'tls', reason: 'the vendor fixes it on Monday', person: 'bob', expiresAt: ago(-86_400_000) },
    ]);
    expect(decision.tree.children[0]?.children[1]).toMatchObject({ id: 'tls', standing: 'waived', outcome: 'unknown' });
  });

  it.each([
    ['it expired at', { expiresAt: ago(0) }],
    ['it is from the future', { signedAt: ago(-60_000) }],
    ['its times cannot be read', { expiresAt: 'never' }],
    ['it gives no reason', { reason: '  ' }],
    ['rita asked for it', { person: 'rita', role: 'lead' }],
    ['bob asked for it', { requestedBy: 'bob' }],
    ['alice-admin asked for it', { person: 'alice-admin', role: 'lead', requestedBy: 'alice' }],
    ['robot is an automation', { person: 'robot', role: 'lead' }],
    ['guest does not hold the role second', { person: 'guest' }],
    ['nobody is not declared', { person: 'nobody' }],
    ['it is for another launch', { launch: 'other' }],
    ['it is for another candidate', { candidateSha256: 'f'.repeat(64) }],
    ['it is for another environment', { environment: 'staging' }],
    ['the plan has changed since', { planHash: 'f'.repeat(64) }],
  ])('O19 does not count where %s, and says so', (reason, patch) => {
    const decision = withWaiver(waiver('tls', patch));
    expect(decision.outcome).toBe('no-go');
    expect(decision.waivers).toEqual([]);
    const [shown] = decision.tree.children[0]?.children[1]?.children ?? [];
    expect(shown).toMatchObject({ kind: 'waiver', standing: 'void' });
    expect(shown?.got).toContain(reason);
  });

  it('O19 does not count where another key signed it, or a byte was changed after it was signed', () => {
    expect(withWaiver(waiver('tls', {}, 'carol')).outcome).toBe('no-go');
    const signed = waiver('tls');
    expect(withWaiver({ ...signed, statement: { ...signed.statement, reason: 'because' } }).outcome).toBe('no-go');
  });

  it('O19 a valid one counts beside a void one', () => {
    expect(withWaiver(waiver('tls', { expiresAt: ago(1) }), waiver('tls')).outcome).toBe('go-with-conditions');
  });

  it('O19 is refused for a criterion that may not be waived', () => {
    const strict = criterion('tls', { waivable: false });
    const decision = decide(input(launch([gate([api, strict])]), log(evidence(api), waiver('tls'))));
    expect(decision.outcome).toBe('no-go');
  });

  it('O19 is not needed where the criterion is met', () => {
    const decision = decide(input(launch([gate([api])]), log(evidence(api), waiver('api'))));
    expect(decision).toMatchObject({ outcome: 'go', waivers: [] });
  });

  it('O19 waivers for everything are no GO, and meeting any one criterion is the way out', () => {
    const decision = decide(input(launch([gate([api, tls])]), log(waiver('api'), waiver('tls'))));
    expect(decision.outcome).toBe('no-go');
    expect(decision.tree.children[0]?.got).toBe('every one is waived or put off');
    expect(decision.shortestWay).toHaveLength(1);
  });

  it('O19 counts neither for nor against inside a choice', () => {
    const [a, b, c] = [criterion('a'), criterion('b'), criterion('c')] as const;
    const two = group('two', 2, [a, b, c]);
    const failed = evidence(b, { judgement: judgement('fail') });
    expect(decideFor('t-0', [two], evidence(a), failed, waiver('c')).outcome).toBe('no-go');
    expect(decideFor('t-0', [two], evidence(a), evidence(b), waiver('c')).outcome).toBe('go-with-conditions');
    expect(decideFor('t-0', [group('one', 'any', [a, b])], failed, waiver('a')).outcome).toBe('no-go');
  });
});

describe('a condition', () => {
  const later = [
    criterion('replication', { by: 'pre-dark' }),
    criterion('secrets', { by: 'canary', owner: 'sam' }),
    criterion('rbac', { by: 'canary' }),
    criterion('monitoring', { by: 'full' }),
  ];
  const earlier = later[0]!;

  it('O19 unmet criteria of later phases are conditions, of earlier ones are not', () => {
    const decision = decideFor('t-0', [api, ...later], evidence(api), evidence(earlier));
    expect(decision.outcome).toBe('go-with-conditions');
    expect(decision.conditions.map(({ criterion: id, by }) => [id, by])).toEqual([
      ['monitoring', 'full'],
      ['rbac', 'canary'],
      ['secrets', 'canary'],
    ]);
    expect(decideFor('t-0', [api, ...later], evidence(api)).outcome).toBe('no-go');
  });

  it('O19 blocks precisely its phase', () => {
    const seen = [evidence(api), evidence(earlier), evidence(later[1]!)];
    expect(decideFor('t-0', [api, ...later], ...seen).outcome).toBe('go-with-conditions');
    expect(decideFor('canary', [api, ...later], ...seen).outcome).toBe('no-go');
    expect(decideFor('canary', [api, ...later], ...seen, evidence(later[2]!)).outcome).toBe('go-with-conditions');
    expect(decideFor('full', [api, ...later], ...seen, evidence(later[2]!)).outcome).toBe('no-go');
    expect(decideFor('full', [api, ...later], ...later.map((item) => evidence(item)), evidence(api)).outcome).toBe(
      'go',
    );
  });

  it('O19 falls due at the gate of its phase, too, and not at an earlier one', () => {
    const canary = gate([tls], { id: 'canary', phase: 'canary' });
    const dark = gate([tls], { id: 'dark', phase: 'pre-dark' });
    const all = launch([gate([api, ...later]), canary, dark]);
    const at = (id: string, ...entries: Parameters<typeof log>): Decision =>
      decide(input(all, log(evidence(tls), ...entries), { gate: id }));
    expect(at('dark').outcome).toBe('go');
    expect(at('canary').outcome).toBe('no-go');
    expect(
      at('canary')
        .tree.children.find(({ kind }) => kind === 'conditions')
        ?.children.map(({ id }) => id),
    ).toEqual(['rbac', 'secrets']);
    expect(at('canary', evidence(later[1]!), evidence(later[2]!)).outcome).toBe('go');
  });

  it('O19 a phase that nobody declared puts nothing off', () => {
    const lost = criterion('lost', { by: 'some-day' });
    expect(decideFor('t-0', [api, lost], evidence(api)).outcome).toBe('no-go');
  });

  it('O19 a gate of nothing but conditions is no GO', () => {
    expect(decideFor('t-0', [later[1]!, later[3]!]).outcome).toBe('no-go');
  });
});
