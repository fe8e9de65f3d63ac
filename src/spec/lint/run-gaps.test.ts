import { describe, expect, it } from 'vitest';

import { checkReaders } from '../../kinds/checks/readers.ts';
import { stepReaders } from '../../kinds/steps/readers.ts';
import { lintDocuments } from './lint-documents.ts';

const codes = [
  'step-without-undo',
  'undo-ends-at-return',
  'hold-without-release',
  'recurring-without-owner',
  'recurring-without-proof',
];

/** Findings about a run, in a launch with these lines in its runbook. */
function lint(runbook: string, rest = ''): string[] {
  const back = '## Rollback\n\n1. back {#back}\n\n   ```sh\n   mv b a\n   ```\n';
  const head = '---\ntminus: launch\nid: shop\nroles: { lead: [ann] }\n---\n# Shop\n';
  const text = `${head}\n## Runbook\n\n${runbook}\n${back}\n${rest}`;
  const input = { path: 'launch.md', bytes: new TextEncoder().encode(text) };
  const { documents } = lintDocuments([input], {
    exists: () => false,
    readers: { checks: checkReaders, steps: stepReaders },
  });
  const findings = documents.flatMap((document) => document.findings);
  expect(findings.filter(({ severity }) => severity === 'blocking')).toEqual([]);
  return findings
    .filter(({ code }) => codes.includes(code))
    .map(({ code, line, message }) => `${line} ${code}: ${message}`);
}

const step = (braces: string, info = ''): string => `1. move ${braces}\n\n   \`\`\`sh ${info}\n   mv a b\n   \`\`\`\n`;
const noReturn = '> **Point of no return:** the first order\n';

describe('what a run would miss', () => {
  it('C17 a step that writes has an undo, or says that there is none', () => {
    expect(lint(step('{#move}'))).toEqual(['10 step-without-undo: nothing takes step move back']);
    expect(lint(step('{#move undo=back}'))).toEqual([]);
    expect(lint(step('{#move reversible=no}'))).toEqual([]);
    expect(lint(step('{#move}', 'class=long_read'))).toEqual([]);
    expect(lint('1. [HUMAN] move {#move role=lead}\n2. look {#look wait=5m}\n')).toEqual([]);
  });

  it('C17 past a point of no return only what is declared for it takes a step back', () => {
    expect(lint(step('{#move undo=back}'), noReturn)).toEqual([
      '10 undo-ends-at-return: nothing takes step move back past the point of no return',
    ]);
    expect(lint(step('{#move undo=back undo-after-return=same}'), noReturn)).toEqual([]);
  });

  it('C14 a hold says what ends it', () => {
    const hold = (braces: string): string => `### T-10m Hold {#wait hold=5m${braces}}\n`;
    expect(lint(hold(''))).toEqual(['10 hold-without-release: hold wait does not say what ends it']);
    expect(lint(hold(' release=clock'))).toEqual([]);
    expect(lint(hold(' release=person'))).toEqual([]);
  });

  it('O34 what recurs has somebody in whose name, and each step of people leaves a proof', () => {
    const steps = '1. [HUMAN] Look at the dead letters {#letters role=lead}\n';
    expect(lint('', `## SOP: daily {#daily every=1d}\n\n${steps}`)).toEqual([
      '19 recurring-without-owner: nobody asks for the runs of daily',
      '21 recurring-without-proof: step letters recurs and leaves no proof',
    ]);
    const proven = steps.replace('role=lead', 'role=lead proof=comment');
    expect(lint('', `## SOP: daily {#daily every=1d as=ann}\n\n${proven}`)).toEqual([]);
    expect(lint('', `## SOP: daily {#daily}\n\n${steps}`)).toEqual([]);
  });
});
