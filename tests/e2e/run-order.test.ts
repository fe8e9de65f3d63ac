import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

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

beforeAll(() => small.hold());
afterAll(() => small.stop());

/** Documents that the worker has read, as "queue" names them; empty while none is there. */
const readCheckout = async (): Promise<string> =>
  /small@[0-9a-f]{12}/.exec((await desk.tminus('queue')).stdout)?.[0] ?? '';

async function untilCheckout(isSo: (checkout: string) => boolean): Promise<void> {
  await expect.poll(async () => isSo(await readCheckout()), { timeout: 60_000, interval: 250 }).toBe(true);
}

describe('an order of a run', { timeout: 300_000 }, () => {
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
      exit: 2,
      code: 'usage',
      message: expect.stringContaining('expected one of production, staging, got nowhere'),
    });
    const stranger = await desk.tminus('run', '--detach', '--as', 'mallory', '--key', '.keys/alice.pem', '--json');
    expect(stranger.exit).toBe(6);
    const wrongKey = await desk.tminus('run', '--detach', '--as', 'alice', '--key', '.keys/bot.pem', '--json');
    expect(wrongKey.exit).toBe(6);
  });

  it('O02 law 10 a run that nobody could ever approve is not made, so that none waits for ever', async () => {
    const wish = ['run', '--detach', '--environment', 'production', '--reason', 'the evening'];
    expect(await desk.refused('alice', ...wish)).toMatchObject({
      exit: 6,
      code: 'approval_refused',
      message: expect.stringContaining('nobody knows who wrote the change'),
    });
    const { runs } = readJson(await desk.tminus('status', '--all', '--json')) as { runs: { id: string }[] };
    expect(runs.map(({ id }) => id)).toEqual([run]);
  });

  it('O15 the last cursor goes on where it was read, and a cursor or type that is none is refused', async () => {
    const { events, cursor } = await desk.events(run);
    expect(events.map(({ type, part }) => [type, part])).toContainEqual(['execution.created', 0]);
    expect(cursor).toBe(events.at(-1)?.cursor);
    expect(await desk.events(run, cursor)).toEqual({ events: [], cursor });
    for (const wrong of [
      ['--after', 'x'],
      ['--after', '-1'],
      ['--type', 'stepp'],
      ['--type', 'step.'],
    ])
      expect(await desk.refused('alice', 'events', run, ...wrong)).toMatchObject({ exit: 2, code: 'usage' });
    const made = readJson(await desk.tminus('events', run, '--type', 'execution', '--json')) as { events: object[] };
    expect(made.events).toHaveLength(events.filter(({ type }) => type.startsWith('execution.')).length);
    expect(made.events.length).toBeGreaterThan(0);
  });

  it('O12 who looks at it is told that no worker is there; then that one is', async () => {
    expect((await desk.tminus('queue')).stdout).toContain('none: start one with "tminus worker"');
    await desk.startWorker('--slots', '2');
    await untilCheckout((now) => now !== '');
    expect((await desk.tminus('queue')).stdout).toMatch(/working, 2 slots, small@[0-9a-f]{12}/);
    expect((await desk.tminus('queue')).stdout).not.toContain('none');
  });

  it('F70 a step is kept back while the documents differ from those of the run, and status says why', async () => {
    await desk.untilStep('look', 'waiting_human');
    const before = readFileSync(at('launch.md'), 'utf8');
    const checkout = await readCheckout();
    writeFileSync(at('launch.md'), before.replace('echo done', 'echo something else'));
    await untilCheckout((now) => now !== '' && now !== checkout);
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

  it('O06 nothing that was said is left out, and nothing that was not said is taken for granted', async () => {
    const why = ['--reason', 'looked into'];
    for (const [expected, ...words] of [
      ['--done or --failed, got neither', 'settle', 'count'],
      ['--all: expected it alone', 'cancel', run, '--all'],
      ['--scope launch: expected it alone', 'hold', '--scope', 'launch', '--step', 'count'],
      ['--step: expected it alone', 'hold', '--step', 'count', '--asset', 'orders'],
    ] as const)
      expect(await desk.refused('alice', ...words, ...why)).toMatchObject({
        exit: 2,
        code: 'usage',
        message: expect.stringContaining(expected),
      });
    expect(await desk.tminus('worker', '--grace', 'long', '--json')).toMatchObject({ exit: 2 });
  });

  it('O11 dead letters: none are there, and who names one that is none is told so', async () => {
    expect((await desk.tminus('dead', 'list')).stdout).toBe('no dead letters\n');
    const none = ['--reason', 'looked into', '--all', '--dry-run'];
    expect((await desk.done('alice', 0, 'dead', 'requeue', ...none)).stdout).toBe('would requeue 0\n');
    expect(await desk.refused('alice', 'dead', 'archive', 'no-such-letter', '--reason', 'x')).toMatchObject({
      exit: 2,
      code: 'usage',
    });
    // Which of the two is meant nobody can know; all of them would be too many.
    expect(await desk.refused('alice', 'dead', 'requeue', 'no-such-letter', ...none)).toMatchObject({
      exit: 2,
      message: 'dead letters: expected ids or --all, got --all and no-such-letter',
    });
  });
});
