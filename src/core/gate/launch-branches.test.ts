import { describe, expect, it } from 'vitest';

import type { Launch } from '../launch/launch.ts';
import type { Risk } from '../risk/risk.ts';
import type { ScopeItem } from '../scope/scope.ts';
import { decide } from './decide.ts';
import type { Decision, DecisionNode } from './decision.ts';
import { criterion, evidence, gate, input, judgement, launch, log, waiver, withVotes } from './dossier.fixture.ts';

const api = criterion('api');
const drill = criterion('drill');
const place = { file: 'launch.md', line: 9, column: 1 };

function item(patch: Partial<ScopeItem>): ScopeItem {
  return {
    id: 'billing',
    title: 'Billing',
    class: 'adjacent',
    state: 'open',
    owner: 'ann',
    followUp: '#12',
    userSees: 'a note that it is not there',
    deferral: null,
    highRisk: false,
    undoCriterion: null,
    at: place,
    ...patch,
  };
}

function risk(patch: Partial<Risk>): Risk {
  return {
    id: 'loss',
    title: 'Orders are lost',
    likelihood: 4,
    impact: 4,
    mitigation: null,
    mitigatedBy: null,
    owner: null,
    at: place,
    ...patch,
  };
}

function decideOn(patch: Partial<Launch>, ...entries: Parameters<typeof log>): Decision {
  return decide(
    input(launch([gate([api]), gate([drill], { id: 'later', phase: 'full' })], patch), log(evidence(api), ...entries)),
  );
}

function branch(decision: Decision, kind: DecisionNode['kind']): DecisionNode | undefined {
  return decision.tree.children.find((node) => node.kind === kind);
}

describe('scope', () => {
  const full = { owner: 'ann', riskNote: 'nobody bills before May' };

  it('F02 is not there where the launch declares none, and is no pass either', () => {
    expect(decideOn({}).tree.children.map(({ kind }) => kind)).toEqual(['criteria']);
  });

  it.each([
    ['F02 an unclassified item', { class: null }, 'classify'],
    ['F06 an open critical item', { class: 'critical' }, 'close-or-defer'],
    ['F06 a deferral without a follow-up', { state: 'deferred', followUp: ' ', deferral: full }, 'complete-deferral'],
    ['F06 a deferral without an owner', { state: 'deferred', deferral: { ...full, owner: null } }, 'complete-deferral'],
    [
      'F06 a deferral without a risk note',
      { state: 'deferred', deferral: { ...full, riskNote: null } },
      'complete-deferral',
    ],
    ['F06 a deferral of nothing at all', { state: 'deferred' }, 'complete-deferral'],
    ['F04 an unsupported case without an owner', { class: 'unsupported', owner: null }, 'classify'],
    ['F04 an unsupported case that users are not told of', { class: 'unsupported', userSees: ' ' }, 'classify'],
    [
      'F04 an unsupported case without an owner, though its deferral is complete',
      { class: 'unsupported', owner: null, state: 'deferred', deferral: full },
      'classify',
    ],
    ['F04 a closed unsupported case, untold', { class: 'unsupported', state: 'closed', userSees: null }, 'classify'],
    ['F05 a high-risk surface without an undo', { highRisk: true }, 'mitigate'],
    [
      'F05 a high-risk surface with an undo that no gate declares',
      { highRisk: true, undoCriterion: 'nothing' },
      'mitigate',
    ],
    ['F05 a high-risk surface whose undo nobody has seen', { highRisk: true, undoCriterion: 'drill' }, 'run-check'],
  ] as const)('%s blocks, and is named with its action', (_, patch, verb) => {
    const decision = decideOn({ scope: [item(patch)] });
    expect(decision.outcome).toBe('no-go');
    expect(decision.shortestWay).toMatchObject([{ verb }]);
  });

  it.each([
    ['F02 an adjacent open item', {}],
    ['F02 a closed critical item', { class: 'critical', state: 'closed' }],
    ['D07 an item for after the launch', { class: 'post-launch' }],
    ['F06 a complete deferral', { state: 'deferred', deferral: full }],
    ['F04 an unsupported case with an owner that users are told of', { class: 'unsupported' }],
    ['F04 a supported case that users are not told of', { userSees: null }],
  ] as const)('%s does not block', (_, patch) => {
    expect(decideOn({ scope: [item(patch)] }).outcome).toBe('go');
  });

  it('F04 an unsupported case is shown in the decision with its owner and what users see', () => {
    const scope = [item({ class: 'unsupported', state: 'closed' })];
    expect(branch(decideOn({ scope }), 'scope')?.children[0]?.got).toBe(
      'unsupported, closed, ann owns it, users see: a note that it is not there',
    );
  });

  it('F06 a deferred critical item is shown and wants a vote even where the gate asks for none', () => {
    const scope = [item({ class: 'critical', state: 'deferred', deferral: full })];
    const question = input(launch([gate([api])], { scope }), log(evidence(api)));
    const decision = decide(question);
    expect(decision.outcome).toBe('no-go');
    expect(branch(decision, 'scope')?.children[0]?.got).toBe(
      'critical, deferred to #12 by ann: nobody bills before May',
    );
    expect(decision.shortestWay).toMatchObject([{ verb: 'approve' }]);
    expect(decide(withVotes(question, [{}])).outcome).toBe('go');
  });

  it('F05 the undo counts only as met evidence: not waived, not failed, not of another candidate', () => {
    const scope = [item({ highRisk: true, undoCriterion: 'drill' })];
    expect(decideOn({ scope }, evidence(drill)).outcome).toBe('go');
    expect(decideOn({ scope }, waiver('drill')).outcome).toBe('no-go');
    expect(decideOn({ scope }, evidence(drill, { judgement: judgement('fail') })).outcome).toBe('no-go');
    expect(decideOn({ scope }, evidence(drill, { candidateSha256: 'f'.repeat(64) })).outcome).toBe('no-go');
  });
});

