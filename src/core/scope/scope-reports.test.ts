import { describe, expect, it } from 'vitest';

import { criterionProgress } from '../gate/criterion-progress.ts';
import { decide } from '../gate/decide.ts';
import {
  criterion,
  evidence,
  gate,
  group,
  human,
  input,
  judgement,
  launch,
  log,
  waiver,
} from '../gate/dossier.fixture.ts';
import { acceptanceFaults } from './acceptance-faults.ts';
import { remainingItems } from './remaining-items.ts';
import { scopeReport } from './scope-report.ts';
import type { ScopeItem } from './scope.ts';

const at = { file: 'launch.md', line: 3, column: 1 };

function item(id: string, patch: Partial<ScopeItem> = {}): ScopeItem {
  return {
    id,
    title: `The ${id}`,
    class: 'critical',
    state: 'closed',
    owner: null,
    followUp: null,
    userSees: null,
    deferral: null,
    highRisk: false,
    undoCriterion: null,
    at,
    ...patch,
  };
}

describe('remainingItems', () => {
  it('D07 classifies each item that is not closed, with its link', () => {
    const deferral = { owner: 'ann', riskNote: 'small' };
    const scope = [
      item('d', { state: 'deferred', followUp: '#88', deferral }),
      item('c', { state: 'open' }),
      item('b', { state: 'open', class: 'post-launch', followUp: ' #9 ' }),
      item('a', { state: 'open', class: null }),
      item('closed'),
    ];
    expect(remainingItems({ scope }).map(({ id, remainder, link }) => [id, remainder, link])).toEqual([
      ['a', 'unclassified', null],
      ['b', 'follow-up', '#9'],
      ['c', 'blocker', null],
      ['d', 'deferred', '#88'],
    ]);
  });
});

describe('acceptanceFaults', () => {
  const deferral = { owner: 'ann', riskNote: 'small' };
  const faultsOf = (patch: Partial<ScopeItem>): string[] =>
    acceptanceFaults({ scope: [item('x', patch)] }).map(({ lacks }) => lacks);

  it.each([
    ['an unclassified item', { class: null, state: 'open', followUp: '#1' }, ['class']],
    ['an unclassified item that was closed', { class: null }, ['class']],
    ['an open item without a link', { class: 'adjacent', state: 'open' }, ['link']],
    ['a blank link', { class: 'post-launch', state: 'open', followUp: ' ' }, ['link']],
    ['a deferral without a link', { state: 'deferred', deferral }, ['link']],
    ['an open critical item, linked or not', { state: 'open', followUp: '#1' }, ['end']],
  ] as const)('D07 acceptance is refused for %s', (_, patch, lacks) => {
    expect(faultsOf(patch)).toEqual(lacks);
  });

  it.each([
    ['a closed item', {}],
    ['a follow-up with its link', { class: 'post-launch', state: 'open', followUp: '#1' }],
    ['a deferral with its link', { state: 'deferred', followUp: '#1', deferral }],
  ] as const)('D07 acceptance is not refused for %s', (_, patch) => {
    expect(faultsOf(patch)).toEqual([]);
  });

  it('D07 names each item once, in the order of ids, with what to do', () => {
    const scope = [item('b', { class: null, state: 'open' }), item('a', { class: 'adjacent', state: 'open' })];
    expect(acceptanceFaults({ scope }).map(({ id, text }) => [id, text])).toEqual([
      ['a', 'link "The a" to the issue that tracks it'],
      ['b', 'classify "The b"'],
    ]);
  });
});

describe('scopeReport', () => {
  it('F08 lists items without document, evidence or runbook entry', () => {
    const step = {
      id: 'checkout-switch',
      title: 'Switch',
      phase: null,
      human: false,
      role: null,
      needs: [],
      undo: null,
      reversible: true,
      proof: null,
      action: null,
      rules: {
        actionClass: null,
        limitMs: null,
        retries: null,
        interrupted: null,
        onFail: null,
        onTimeout: null,
        undoAfterReturn: null,
        assets: [],
        askWhenLateMs: null,
        onRecycle: null,
        probe: null,
      },
      at,
    };
    const [api, search] = [criterion('checkout-api'), criterion('search')];
    const of = launch([gate([api, search])], {
      scope: [item('checkout'), item('search'), item('import'), item('old', { class: 'unsupported' })],
      documents: [{ path: 'docs/checkout/README.md', sha256: 'a'.repeat(64), kind: 'doc' }],
      procedures: [
        {
          id: 'runbook',
          title: 'Runbook',
          kind: 'runbook',
          steps: [step],
          holds: [],
          recyclePoints: [],
          deciders: null,
          limitMs: null,
          queueLimitMs: null,
          at,
        },
      ],
    });
    const report = scopeReport(
      of,
      decide(input(of, log(evidence(api), evidence(search, { judgement: judgement('fail') })))),
    );
    expect(report.map(({ id, met, lacks }) => [id, met, lacks])).toEqual([
      ['checkout', ['checkout-api'], []],
      ['import', [], ['document', 'evidence', 'runbook entry']],
      ['search', [], ['document', 'evidence', 'runbook entry']],
    ]);
    expect(report[2]?.criteria).toEqual(['search']);
  });

  it('F03 a required behaviour is bound to a gate by the scenario of its id', () => {
    const of = launch([gate([criterion('smoke')])], {
      scope: [item('pay')],
      scenarios: [{ id: 'pay', title: 'Pay', given: '', when: '', outcome: '', boundTo: ['smoke'], at }],
    });
    expect(scopeReport(of, decide(input(of, log())))[0]).toMatchObject({ criteria: ['smoke'], met: [] });
  });
});

describe('criterionProgress', () => {
  it('F14 counts n of m from the evidence, with what was set aside apart', () => {
    const [a, b, c, d] = [criterion('a'), human('b'), criterion('c'), criterion('d', { by: 'full' })] as const;
    const of = launch([gate([group('g', 'any', [a, b]), c, d])]);
    const decision = decide(input(of, log(evidence(a), waiver('c'))));
    expect(criterionProgress(decision)).toEqual({ met: 1, total: 4, waived: 1, conditions: 1 });
  });
});
