import { existsSync, rmSync, writeFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readJson, waitFor } from './run-desk.ts';
import { startSmallLaunch } from './start-small-launch.ts';

const small = startSmallLaunch();
const { desk, at } = small;

const set = (id: string, script: string): string =>
  `1. Set it {#${id}}\n\n   \`\`\`sh timeout=1m on-fail=fail interrupted=rerun\n   ${script}\n   \`\`\`\n`;
const seen = (id: string, file: string): string =>
  `2. It is seen {#${id}}\n\n   \`\`\`yaml step timeout=1m on-fail=fail\n   kind: check\n   check: { kind: file, path: ${file}, expect: [exists == true] }\n   \`\`\`\n`;
const back = (id: string, kind: string, steps: string): string =>
  `## Rollback: ${id} {#${id}}\n\n\`\`\`yaml rollback\nkind: ${kind}\n\`\`\`\n\n${steps}\n`;
const sections = [
  back('checkout-off', 'switch', set('off', 'touch off') + seen('off-seen', 'off')),
  back('nothing-off', 'switch', set('none', 'true') + seen('none-seen', 'never')),
  back(
    'by-steps',
    'graceful',
    set('one', 'echo one >> steps; while [ -e slow ]; do sleep 0.1; done; touch through') + seen('one-seen', 'through'),
  ),
].join('');

interface Begun {
  begun: { id: string; repeated: boolean };
  tookMs: number;
  withinMs: number;
  run: { run: { state: string } };
}

beforeAll(async () => {
  await small.hold();
  small.write(sections);
});
afterAll(() => small.stop());

describe('going back by the command line', { timeout: 240_000 }, () => {
  const why = ['--reason', 'the till does not print'];

  it('O28 drill takes one way back by the clock and leaves its report; one that is there already proves nothing', async () => {
    expect(await desk.refused('vera', 'drill', 'checkout-off')).toMatchObject({ exit: 6, code: 'permission_denied' });
    expect(existsSync(at('off'))).toBe(false);
    const report = at('drill.json');
    const drilled = await desk.as('alice', 'drill', 'checkout-off', '--in-place', '--out', report, '--json');
    const { judgement, withinMs } = readJson(drilled) as { judgement: { tookMs: number }; withinMs: number };
    // A machine under load may be later than a switch may be: that is said, and never passed over.
    expect([drilled.exit, existsSync(report)]).toEqual([judgement.tookMs > withinMs ? 4 : 0, true]);
    expect(await desk.refused('alice', 'drill', 'checkout-off', '--out', report)).toMatchObject({
      exit: 2,
      code: 'output_exists',
    });
    const again = await desk.as('alice', 'drill', 'checkout-off', '--in-place');
    expect([again.exit, again.stdout]).toEqual([4, expect.stringContaining('off-seen was content before')]);
    rmSync(at('off'));
  });

  it('F16 kill flips a switch and sees it; what is none, nobody may or has no reason flips nothing; one that is not seen fails', async () => {
    expect(await desk.refused('vera', 'kill', 'checkout-off', ...why)).toMatchObject({
      exit: 6,
      code: 'permission_denied',
    });
    expect(await desk.refused('alice', 'kill', 'by-steps', ...why)).toMatchObject({ exit: 2, code: 'usage' });
    expect((await desk.as('alice', 'kill', 'checkout-off')).exit).toBe(2);
    expect([existsSync(at('off')), existsSync(at('steps'))]).toEqual([false, false]);
    const killed = await desk.as('alice', 'kill', 'checkout-off', ...why, '--json');
    const { run, tookMs, withinMs } = readJson(killed) as Begun;
    expect([run.run.state, withinMs, existsSync(at('off'))]).toEqual(['completed', 5_000, true]);
    expect(killed.exit).toBe(tookMs > withinMs ? 4 : 0);
    const blind = await desk.as('alice', 'kill', 'nothing-off', ...why, '--json');
    expect([blind.exit, (readJson(blind) as Begun).run.run.state]).toEqual([4, 'failed']);
  });

  it('O29 F71 a way back whose process is killed in the middle is asked for again: the same run goes on to its end', async () => {
    expect(await desk.refused('vera', 'rollback', 'start', 'by-steps', ...why)).toMatchObject({
      exit: 6,
      code: 'permission_denied',
    });
    expect((await desk.refused('alice', 'rollback', 'start', 'nowhere', ...why)).exit).not.toBe(0);
    expect(existsSync(at('steps'))).toBe(false);
    writeFileSync(at('slow'), '');
    const key = ['--as', 'alice', '--key', '.keys/alice.pem'];
    const first = desk.start('rollback', 'start', 'graceful', ...why, ...key);
    await waitFor('a step that has begun', () => existsSync(at('steps')), 100_000);
    first.process.kill('SIGKILL');
    await first.ended;
    expect((await desk.tminus('rollback', 'status')).stdout).toMatch(
      /by-steps \(graceful.*\n.* running since .*: 0 of 2 steps, next: Set it/,
    );
    rmSync(at('slow'));
    const ended = await desk.done('alice', 0, 'rollback', 'start', 'by-steps', ...why, '--json');
    const { begun, run } = readJson(ended) as Begun;
    expect([begun.repeated, run.run.state]).toEqual([true, 'completed']);
    const { run: whole } = await desk.status(begun.id);
    expect([whole.steps['one']?.attempt, existsSync(at('through'))]).toEqual([2, true]);
  });
});
