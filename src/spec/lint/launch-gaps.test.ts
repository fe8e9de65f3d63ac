import { describe, expect, it } from 'vitest';

import { checkReaders } from '../../kinds/checks/readers.ts';
import { stepReaders } from '../../kinds/steps/readers.ts';
import { lintDocuments } from './lint-documents.ts';

const key = 'ed25519:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const people = (ann: string): string =>
  `people: { ann: { name: Ann${ann} }, robot: { automation: true, key: "${key}" } }\nroles: { lead: [ann], bots: [robot] }`;

/** What is more than a remark: the sample has no rollback, which is not what is tested here. */
function lint(ann: string, gate: string): string[] {
  const text = `---\ntminus: launch\nid: shop\n${people(ann)}\n---\n# Shop\n\n${gate}`;
  const input = { path: 'launch.md', bytes: new TextEncoder().encode(text) };
  const { documents } = lintDocuments([input], {
    exists: () => false,
    readers: { checks: checkReaders, steps: stepReaders },
  });
  return documents.flatMap(({ findings }) =>
    findings
      .filter(({ severity }) => severity !== 'info')
      .map(
        ({ code, severity, line, message, expected, got, hint }) =>
          `${line} ${severity} ${code}: ${message} - expected ${expected}, got ${got}; ${hint}`,
      ),
  );
}

const withKey = `, key: "${key}"`;
const hint = 'make a key with tminus key create and declare it under people';

describe('what will keep a gate shut', () => {
  const gate = '## Gate: ready for T-0 {#ready fresh=1d quorum=1 role=lead}\n\n';
  const human = '- [ ] [HUMAN] Seen {#seen role=lead}\n';

  it('D04 a criterion that nothing can prove, at its place; not one with a check, parts or a person', () => {
    const check = '  ```http\n  GET https://shop.test/\n  ```\n';
    const proven = `- [ ] Up {#up}\n\n${check}\n- [ ] Parts {#parts}\n\n  - [ ] Part {#part}\n\n  ${check.replaceAll('\n  ', '\n    ')}`;
    expect(lint(withKey, gate + human + proven)).toEqual([]);
    expect(lint(withKey, `${gate}${human}- [ ] Fast {#fast}\n`)).toEqual([
      '12 warning criterion-without-proof: nothing can prove criterion fast - expected a check, or [HUMAN] for what a person sees, got neither; write a check under it, or begin its text with [HUMAN]',
    ]);
  });

  it('D04 a person without a key cannot sign a criterion or vote on a gate', () => {
    expect(lint('', gate + human)).toEqual([
      `9 warning nobody-to-sign: nobody can vote on gate ready as lead - expected a person with a key and the role lead, not an automation, got ann, none of them such; ${hint}`,
      `11 warning nobody-to-sign: nobody can sign criterion seen as lead - expected a person with a key and the role lead, not an automation, got ann, none of them such; ${hint}`,
    ]);
  });

  it('D04 an automation cannot sign either, whatever key it has', () => {
    const bots = '- [ ] [HUMAN] Seen {#seen role=bots}\n';
    expect(lint(withKey, gate + bots)).toMatchObject([expect.stringContaining('criterion seen as bots')]);
  });

  it('D04 where no role is named anybody with a key may vote, and nobody without one', () => {
    const open = `## Gate: ready for T-0 {#ready fresh=1d quorum=1}\n\n${human}`;
    expect(lint(withKey, open)).toEqual([]);
    expect(lint('', open)[0]).toContain(
      'nobody can vote on gate ready - expected a person with a key, not an automation, got ann, robot',
    );
  });
});
