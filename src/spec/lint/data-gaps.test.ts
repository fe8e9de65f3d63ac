import { describe, expect, it } from 'vitest';

import { checkReaders } from '../../kinds/checks/readers.ts';
import { stepReaders } from '../../kinds/steps/readers.ts';
import { dataRules } from './data-gaps.ts';
import type { Finding } from './finding.ts';
import { lintDocuments } from './lint-documents.ts';

/** Findings about data, in a launch with these lines in its dataset. */
function lint(lines: string, url?: string): string[] {
  const findings = findAll(lines, url);
  expect(findings.filter(({ severity }) => severity === 'blocking')).toEqual([]);
  return findings.map(({ code, message }) => `${code}: ${message}`);
}

function findAll(lines: string, url = '{ staging: "sqlite:b.db" }'): Finding[] {
  const front = `---\ntminus: launch\nid: shop\nroles: { lead: [ann] }\nenvironments: { production: {}, staging: { production: no } }\ndatastores: { a: { url: { staging: "sqlite:a.db" } }, b: { url: ${url} } }\n---\n# Shop\n`;
  const gate =
    '## Gate: ready for T-0 {#ready fresh=1d}\n\n- [ ] [HUMAN] Saved {#saved role=lead}\n\n## Rollback\n\n1. back {#back}\n\n';
  const text = `${front}\n${gate}## Orders {#orders}\n\n\`\`\`yaml dataset\nsource: { on: a, table: t }\ntarget: { on: b, table: t }\n${lines}\`\`\`\n`;
  const input = { path: 'launch.md', bytes: new TextEncoder().encode(text) };
  const readers = { checks: checkReaders, steps: stepReaders };
  const { documents } = lintDocuments([input], { exists: () => false, readers });
  const findings = documents.flatMap((document) => document.findings);
  const codes = dataRules.map(({ code }) => code);
  expect(findings.filter(({ code, severity }) => severity === 'blocking' && !codes.includes(code))).toEqual([]);
  return findings.filter(({ code }) => codes.includes(code));
}

describe('rules and fixes of datasets, as they are written', () => {
  it.each([
    ['a key that its kind does not know', 'one: { unique: slug, wher: "a == 1" }', /one of unique, where, columns/],
    ['a condition that is none', 'one: { implies: "opted_in => token exists" }', /==, !=/],
    ['a demand that is missing', 'one: { implies: "a == 1 =>" }', /CONDITION => CONDITION/],
    ['orphans of nobody', 'one: { orphans: customer }', /CHILD -> TABLE.KEY/],
    ['a count that is none', 'one: { count: many }', /two whole numbers/],
    ['a number of rows that is none', 'one: { at-most: few, by: team }', /a whole number/],
  ])('C04 a rule with %s stops the document where it is written', (_, rule, expected) => {
    expect(findAll(`rules: { ${rule} }\n`)).toMatchObject([
      { code: 'data-rule-unreadable', severity: 'blocking', expected: expect.stringMatching(expected) },
    ]);
  });

  it('C05 a fix that repairs nothing is named; one of a class, of a rule, or of rows that are missing is not', () => {
    const fixes = (repairs: string): string =>
      `rules: { one-slug: { unique: slug } }\nfixes: { f: { repairs: ${repairs}, does: copy } }\nfixPolicy: "1"\n`;
    expect(lint(fixes('one-slag'))).toEqual(['data-fix-idle: fix f of dataset orders repairs nothing']);
    for (const fine of ['one-slug', 'space', 'missing', 'extra']) expect(lint(fixes(fine))).toEqual([]);
  });
});

describe('what datasets leave unsaid', () => {
  it('D31 personal data has a length of time and a place', () => {
    expect(lint('personal: { who: name }\n')).toEqual([
      'personal-data-unkept: dataset orders holds personal data and has no retention and residency',
    ]);
    expect(lint('personal: { who: name }\nretention: 7y\n')).toHaveLength(1);
    expect(lint('personal: { who: name }\nretention: 7y\nresidency: eu\n')).toEqual([]);
  });

  it('D31 a column that looks like personal data is said to be some', () => {
    expect(lint('map: { email: mail, filename: file }\n')).toEqual([
      'personal-data-unnamed: column email of dataset orders looks like personal data',
    ]);
    expect(lint('map: { email: mail }\nredact: [email]\n')).toEqual([]);
  });

  it('D05 an import into production names its proofs', () => {
    const everywhere = '"sqlite:b.db"';
    expect(lint('key: id\n', everywhere)).toEqual([
      'import-unproven: the import of dataset orders into production can never be approved',
    ]);
    const proofs = 'import: { export: saved, restore: saved, rollback: rollback, backup: s3://b }\n';
    expect(lint(proofs, everywhere)).toEqual([]);
    expect(lint('key: id\n')).toEqual([]);
  });
});
