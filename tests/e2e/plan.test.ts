import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { runTminus } from './run-tminus.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-plan-'));
cpSync('tests/fixtures/plans', join(folder, 'plans'), { recursive: true });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function rewrite(name: string, from: string, to: string): void {
  const file = join(folder, 'plans', name);
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

// The cases follow each other: the contradiction is mended, then another one is made.
describe('tminus plan', () => {
  it('C03 shows what contradicts itself first, then what can be begun, what waits, and the graph; exit 3', async () => {
    const run = await runTminus(folder, ['plan', 'plans']);
    expect(run.exit).toBe(3);
    expect(run.stdout.split('\n').slice(0, 29)).toEqual([
      '15 plans: 5 planned, 1 in-progress, 5 done, 3 blocked, 1 cancelled',
      '',
      'Cannot be true',
      '  branch-kiosks is done, its dependency is not: web-catalogue',
      '',
      'Ready',
      '  overdue-mails  Plan: overdue mails',
      '',
      'Waiting for something outside',
      '  self-checkout  waits for scanner firmware 4.2 from the vendor',
      '',
      'Waiting for another plan',
      '  cutover  waits for card-payments, cutover-rehearsal, staff-training',
      '  cutover-rehearsal  waits for overdue-mails, reservations, self-checkout',
      '  reservations  waits for web-catalogue',
      '',
      'Blocked',
      '  card-payments  the bank has not signed the contract',
      '  fine-waivers  waits for decision of the council',
      '  staff-training  no reason is given',
      '',
      'Longest chain, 6 plans',
      '  inventory -> member-import -> loan-import -> overdue-mails -> cutover-rehearsal -> cutover',
      '',
      'Graph: each plan below what it waits for',
      '  blocked     card-payments',
      '  cancelled   fax-orders',
      '  blocked     fine-waivers',
      '  done        inventory',
    ]);
    expect(run.stdout).toContain('  planned           reservations  <- loan-import, web-catalogue\n');
  });

  it('C03 exits 0 once nothing contradicts itself, and says the same as JSON', async () => {
    rewrite('web-catalogue.md', 'status: in-progress', 'status: done');
    expect((await runTminus(folder, ['plan', 'plans'])).stdout).toContain(
      'Done, and no pull request is named\n  web-catalogue  Plan: web catalogue\n',
    );
    const run = await runTminus(folder, ['plan', 'plans', '--json']);
    expect(run.exit).toBe(0);
    const { plans, views } = JSON.parse(run.stdout) as { plans: unknown[]; views: { ready: string[] } };
    expect([plans.length, views.ready]).toEqual([15, ['overdue-mails', 'reservations']]);
  });

  it('C01 exits 3 for a circle and for a name that is not there, and names both', async () => {
    rewrite('inventory.md', 'depends: []', 'depends: [loan-import]');
    rewrite('fax-orders.md', 'depends: []', 'depends: [telex-orders]');
    const run = await runTminus(folder, ['plan']);
    expect(run.exit).toBe(3);
    expect(run.stdout).toContain('wait for each other: inventory -> loan-import -> member-import -> inventory');
    expect(run.stdout).toContain('fax-orders depends on telex-orders, which no plan is called');
  });

  it('C01 a folder without plan files is refused, with what one looks like', async () => {
    const run = await runTminus(folder, ['plan', 'plans/README.md']);
    expect(run.exit).toBe(3);
    expect(run.stderr).toContain('expected plan files, got none');
  });
});
