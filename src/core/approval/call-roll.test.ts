import { describe, expect, it } from 'vitest';

import { decide } from '../gate/decide.ts';
import { criterion, evidence, gate, input, launch, log, withVotes } from '../gate/dossier.fixture.ts';
import { callRoll } from './call-roll.ts';
import type { Roll } from './call-roll.ts';
import { pollState } from './poll.ts';

const api = criterion('api');
const ready = gate([api], { quorum: 2, roles: ['lead'] });
const question = input(launch([ready]), log(evidence(api)));

function rollOf(...votes: Parameters<typeof withVotes>[1][]): { roll: Roll; seen: unknown[] } {
  const asked = withVotes(question, ...votes);
  const decision = decide(asked);
  const roll = callRoll({
    launch: asked.launch,
    gate: asked.launch.gates[0]!,
    decision,
    entries: asked.entries,
    nowMs: Date.parse(asked.now),
  });
  const seen = decision.tree.children.find(({ kind }) => kind === 'approvals')?.children ?? [];
  return { roll, seen };
}

describe('callRoll', () => {
  it('O21 has a seat for each wanted role and for the rest of the quorum, with who may take it', () => {
    const { roll } = rollOf();
    expect(roll.seats.map(({ role, vote }) => [role, vote])).toEqual([
      ['lead', null],
      [null, null],
    ]);
    expect(roll.seats[0]?.people).toContain('alice');
    expect([roll.go, roll.noGo, roll.canBeFilled]).toEqual([0, 0, false]);
  });

  it('O21 keeps dissent in its seat, and says what does not count and why', () => {
    const { roll } = rollOf(
      [{ person: 'alice', role: 'lead', vote: 'no-go', comment: 'not tonight' }],
      [{ person: 'bob', role: 'second' }],
    );
    expect(roll.seats[0]?.vote).toMatchObject({ person: 'alice', vote: 'no-go', comment: 'not tonight' });
    expect([roll.go, roll.noGo]).toEqual([0, 1]);
    expect(roll.voided.map(({ person, voidBecause }) => [person, voidBecause])).toEqual([
      ['bob', 'the gate wants lead, not second'],
    ]);
  });

  it('O21 counts as the decision does: a vote on something else, or under another key, has no seat', () => {
    const { roll, seen } = rollOf(
      [{ person: 'alice', role: 'lead', subjectSha256: '0'.repeat(64) }],
      [{ person: 'alice-admin', role: 'lead' }, 'mallory'],
    );
    expect(roll.go).toBe(0);
    expect(roll.voided).toHaveLength(2);
    expect(seen).toHaveLength(roll.voided.length + roll.seats.length);
  });
});

describe('pollState', () => {
  const poll = { id: '1', gate: 'ready', subjectSha256: 'a', openedBy: 'alice', openedAtMs: 0, closesAtMs: 10 };
  const open = { ...poll, closedBy: null, closedAtMs: null };

  it.each([
    ['open', open, 'a', 9],
    ['ended', open, 'a', 10],
    ['stale', open, 'b', 9],
    ['closed', { ...open, closedBy: 'bob', closedAtMs: 5 }, 'b', 9],
  ] as const)('A28 is %s', (state, of, subject, nowMs) => {
    expect(pollState(of, subject, nowMs)).toBe(state);
  });
});
