import { describe, expect, it } from 'vitest';

import type { Launch } from '../../src/core/launch/launch.ts';
import { missingParts, packageParts } from '../../src/core/procedure/missing-parts.ts';
import { launchWith, problemLines, readTexts } from '../spec/problem-lines.ts';

const runbook = `## Runbook

1. [HUMAN] Tell the users {#tell role=support}

2. Move {#move undo=move-back}

   \`\`\`sh
   mv a b
   \`\`\`

## Rollback

1. Move back {#move-back}

   \`\`\`sh
   mv b a
   \`\`\`
`;

const read = ((): Launch => {
  const result = readTexts({ 'launch.md': launchWith({ body: runbook.replace('role=support', 'role=lead') }) });
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.launch;
})();

const at = { file: 'launch.md', line: 1, column: 1 };

function person(id: string, human = id, automation = false): Launch['people'][number] {
  return { id, name: id, human, automation, key: null, at };
}

/** A launch whose package is whole. */
const whole: Launch = {
  ...read,
  owner: 'alice',
  people: [person('alice'), person('bob'), person('sam'), person('bot', 'bot', true), person('al', 'alice')],
  roles: [
    { id: 'lead', people: ['alice', 'bob'], at },
    { id: 'support', people: ['sam'], at },
  ],
  metrics: [{ id: 'errors', title: 'Errors', target: '< 1 %', alert: null, source: { kind: 'http' }, at }],
  stops: [],
  procedures: read.procedures.map((procedure) => ({
    ...procedure,
    steps: procedure.steps.map((step) => (step.id === 'tell' ? { ...step, role: 'support' } : step)),
  })),
};

function missing(over: Partial<Launch>): string[] {
  return missingParts({ ...whole, ...over }).map(({ part }) => part);
}

function withSteps(over: (step: Launch['procedures'][number]['steps'][number]) => object): Launch['procedures'] {
  return whole.procedures.map((procedure) => ({
    ...procedure,
    steps: procedure.steps.map((step) => ({ ...step, ...over(step) })),
  }));
}

describe('missingParts', () => {
  it('F15 a whole package misses nothing, and an empty launch misses all five parts', () => {
    expect(missingParts(whole)).toEqual([]);
    const empty = { owner: null, people: [], roles: [], metrics: [], stops: [], procedures: [] };
    expect(missing(empty)).toEqual([...packageParts]);
  });

  it('F15 owners: somebody answers for the launch, and a human holds every role', () => {
    expect(missing({ owner: null })).toEqual(['owners']);
    const roles = [...whole.roles, { id: 'deployer', people: ['bot'], at }];
    expect(missingParts({ ...whole, roles })).toEqual([
      { part: 'owners', reason: 'expected a human in every role, got none as deployer' },
    ]);
  });

  it('F15 checks: a target without a source watches nothing, a stop condition with a check does', () => {
    const metrics = whole.metrics.map((metric) => ({ ...metric, source: null }));
    expect(missing({ metrics })).toEqual(['checks']);
    const stop = { text: 'an order is missing', everyMs: null, at };
    expect(missing({ metrics, stops: [{ ...stop, detect: null }] })).toEqual(['checks']);
    const detect = { kind: 'http' } as unknown as NonNullable<Launch['stops'][number]['detect']>;
    expect(missing({ metrics, stops: [{ ...stop, detect }] })).toEqual([]);
  });

  it('F15 escalation: two accounts of one human are one, and each step of a person has another behind it', () => {
    const roles = [
      { id: 'lead', people: ['alice', 'al'], at },
      { id: 'support', people: ['sam'], at },
    ];
    expect(missing({ roles })).toEqual([]);
    const alone = withSteps(({ human }) => (human ? { role: 'lead' } : { role: 'support' }));
    expect(missingParts({ ...whole, roles, procedures: alone })).toEqual([
      { part: 'escalation', reason: 'expected a second human to call, got none for tell' },
    ]);
    const one = [
      { id: 'lead', people: ['alice'], at },
      { id: 'support', people: ['al'], at },
    ];
    expect(missing({ roles: one })).toEqual(['escalation']);
  });

  it('F15 rollback: a rollback without a step takes nothing back', () => {
    const bare = withSteps(() => ({ undo: null })).map((procedure) =>
      procedure.kind === 'rollback' ? { ...procedure, steps: [] } : procedure,
    );
    expect(missing({ procedures: bare })).toEqual(['rollback']);
    expect(missing({ procedures: withSteps(() => ({ undo: null })) })).toEqual([]);
    const named = whole.procedures.map((procedure) => ({ ...procedure, kind: 'procedure' as const }));
    expect(missing({ procedures: named })).toEqual([]);
  });

  it('F15 communication: a message that is sent counts, a role that has nothing to do with it does not', () => {
    const procedures = withSteps(() => ({ role: 'lead' }));
    expect(missing({ procedures })).toEqual(['communication']);
    const sends = { action: { kind: 'notify', attributes: {}, text: '', spec: {}, at } };
    expect(missing({ procedures: withSteps(({ id }) => ({ role: 'lead', ...(id === 'move' ? sends : {}) })) })).toEqual(
      [],
    );
    expect(missing({ procedures: withSteps(() => ({ role: 'supporter' })) })).toContain('communication');
  });
});
