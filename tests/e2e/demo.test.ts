import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { playStory } from '../../src/cli/commands/demo.ts';
import { openServer } from '../../src/server/open-server.ts';
import { openTerminal } from '../../src/cli/terminal.ts';
import { checkKinds } from '../../src/kinds/checks/kinds.ts';
import { stepKinds } from '../../src/kinds/steps/kinds.ts';
import { stepReaders } from '../../src/kinds/steps/readers.ts';
import { runTminus } from './run-tminus.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tminus-demo-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Story {
  asTold: boolean;
  scenes: { id: string; state: string; fault: string | null }[];
  performed: { command: string; exit: number; output: string }[];
}

const proof = [
  'read',
  'check',
  'no-go',
  'fix',
  'import',
  'spoil',
  'repair',
  'rehearse',
  'sign',
  'go',
  'prove',
  'tamper',
];
const launch = ['order', 'fail', 'mend', 'shift', 'undo'];

describe('tminus demo', () => {
  it('F13 T32 takes a real launch through NO-GO, fix, GO, an offline proof and one changed byte, runs it with people in it, takes a bad candidate back by itself, shifts all customers to the mended one and takes everything back', async () => {
    const out = join(folder, 'told');
    const run = await runTminus(folder, ['demo', '--unattended', '--out', out, '--json']);
    const story = JSON.parse(run.stdout) as Story;
    // What was printed last says why, where the story went otherwise.
    expect(story.asTold ? '' : story.performed.at(-1)?.output).toBe('');
    expect(story.scenes.map(({ id, state, fault }) => [id, state, fault])).toEqual(
      [...proof, ...launch].map((id) => [id, 'as told', null]),
    );
    expect(run.exit).toBe(0);
    const files = [
      'launch/launch.md',
      'bundle/decision.json',
      'tminus-verify.mjs',
      'kept-elsewhere.txt',
      'go.html',
      'no-go.html',
    ];
    expect(files.filter((file) => !existsSync(join(out, file)))).toEqual([]);
    expect(story.performed.map(({ exit }) => exit).slice(0, 28)).toEqual([
      0, 4, 4, 4, 0, 0, 0, 4, 1, 4, 4, 0, 0, 0, 0, 1, 0, 0, 0, 6, 0, 5, 0, 0, 0, 0, 0, 4,
    ]);
    const shifts = story.performed
      .filter(({ command }) => command === 'tminus rollout status')
      .map(({ output }) => output);
    expect(shifts[0]).toMatch(
      /rolled-back, canary 0 %[\s\S]*; \d+ requests went to the new version\n.*errors: FAIL: Of \d+ errors/u,
    );
    expect(shifts.at(-1)).toMatch(/completed, canary 100 %/u);
    for (const weight of [5, 25, 50, 100])
      expect(shifts.at(-1)).toMatch(
        new RegExp(`✓ +${weight} % .*passed after .* requests exposed; errors PASS: 0 of `, 'u'),
      );
    const last = story.performed.findLast(({ command }) => command.startsWith('tminus status run-'));
    expect(last?.output).toMatch(
      /✓ switch-name-back .*\n.*✓ customers-back .*\n.*✓ restore-orders .*\n.*✓ legacy-writable .*\n.*✓ unfreeze/u,
    );
    // The page of the NO-GO carries what the terminal said.
    expect(readFileSync(join(out, 'no-go.html'), 'utf8')).toContain('its cases add up to 9');
    expect((await runTminus(folder, ['demo', '--unattended', '--out', out])).exit).toBe(2);
  }, 900_000);

  it('exits 1 and names the scene where the story goes otherwise (negative control)', async () => {
    const sink = { write: () => true };
    const shell = {
      terminal: openTerminal(sink, sink, { NO_COLOR: '1' }),
      directory: folder,
      env: process.env,
      installation: join(import.meta.dirname, '../..'),
      version: '0.0.0',
      loadKinds: () => Promise.resolve(checkKinds),
      loadStepKinds: () => Promise.resolve(stepKinds),
      loadReaders: () => Promise.resolve({ checks: checkKinds, steps: stepReaders }),
      signal: new AbortController().signal,
      openServer,
    };
    const result = await playStory(shell, { unattended: true, out: join(folder, 'otherwise') }, { flawed: false });
    expect(result.exit).toBe(1);
    const { scenes } = result.json as Story;
    expect(scenes.map(({ state }) => state)).toEqual([
      'as told',
      'otherwise',
      ...Array.from({ length: proof.length + launch.length - 2 }, () => 'not played'),
    ]);
    expect(scenes[1]?.fault).toBe(
      'tminus check: expected "fail        api-health" in what it prints, got something else',
    );
  }, 500_000);
});
