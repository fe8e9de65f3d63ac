import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readJson } from './run-desk.ts';
import { startRunShop } from './start-run-shop.ts';
import { startSmallLaunch } from './start-small-launch.ts';

interface Report {
  passed: boolean;
  passes: {
    id: string;
    passed: boolean;
    state: string;
    findings: string[];
    wayBack: { rollbackMs: number | null } | null;
  }[];
}

const ids = ['forward', 'way-back', 'fails', 'times_out', 'crash_before', 'crash_after', 'owner_absent'];
const small = startSmallLaunch();
beforeAll(() => small.hold());
afterAll(() => small.stop());

/** A move with a way back; `parts` is what one case makes worse. */
function toMove({ move = 'touch moved', back = 'rm moved' } = {}): string {
  const program = (script: string): string =>
    `\n   \`\`\`sh timeout=1m interrupted=rerun retries=1\n   ${script}\n   \`\`\`\n`;
  return `## Runbook

### T-1h Move

1. Move {#move undo=move-back}
${program(move)}
### T+1h Look

1. [HUMAN] Look at it {#look role=lead}

## Rollback

1. Move back {#move-back}
${program(back)}`;
}

async function rehearse(sections: string): Promise<{ exit: number | null; report: Report; text: string }> {
  small.write(sections);
  const ended = await small.desk.as('alice', 'rehearse', '--quick', '--json');
  return { exit: ended.exit, report: readJson(ended) as Report, text: ended.stdout };
}

describe('a rehearsal of the shop by the command line', { timeout: 800_000 }, () => {
  it('C07 D08 goes forward, back and through every planted fault in staging, and production stays as it was', async () => {
    const world = await startRunShop();
    try {
      const { desk, launch } = world;
      const ended = await desk.as('alice', 'rehearse', '--environment', 'staging', '--json');
      const { passed, passes } = readJson(ended) as Report;
      expect(passes.flatMap(({ findings }) => findings)).toEqual([]);
      expect([ended.exit, passed, passes.map(({ id }) => id)]).toEqual([0, true, ids]);
      const back = passes.find(({ id }) => id === 'way-back');
      expect(back?.state).toBe('rolled_back');
      expect(back?.wayBack?.rollbackMs).toBeGreaterThan(0);
      for (const environment of ['production', 'staging'])
        expect(existsSync(join(launch.directory, 'data', environment, 'legacy-is-read-only'))).toBe(false);
      expect([world.countOrders('legacy'), world.countOrders('new')]).toEqual([200, 200]);
      expect(world.readMigrations()).toEqual([]);
      expect(await desk.refused('alice', 'rehearse')).toMatchObject({
        exit: 6,
        message: expect.stringContaining('production'),
      });
    } finally {
      await world.stop();
    }
  });
});

describe('a rehearsal of a plan with a flaw', { timeout: 300_000 }, () => {
  it('C07 passes where there is none, which shows that the cases below fail for their flaw', async () => {
    const { exit, report } = await rehearse(toMove());
    expect([exit, report.passes.map(({ id, state }) => [id, state])]).toEqual([
      0,
      [
        ['forward', 'completed'],
        ['way-back', 'rolled_back'],
      ],
    ]);
    expect(existsSync(small.at('moved'))).toBe(false);
  });

  it('C07 says that a quick one counts for nothing, and names what was rehearsed and is in no commit', async () => {
    small.write(toMove());
    const outside = await small.desk.done('alice', 0, 'rehearse', '--quick');
    expect(outside.stdout).toContain('it counts for nothing: it was a quick one, without faults');
    expect(outside.stdout).toContain('whether its files are those of the commit cannot be told');
    const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: small.directory, stdio: 'pipe' });
    git('init', '-q');
    git('add', 'launch.md');
    git('-c', 'user.name=alice', '-c', 'user.email=alice@example.org', 'commit', '-q', '-m', 'first');
    writeFileSync(small.at('.git/info/exclude'), '.keys\n.tminus\n');
    writeFileSync(small.at('freeze.sh'), 'echo freeze\n');
    const inside = await small.desk.done('alice', 0, 'rehearse', '--quick');
    expect(inside.stdout).toContain('rehearsed with 1 file that is not committed: freeze.sh\n');
  });

  it('C07 does not pass where a step fails, and names it', async () => {
    const { exit, report } = await rehearse(toMove({ move: 'echo lost 3 orders >&2; exit 3' }));
    expect([exit, report.passed]).toEqual([4, false]);
    expect(report.passes[0]?.findings.join(' ')).toMatch(/move failed: sh: expected exit status 0, got exit status 3/);
  });

  it('C17 does not pass where the way back cannot be gone, and names its step', async () => {
    const { exit, report } = await rehearse(toMove({ back: 'rm moved-elsewhere' }));
    expect([exit, report.passes.map(({ id, passed }) => [id, passed])]).toEqual([
      4,
      [
        ['forward', true],
        ['way-back', false],
      ],
    ]);
    expect(report.passes[1]?.findings.join(' ')).toContain('move-back');
  });

  it('C07 is refused where a step names a host of production, before anything runs', async () => {
    small.write(toMove({ move: 'touch reached; curl http://127.0.0.1:9/move' }));
    const refused = await small.desk.refused('alice', 'rehearse', '--quick', '--in-place');
    expect(refused).toMatchObject({ exit: 6, code: 'run_refused', message: expect.stringContaining('move') });
    expect(existsSync(small.at('reached'))).toBe(false);
  });
});
