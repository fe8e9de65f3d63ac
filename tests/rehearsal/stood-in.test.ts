import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDesk } from './open-desk.ts';
import type { Desk } from './open-desk.ts';

const body = `## Gate: ready {#ready phase=T+0 fresh=1d}

- [ ] The runbook was rehearsed {#rehearsed}

  \`\`\`yaml check
  kind: rehearsal
  procedure: runbook
  times: 1
  \`\`\`

## Runbook

1. [HUMAN] Switch the name {#switch role=lead undo=switch-back}
2. [HUMAN] Say that it is done {#tell role=lead}

## Rollback

1. [HUMAN] Switch it back {#switch-back role=lead}
`;

describe('a rehearsal of what only people do', { timeout: 400_000 }, () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await openDesk(body);
  });
  afterAll(() => desk.close());

  it('law 9 goes through by stand-ins, says so, and counts for nothing', async () => {
    const { report, partial, file } = await desk.rehearse();
    expect(report.passes.map(({ id, worked, stoodIn }) => [id, worked, stoodIn.length > 0])).toContainEqual([
      'forward',
      [],
      true,
    ]);
    expect(partial).toBe('no worker did a step in it: people were stood in for');
    desk.write('reports/rehearsals/full.json', file);
    const record = await desk.check('rehearsed');
    expect(record.judgement.outcome).toBe('unknown');
    expect(record.trouble?.message).toContain('no worker did a step in it');
  });
});
