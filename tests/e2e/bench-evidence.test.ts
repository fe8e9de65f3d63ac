import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { commitAll, runTminus } from './run-tminus.ts';

const directory = mkdtempSync(join(tmpdir(), 'tminus-bench-evidence-'));
const results = join(directory, 'bench/results');
const file = join(results, 'decision.json');

interface Result {
  machine?: string;
  goals: { met: boolean };
  decideAll: { medianMs: number; samplesMs?: number[] };
}

let measured = '';

/** Exit of the check that bench/README.md shows, over a result that was changed, and what it printed. */
async function checkWith(change: (result: Result) => void): Promise<{ exit: number | null; stdout: string }> {
  const result = JSON.parse(measured) as Result;
  change(result);
  writeFileSync(file, JSON.stringify(result));
  return runTminus(directory, ['check', 'performance', '--force']);
}

beforeAll(async () => {
  mkdirSync(results, { recursive: true });
  // Exits 1 where the goals are missed on a busy machine; the result is written all the same, and says so.
  await promisify(execFile)(process.execPath, ['bench/run-bench.ts', 'decision', '--out', results]).catch(
    (error: { code?: number }) => {
      if (error.code !== 1) throw error;
    },
  );
  measured = readFileSync(file, 'utf8');
  const page = readFileSync('bench/README.md', 'utf8');
  const criterion = /^`{4}markdown\n([\s\S]*?)^`{4}$/m.exec(page)?.[1];
  if (criterion === undefined) throw new Error('bench/README.md shows no criterion');
  const front = '---\ntminus: launch\nid: bench\nenvironment: production\n---\n\n# Bench\n\n';
  writeFileSync(join(directory, 'launch.md'), `${front}## Gate: ready for T-0 {#ready fresh=1h}\n\n${criterion}`);
  commitAll(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('a bench result as evidence', () => {
  it('O22 passes where the goals were met, and the raw samples are kept with the machine they were measured on', async () => {
    const run = await checkWith((result) => (result.goals.met = true));
    expect([run.exit, run.stdout]).toEqual([0, expect.stringContaining('pass')]);
    const list = JSON.parse((await runTminus(directory, ['evidence', 'list', '--json'])).stdout) as { id: string }[];
    const id = list.at(-1)?.id.slice(0, 12) ?? '';
    const kept = await runTminus(directory, ['evidence', 'show', id, '--source', 'bench/results/decision.json']);
    expect(kept.stdout.trim()).toBe(readFileSync(file, 'utf8'));
    const { machine, decideAll } = JSON.parse(kept.stdout) as Result;
    expect(machine).toMatch(/Node v\d/);
    expect(decideAll.samplesMs?.length).toBeGreaterThanOrEqual(20);
  });

  it('O22 as measured, it says what the bench said', async () => {
    writeFileSync(file, measured);
    const { met } = (JSON.parse(measured) as Result).goals;
    expect((await runTminus(directory, ['check', 'performance', '--force'])).exit).toBe(met ? 0 : 4);
  });

  it.each([
    ['goals that were missed', (result: Result) => (result.goals.met = false), 'json.goals.met == true'],
    ['no machine', (result: Result) => delete result.machine, 'json.machine matches'],
    ['no samples', (result: Result) => delete result.decideAll.samplesMs, 'json.decideAll.samplesMs.length >= 20'],
    ['one sample', (result: Result) => (result.decideAll.samplesMs = [1]), 'json.decideAll.samplesMs.length >= 20'],
  ])('O22 does not pass with %s, and says so', async (_, change, rule) => {
    const run = await checkWith((result) => {
      result.goals.met = true;
      change(result);
    });
    expect(run.exit).toBe(4);
    expect(run.stdout).toContain(rule);
  });

  it('O22 does not pass without a result', async () => {
    rmSync(file);
    expect((await runTminus(directory, ['check', 'performance', '--force'])).exit).toBe(4);
  });
});
