import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { commitAll, runTminus } from './run-tminus.ts';

const top = mkdtempSync(join(tmpdir(), 'tminus-render-'));
const directory = join(top, 'launch');
mkdirSync(directory);
afterAll(() => rmSync(top, { recursive: true, force: true }));

// Every line end and a tick: what is not a result may not change by a byte.
const lines = [
  '---',
  'tminus: launch',
  'id: library',
  'environment: production',
  'people:',
  '  ann: { name: Ann }',
  'roles:',
  '  lead: [ann]',
  '---',
  '',
  '# Library',
  '',
  '## Gate: ready for T-0 {#ready fresh=1h}',
  '',
  '- [x] Loans are counted {#loans}',
  '  - [ ] Open loans {#open-loans}',
  '',
  '    ```sh',
  '    true',
  '    ```',
  '',
  '  - [ ] Overdue loans {#overdue-loans}',
  '',
  '    ```sh',
  '    exit 3',
  '    ```',
  '',
  '- [x] [HUMAN] The desk agrees {#desk role=lead}',
  '',
  'See [notes](notes.md).',
  '',
  '## T-0 Switch',
  '',
];
const documents = new Map([
  ['launch.md', lines.join('\r\n')],
  ['notes.md', '# Notes\n\n- [x] nothing of ours\n'],
]);
for (const [path, text] of documents) writeFileSync(join(directory, path), text);
commitAll(directory);

const bytesOf = (folder: string): string[] =>
  [...documents.keys()].map((path) => readFileSync(join(folder, path), 'utf8'));

// The cases follow each other: nothing has happened, then one check passed and one failed.
describe('tminus render', () => {
  it('F01 law 13: without evidence the copies are the documents, byte for byte', async () => {
    const run = await runTminus(directory, ['render', '--out', '../before']);
    expect(run.exit).toBe(0);
    expect(run.stdout).toBe('2 documents in ../before, 0 badges\n');
    expect(bytesOf(join(top, 'before'))).toEqual([...documents.values()]);
  });

  it('F01 law 13: shows the standing of what was looked at beside its line, and writes nothing into the source', async () => {
    expect((await runTminus(directory, ['check', 'open-loans', 'overdue-loans'])).exit).toBe(4);
    expect((await runTminus(directory, ['render', '--out', '../after'])).exit).toBe(0);
    const rendered = readFileSync(join(top, 'after/launch.md'), 'utf8').split('\r\n');
    const changed = rendered.flatMap((line, at) => (line === lines[at] ? [] : [line]));
    const evidence = String.raw`ev-[0-9a-f]{8}, \d{4}-\d\d-\d\dT[\d:.]+Z`;
    expect(changed).toEqual([
      expect.stringMatching(/^- \[x\] Loans are counted \{#loans\} — \*\*FAIL\*\* \(failed, 1 of 2 met\)$/),
      expect.stringMatching(new RegExp(String.raw`^  - \[ \] Open loans .* — \*\*PASS\*\* \(met, ${evidence}\)$`)),
      expect.stringMatching(
        new RegExp(String.raw`^  - \[ \] Overdue loans .* — \*\*FAIL\*\* \(failed, ${evidence}\)$`),
      ),
    ]);
    expect(rendered).toHaveLength(lines.length);
    expect(readFileSync(join(top, 'after/notes.md'), 'utf8')).toBe(documents.get('notes.md'));
    expect(bytesOf(directory)).toEqual([...documents.values()]);
  });

  it('F01 prints the copies where no folder is named, and the badges as JSON', async () => {
    const run = await runTminus(directory, ['render']);
    expect(run.stdout).toContain('==> launch.md <==');
    expect(run.stdout).toContain('Loans are counted {#loans} — **FAIL**');
    const { badges } = JSON.parse((await runTminus(directory, ['render', '--json'])).stdout) as {
      badges: { line: number; outcome: string }[];
    };
    expect(badges.map(({ line, outcome }) => [line, outcome])).toEqual([
      [15, 'fail'],
      [16, 'pass'],
      [22, 'fail'],
    ]);
  });

  it.each([
    ['the source itself', '.'],
    ['a folder in which the copies would be a second launch', 'status'],
    ['a folder with files', '../after'],
  ])('F01 law 13: %s is refused', async (_, out) => {
    expect((await runTminus(directory, ['render', '--out', out])).exit).toBe(2);
    expect(bytesOf(directory)).toEqual([...documents.values()]);
    expect((await runTminus(directory, ['decide'])).exit).toBe(4);
  });
});
