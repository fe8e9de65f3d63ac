import { readFileSync, readdirSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { hasPlanFaults, planViews } from '../../src/core/plan/plan-views.ts';
import type { PlanViews } from '../../src/core/plan/plan-views.ts';
import { readPlanFile } from '../../src/spec/plan/read-plan-file.ts';

const folder = 'tests/fixtures/plans';
const corpus = new Map(readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]));

const plansOf = (texts: ReadonlyMap<string, string>) =>
  [...texts].flatMap(([name, text]) => readPlanFile(`plans/${name}`, new TextEncoder().encode(text)) ?? []);

/** The views of the corpus with one text replaced in one file; a text that does not stand there once would prove nothing. */
function viewsWith(name: string, from: string, to: string): PlanViews {
  const text = corpus.get(name) ?? '';
  expect(text.split(from)).toHaveLength(2);
  return planViews(plansOf(new Map([...corpus, [name, text.replace(from, to)]])));
}

describe('the plan files of a library', () => {
  const plans = plansOf(corpus);

  it('C01 reads status, dependencies, specs, what is awaited, issues and pull request; a page without them is no plan', () => {
    expect([corpus.size, plans.length]).toEqual([16, 15]);
    expect(plans.reduce((sum, { depends }) => sum + depends.length, 0)).toBe(16);
    expect(plans.find(({ id }) => id === 'member-import')).toMatchObject({
      title: 'Plan: member import',
      status: 'done',
      depends: ['inventory'],
      awaits: [],
      specs: ['specs/members.md'],
      upstreamSpecs: [],
      issues: ['4'],
      pr: '9',
      reason: null,
      at: { file: 'plans/member-import.md', line: 10, column: 1 },
    });
    expect(plans.find(({ id }) => id === 'web-catalogue')).toMatchObject({
      upstreamSpecs: ['catalogue-api'],
      pr: null,
    });
  });

  it('C01 C03 golden: what can be begun, what waits for what, and what contradicts itself', () => {
    expect(planViews(plans)).toEqual({
      order: [
        'card-payments',
        'fax-orders',
        'fine-waivers',
        'inventory',
        'member-import',
        'search-index',
        'staff-training',
        'loan-import',
        'web-catalogue',
        'branch-kiosks',
        'overdue-mails',
        'reservations',
        'self-checkout',
        'cutover-rehearsal',
        'cutover',
      ],
      roots: ['card-payments', 'fax-orders', 'fine-waivers', 'inventory'],
      longestChain: ['inventory', 'member-import', 'loan-import', 'overdue-mails', 'cutover-rehearsal', 'cutover'],
      ready: ['overdue-mails'],
      awaiting: [{ id: 'self-checkout', names: ['scanner firmware 4.2 from the vendor'] }],
      blockedByDependency: [
        { id: 'cutover', names: ['card-payments', 'cutover-rehearsal', 'staff-training'] },
        { id: 'cutover-rehearsal', names: ['overdue-mails', 'reservations', 'self-checkout'] },
        { id: 'reservations', names: ['web-catalogue'] },
      ],
      blocked: [
        { id: 'card-payments', reason: 'the bank has not signed the contract' },
        { id: 'fine-waivers', reason: null },
        { id: 'staff-training', reason: null },
      ],
      blockedWithoutReason: ['staff-training'],
      cycles: [],
      dangling: [],
      doneWithOpenDependency: [{ id: 'branch-kiosks', names: ['web-catalogue'] }],
      doneWithoutPr: [],
      duplicates: [],
      withoutStatus: [],
    });
  });

  it('C01 T01 a cycle is shown with its way round, and whatever waits behind it has no place in the order', () => {
    const views = viewsWith('inventory.md', 'depends: []', 'depends: [loan-import]');
    expect(views.cycles).toEqual([['inventory', 'loan-import', 'member-import']]);
    expect(views.order).toEqual(['card-payments', 'fax-orders', 'fine-waivers']);
    expect(hasPlanFaults(views)).toBe(true);
  });

  it('C01 two cycles apart are both shown, and a plan that waits for itself is one', () => {
    const copy = new Map(corpus)
      .set('a.md', '---\nstatus: planned\ndepends: [b, inventory]\n---\n')
      .set('b.md', '---\nstatus: planned\ndepends: [a]\n---\n')
      .set('inventory.md', '---\nstatus: planned\ndepends: [inventory]\n---\n');
    expect(planViews(plansOf(copy)).cycles).toEqual([['a', 'b'], ['inventory']]);
  });

  it('C01 a name that no plan bears is dangling, and never makes a plan ready', () => {
    const views = viewsWith('overdue-mails.md', 'depends: [loan-import]', 'depends: [loan-imports]');
    expect(views.dangling).toEqual([{ id: 'overdue-mails', names: ['loan-imports'] }]);
    expect(views.ready).toEqual([]);
    expect(views.blockedByDependency).toContainEqual({ id: 'overdue-mails', names: ['loan-imports'] });
    expect(hasPlanFaults(views)).toBe(true);
  });

  it('C01 T01 done before a dependency is a finding; with the dependency done it is none', () => {
    expect(hasPlanFaults(planViews(plans))).toBe(true);
    const views = viewsWith('web-catalogue.md', 'status: in-progress', 'status: done');
    expect(views.doneWithOpenDependency).toEqual([]);
    expect(views.ready).toEqual(['overdue-mails', 'reservations']);
    expect(hasPlanFaults(views)).toBe(false);
  });

  it.each([
    ['a word that nobody knows', 'status: doen'],
    ['front matter that is no YAML', 'status: [done'],
  ])('C01 %s is no status, and satisfies nobody', (_, line) => {
    const views = viewsWith('loan-import.md', 'status: done', line);
    expect(views.withoutStatus).toEqual(['loan-import']);
    expect(views.ready).toEqual([]);
    expect(hasPlanFaults(views)).toBe(true);
  });

  it.each(['', 'pr: " "\n'])('T01 done without a pull request is named, and is no contradiction (%j)', (line) => {
    const views = viewsWith('search-index.md', 'pr: 8\n', line);
    expect(views.doneWithoutPr).toEqual(['search-index']);
    expect(hasPlanFaults({ ...views, doneWithOpenDependency: [] })).toBe(false);
  });

  it('C01 a cancelled dependency makes nothing ready', () => {
    expect(viewsWith('loan-import.md', 'status: done', 'status: cancelled').ready).toEqual([]);
  });

  it.each(['a/loan-import.md', 'old/loan-import.md'])(
    'C01 two plans of one name (%s) are told, and where they disagree neither counts as done',
    (name) => {
      const texts = new Map(corpus).set(name, '---\nstatus: planned\n---\n');
      const views = planViews(plansOf(texts));
      expect([views.duplicates, views.ready.includes('overdue-mails')]).toEqual([['loan-import'], false]);
      expect(hasPlanFaults(views)).toBe(true);
    },
  );

  it.each([
    ['a reason', 'status: blocked\nreason: the hall is being painted', []],
    ['something awaited', 'status: blocked\nawaits: [keys of the hall]', []],
    ['nothing', 'status: blocked', ['staff-training']],
    ['a blank reason', 'status: blocked\nreason: " "', ['staff-training']],
  ] as const)('C03 blocked with %s', (_, line, smells) => {
    expect(viewsWith('staff-training.md', 'status: blocked', line).blockedWithoutReason).toEqual(smells);
  });

  it('C03 says the same whatever the order of the files', () => {
    const views = planViews(plans);
    fc.assert(
      fc.property(fc.shuffledSubarray(plans, { minLength: plans.length }), (shuffled) => {
        expect(planViews(shuffled)).toEqual(views);
      }),
      { numRuns: 50 },
    );
  });
});
