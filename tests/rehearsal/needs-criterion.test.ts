import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDesk, until } from './open-desk.ts';
import type { Desk } from './open-desk.ts';

const body = `## Gate: safe to write {#safe phase=T+1h fresh=1d}

- [ ] There is a backup {#backup fresh=1h}

  \`\`\`yaml check
  kind: file
  path: backup.tar
  \`\`\`

- [ ] The identity provider lets everybody sign in at once {#budget fresh=1h}

  \`\`\`yaml check
  kind: json
  path: budget.json
  expect: [json.left >= 1240]
  \`\`\`

## Gate: deletion {#deletion phase=T+180d fresh=1d}

- [ ] Everybody was told fourteen days before {#notice fresh=30d}

  \`\`\`yaml check
  kind: json
  path: notice.json
  expect: [json.daysBefore >= 14]
  \`\`\`

## Runbook

1. Look {#look}

   \`\`\`sh
   touch looked
   \`\`\`

2. Let everybody sign in again {#open needs=budget}

   \`\`\`sh
   touch open
   \`\`\`

3. Change the schema {#migrate needs=backup,look}

   \`\`\`sh
   touch migrated
   \`\`\`

4. Delete what nobody claimed {#delete needs=notice,migrate,open reversible=no}

   \`\`\`sh
   touch deleted
   \`\`\`
`;

// One run: the cases follow each other, as the people of the launch would go.
describe('a step that needs a criterion', { timeout: 400_000 }, () => {
  let desk: Desk;
  let run: string;
  const isThere = (file: string): boolean => existsSync(join(desk.directory, file));
  const stateOf = async (step: string): Promise<string | undefined> => (await desk.run(run)).steps[step]?.state;
  const isNoted = (text: string) => async (): Promise<boolean> =>
    (await desk.notes(run)).some((note) => note.includes(text));

  beforeAll(async () => {
    desk = await openDesk(body);
  });
  afterAll(() => desk.close());

  it('D34 D06 is refused by name while the backup is older than it may be, although it was seen', async () => {
    desk.write('backup.tar', 'orders');
    await desk.checkOfOld('backup', 'staging', 2);
    run = await desk.start();
    await until('a note that names the backup', isNoted('it needs backup'));
    expect([await stateOf('look'), await stateOf('migrate')]).toEqual(['done', 'ready']);
    expect([isThere('looked'), isThere('migrated')]).toEqual([true, false]);
  });

  it('C20 waits for a budget that is large enough, and is refused on one that is not', async () => {
    desk.write('budget.json', '{"left": 900}');
    expect((await desk.check('budget', 'staging')).judgement.outcome).toBe('fail');
    await until('a note that names the budget', isNoted('it needs budget'));
    expect([await stateOf('open'), isThere('open')]).toEqual(['ready', false]);
    desk.write('budget.json', '{"left": 1240}');
    expect((await desk.check('budget', 'staging')).judgement.outcome).toBe('pass');
  });

  it('D34 C20 goes on by itself once backup and budget are as they have to be, and C28 the deletion after it is refused without proof of notice', async () => {
    expect((await desk.check('backup', 'staging')).judgement.outcome).toBe('pass');
    await until('the change of the schema', async () => (await stateOf('migrate')) === 'done');
    await until('people who can sign in', async () => (await stateOf('open')) === 'done');
    expect([isThere('migrated'), isThere('open')]).toEqual([true, true]);
    await until('a note that names the notice', isNoted('it needs notice'));
    expect([await stateOf('delete'), isThere('deleted')]).toEqual(['ready', false]);
  });

  it('C28 a notice that was too late is none, and one in time lets it begin', async () => {
    desk.write('notice.json', '{"daysBefore": 9}');
    expect((await desk.check('notice', 'staging')).judgement.outcome).toBe('fail');
    desk.write('notice.json', '{"daysBefore": 14}');
    expect((await desk.check('notice', 'staging')).judgement.outcome).toBe('pass');
    await until('the deletion', async () => (await stateOf('delete')) === 'done');
    expect((await desk.run(run)).state).toBe('completed');
  });
});
