import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { afterAll, describe, expect, it } from 'vitest';

import { readJson } from './run-desk.ts';
import { startSmallLaunch } from './start-small-launch.ts';

const small = startSmallLaunch();
const { desk, at } = small;
let run = '';

const sections = `## Runbook

1. [HUMAN] Look out of the window {#look role=lead}
2. Count {#count}

   \`\`\`sh timeout=1m
   echo done >> counted
   \`\`\`
`;

afterAll(() => small.stop());

describe('an order of a run', { timeout: 120_000 }, () => {
  it('O03 the same order twice, at the same moment or later, is one run', async () => {
    small.write(sections);
    const both = await Promise.all([desk.order('alice', 5), desk.order('alice', 5)]);
    run = await desk.order('alice', 5);
    expect(both).toEqual([run, run]);
    const { runs } = readJson(await desk.tminus('status', '--all', '--json')) as { runs: { id: string }[] };
    expect(runs.map(({ id }) => id)).toEqual([run]);
  });

  it('O05 nobody orders a run who may not, for an environment that is none, or without a key', async () => {
    expect(await desk.refused('alice', 'run', '--environment', 'nowhere')).toMatchObject({
      exit: 3,
      code: 'candidate_unknown',
      message: expect.stringContaining('nowhere'),
    });
    const stranger = await desk.tminus('run', '--detach', '--as', 'mallory', '--key', '.keys/alice.pem', '--json');
    expect(stranger.exit).toBe(6);
    const wrongKey = await desk.tminus('run', '--detach', '--as', 'alice', '--key', '.keys/bot.pem', '--json');
    expect(wrongKey.exit).toBe(6);
  });

  it('O12 who looks at it is told that no worker is there; then that one is', async () => {
    expect((await desk.tminus('queue')).stdout).toContain('none: start one with "tminus worker"');
    await desk.startWorker('--slots', '2');
    expect((await desk.tminus('queue')).stdout).toMatch(/working, 2 slots, small@[0-9a-f]{12}/);
    expect((await desk.tminus('queue')).stdout).not.toContain('none');
  });

  it('F70 a step is kept back while the documents differ from those of the run, and status says why', async () => {
    await desk.untilStep('look', 'waiting_human');
    const before = readFileSync(at('launch.md'), 'utf8');
    writeFileSync(at('launch.md'), before.replace('echo done', 'echo something else'));
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await desk.done('alice', 0, 'confirm', 'look');
    await desk.until('why it is kept back', ({ notes }) =>
      notes.some(({ step, body }) => step === 'count' && body.includes('the documents changed')),
    );
    expect((await desk.tminus('status')).stdout).toContain('the documents changed since the run was made');
    expect(existsSync(at('counted'))).toBe(false);
    writeFileSync(at('launch.md'), before);
    await desk.until('an end', (seen) => seen.run.state === 'completed', { run });
    expect(readFileSync(at('counted'), 'utf8')).toBe('done\n');
    expect((await desk.tminus('status', run)).exit).toBe(0);
  });

  it('O11 dead letters: none are there, and who names one that is none is told so', async () => {
    expect((await desk.tminus('dead', 'list')).stdout).toBe('no dead letters\n');
    const none = ['--reason', 'looked into', '--all', '--dry-run'];
    expect((await desk.done('alice', 0, 'dead', 'requeue', ...none)).stdout).toBe('would requeue 0\n');
    expect(await desk.refused('alice', 'dead', 'archive', 'no-such-letter', '--reason', 'x')).toMatchObject({
      exit: 2,
      code: 'usage',
    });
  });
});
