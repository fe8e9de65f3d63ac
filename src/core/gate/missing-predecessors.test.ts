import type { SealedDecision } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import { defaultCriteria } from './default-criteria.ts';
import { ago, candidateSha256, criterion, gate, launch, planHash } from './dossier.fixture.ts';
import { missingPredecessors } from './missing-predecessors.ts';

const [exported, approved, accepted] = [
  gate([criterion('restore')], { id: 'exported', phase: 'pre-dark' }),
  gate([criterion('dry-run')], { id: 'approved', phase: 't-0' }),
  gate([criterion('verified')], { id: 'accepted', phase: 'canary' }),
] as const;
const of = launch([accepted, exported, approved]);
const binding = { launch: 'shop', planHash, candidateSha256, environment: 'production' };

function sealed(id: string, patch: Partial<SealedDecision> = {}): SealedDecision {
  return {
    format: 'tminus/sealed-decision/1',
    ...binding,
    gate: id,
    phase: '',
    decidedAt: ago(60_000),
    outcome: 'go',
    sha256: 'a'.repeat(64),
    logSize: 3,
    ...patch,
  };
}

function missing(...entries: SealedDecision[]): string[] {
  return missingPredecessors(of, accepted, binding, entries).map(({ id }) => id);
}

describe('missingPredecessors', () => {
  it('D06 names every earlier gate that has not said GO, earliest first', () => {
    expect(missing()).toEqual(['exported', 'approved']);
    expect(missing(sealed('exported'))).toEqual(['approved']);
    expect(missing(sealed('exported'), sealed('approved', { outcome: 'go-with-conditions' }))).toEqual([]);
    expect(missingPredecessors(of, exported, binding, [])).toEqual([]);
  });

  it.each([
    ['another candidate', { candidateSha256: 'f'.repeat(64) }],
    ['another plan', { planHash: 'f'.repeat(64) }],
    ['another environment', { environment: 'staging' }],
    ['another launch', { launch: 'other' }],
    ['a time that cannot be read', { decidedAt: 'once' }],
    ['a NO-GO', { outcome: 'no-go' as const }],
  ])('D06 a decision with %s does not count', (_, patch) => {
    expect(missing(sealed('approved'), sealed('exported', patch))).toEqual(['exported']);
  });

  it('D06 a later NO-GO takes an earlier GO back, in whatever order they stand', () => {
    const later = sealed('exported', { outcome: 'no-go', decidedAt: ago(1_000) });
    expect(missing(sealed('approved'), sealed('exported'), later)).toEqual(['exported']);
    expect(missing(later, sealed('approved'), sealed('exported'))).toEqual(['exported']);
  });
});

describe('defaultCriteria', () => {
  it('O18 names the ten criteria of a readiness review', () => {
    expect(defaultCriteria.map(({ id }) => id)).toEqual([
      'functionality',
      'testing',
      'performance',
      'reliability',
      'scalability',
      'observability',
      'security',
      'documentation',
      'infrastructure',
      'operations',
    ]);
  });
});
