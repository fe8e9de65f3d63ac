import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { demo } from '../../src/cli/commands/demo.ts';
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

const proof = ['read', 'check', 'no-go', 'fix', 'rehearse', 'sign', 'go', 'prove', 'tamper'];
const launch = ['order', 'run', 'undo'];

describe('tminus demo', () => {
  it('F13 T32 takes a real launch through NO-GO, fix, GO, an offline proof and one changed byte, runs it with people in it and takes it back', async () => {
    const out = join(folder, 'told');
    const run = await runTminus(folder, ['demo', '--unattended', '--out', out, '--json']);
    const story = JSON.parse(run.stdout) as Story;
    expect(story.scenes.map(({ id, state }) => [id, state])).toEqual(
      [...proof, ...launch].map((id) => [id, 'as told']),
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
    expect(story.performed.map(({ exit }) => exit).slice(0, 16)).toEqual([
      0, 4, 4, 4, 0, 0, 0, 6, 0, 5, 0, 0, 0, 0, 0, 4,
    ]);
    const last = story.performed.findLast(({ command }) => command === 'tminus status');
    expect(last?.output).toMatch(/✓ switch-name-back .*\n.*✓ restore-orders .*\n.*✓ legacy-writable .*\n.*✓ unfreeze/u);
    // The page of the NO-GO carries what the terminal said.
    expect(readFileSync(join(out, 'no-go.html'), 'utf8')).toContain('its cases add up to 9');
    expect((await runTminus(folder, ['demo', '--unattended', '--out', out])).exit).toBe(2);
  }, 360_000);

  it('exits 1 and names the scene where the story goes otherwise (negative control)', async () => {
    const sink = { write: () => true };
    const shell = {
      terminal: openTerminal(sink, sink, { NO_COLOR: '1' }),
      directory: folder,
      env: process.env,
      installation: join(import.meta.dirname, '../..'),
      version: '0.0.0',
      kinds: checkKinds,
      stepKinds,
      readers: { checks: checkKinds, steps: stepReaders },
      signal: new AbortController().signal,
    };
    const result = await demo(shell, { unattended: true, out: join(folder, 'otherwise') }, { flawed: false });
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
  }, 120_000);
});