describe('risks', () => {
  it.each([
    ['T30 no likelihood is unknown', { likelihood: null }, 'missing'],
    ['T30 an impact of 6 is unknown', { impact: 6 }, 'missing'],
    ['O20 an open high risk', {}, 'failed'],
    ['O20 an open critical risk', { likelihood: 5, impact: 5 }, 'failed'],
    ['O20 a high risk whose mitigation nobody has seen', { mitigatedBy: 'drill' }, 'failed'],
  ] as const)('%s is NO-GO', (_, patch, standing) => {
    const decision = decideOn({ risks: [risk(patch)] });
    expect(decision.outcome).toBe('no-go');
    expect(branch(decision, 'risks')?.children[0]).toMatchObject({ kind: 'risk', standing });
    expect(decision.shortestWay).toHaveLength(1);
  });

  it('O20 medium and low risks are watched and do not block, a mitigated high one neither', () => {
    expect(decideOn({ risks: [risk({ likelihood: 2 }), risk({ id: 'x', likelihood: 1 })] }).outcome).toBe('go');
    expect(decideOn({ risks: [risk({ mitigatedBy: 'drill' })] }, evidence(drill)).outcome).toBe('go');
    expect(decideOn({ risks: [risk({ mitigatedBy: 'drill' })] }, waiver('drill')).outcome).toBe('no-go');
  });
});

describe('dependencies', () => {
  it('D03 each open dependency blocks by name', () => {
    const dependencies = [
      { id: '#7', state: 'done' as const, at: place },
      { id: '#30', state: 'open' as const, at: place },
      { id: '#41', state: 'open' as const, at: place },
    ];
    const decision = decideOn({ dependencies });
    expect(decision.outcome).toBe('no-go');
    expect(decision.shortestWay?.map(({ text }) => text)).toEqual(['finish #30', 'finish #41']);
    expect(decideOn({ dependencies: dependencies.slice(0, 1) }).outcome).toBe('go');
  });
});

function row(id: string, by: string | null, proof: string | null): Launch['declarations'][number] {
  return { kind: 'condition', id, body: { title: `Row ${id}`, owner: 'ann', by, proof }, at: place };
}

function decideFor(phase: string, declarations: Launch['declarations'], ...entries: Parameters<typeof log>): Decision {
  const of = launch([gate([api, drill])], { declarations });
  return decide(input(of, log(evidence(api), evidence(drill), ...entries), { phase }));
}

describe('rows of a conditions table', () => {
  it('O19 an unmet row of a later phase is a condition, and blocks precisely from its phase on', () => {
    const rows = [row('replication', 'before Canary', null), row('monitoring', 'full', null)];
    const decision = decideFor('t-0', rows);
    expect(decision.outcome).toBe('go-with-conditions');
    expect(decision.conditions.map(({ criterion: id, by }) => [id, by])).toEqual([
      ['monitoring', 'full'],
      ['replication', 'before Canary'],
    ]);
    expect(decideFor('canary', rows).outcome).toBe('no-go');
    expect(decideFor('canary', [row('replication', 'canary', 'drill'), rows[1]!]).outcome).toBe('go-with-conditions');
  });

  it('O19 a row without a phase, or with one that nobody declared, is required now', () => {
    expect(decideFor('t-0', [row('a', null, null)]).outcome).toBe('no-go');
    expect(decideFor('t-0', [row('a', 'some day', null)]).outcome).toBe('no-go');
    expect(decideFor('t-0', [row('a', null, 'drill')]).outcome).toBe('go');
  });
});
