import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDesk } from './open-desk.ts';
import type { Desk } from './open-desk.ts';

const body = (undo: string, watch: string): string => `## Gate: ready {#ready phase=T+0 fresh=1d}

- [ ] The runbook was rehearsed {#rehearsed}

  \`\`\`yaml check
  kind: rehearsal
  procedure: runbook
  times: 1
  expect: [passed >= 1, last == passed, undoMs < 900000]
  \`\`\`

## Runbook

1. Copy {#copy undo=drop-copy}

   \`\`\`sh timeout=1m interrupted=rerun retries=2
   touch copied
   \`\`\`

2. [HUMAN] Say that it is done {#tell role=lead}

> **Point of no return:** the first order on the new side
>
> \`\`\`sh
> test -e first-order
> # expect ${watch}
> \`\`\`

## Rollback

1. Drop the copy {#drop-copy}

   \`\`\`sh timeout=1m
   ${undo}
   \`\`\`
`;

// The cases follow each other: what is rehearsed, what changes, and what is decided.
describe('a rehearsal as evidence', { timeout: 400_000 }, () => {
  let desk: Desk;
  const keep = (name: string, file: string): void => desk.write(`reports/rehearsals/${name}.json`, file);

  beforeAll(async () => {
    desk = await openDesk(body('rm copied', 'exit == 0'));
  });
  afterAll(() => desk.close());

  it('C07 without a rehearsal the gate is NO-GO, and a quick one changes nothing', async () => {
    expect(await desk.check('rehearsed')).toMatchObject({ judgement: { outcome: 'unknown' } });
    const { report, file } = await desk.rehearse('quick');
    expect([report.passed, report.depth]).toEqual([true, 'quick']);
    keep('quick', file);
    const record = await desk.check('rehearsed');
    expect(record.judgement.outcome).toBe('unknown');
    expect(record.trouble?.message).toContain('it was a quick one');
    expect((await desk.decide('ready', 'production')).outcome).toBe('no-go');
  });

  it('C07 law 9 a full one in staging leads to GO in production, and names the way back, its time and the negative controls', async () => {
    const { report, file } = await desk.rehearse();
    expect(report.passes.map(({ id, passed }) => [id, passed])).toEqual(
      ['forward', 'way-back', 'fails', 'times_out', 'crash_before', 'crash_after', 'owner_absent'].map((id) => [
        id,
        true,
      ]),
    );
    expect(report.controls).toMatchObject([{ of: 'return-1', part: 'return', kind: 'command', outcome: 'fail' }]);
    keep('full', file);
    const { judgement, facts, control } = await desk.check('rehearsed');
    expect([judgement.outcome, control.outcome]).toEqual(['pass', 'fail']);
    expect(facts).toMatchObject({ passed: 1, environment: 'staging', key: report.signedBy, controls: 1 });
    expect(facts?.['undoMs']).toBe(report.passes[1]?.wayBack?.rollbackMs);
    expect((await desk.decide('ready', 'production')).outcome).toBe('go');
  });

  it('C07 with another plan the same rehearsal counts no more', async () => {
    const text = readFileSync(join(desk.directory, 'launch.md'), 'utf8');
    desk.write('launch.md', text.replace('touch copied', 'touch copied # and nothing else'));
    expect((await desk.decide('ready', 'production')).outcome).toBe('no-go');
    const record = await desk.check('rehearsed');
    expect(record.judgement.outcome).toBe('unknown');
    expect(record.trouble?.message).toContain('of another plan');
  });

  it('law 9 a way back that fails is rehearsed, found, and fails the gate', async () => {
    desk.write(
      'launch.md',
      readFileSync(join(desk.directory, 'launch.md'), 'utf8').replace('rm copied', 'rm not-there'),
    );
    const { report, file } = await desk.rehearse();
    expect(report.passed).toBe(false);
    expect(report.passes.find(({ passed }) => !passed)).toMatchObject({
      id: 'way-back',
      findings: [
        expect.stringContaining('drop-copy failed'),
        // A way back that stands still cannot be cancelled: that it is left open is said, too.
        expect.stringContaining('could not be called off and is still open'),
      ],
    });
    keep('failed', file);
    const record = await desk.check('rehearsed');
    expect(record.judgement.outcome).toBe('fail');
    expect(record.facts).toMatchObject({ passed: 0, last: 'failed' });
  });

  it('law 2 a point of no return that a broken target would cross, too, fails the rehearsal', async () => {
    desk.write(
      'launch.md',
      readFileSync(join(desk.directory, 'launch.md'), 'utf8')
        .replace('rm not-there', 'rm copied')
        .replace('exit == 0', 'exit exists'),
    );
    const { report, file } = await desk.rehearse();
    expect(report.controls).toMatchObject([{ of: 'return-1', outcome: 'pass' }]);
    expect(report.passed).toBe(false);
    keep('blind', file);
    expect((await desk.check('rehearsed')).facts).toMatchObject({ passed: 0, last: 'failed' });
  });
});
