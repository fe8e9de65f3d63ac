import { describe, expect, it } from 'vitest';

import { printLintText } from './format/print-text.ts';
import { toLintReport } from './format/to-json.ts';
import { toSarif } from './format/to-sarif.ts';
import { identifyFindings } from './identify-findings.ts';
import type { IdentifiedFinding } from './identify-findings.ts';
import { type LintInput, type LintOptions, lintDocument, lintDocuments, prepare } from './lint-documents.ts';

const encoder = new TextEncoder();
const options: LintOptions = { exists: () => false };
const input = (path: string, text: string): LintInput => ({ path, bytes: encoder.encode(text) });
const codes = (text: string, path = 'a.md'): string[] =>
  lintDocuments([input(path, text)], options).documents.flatMap((document) =>
    document.findings.map((finding) => finding.code),
  );

describe('encodings', () => {
  it('T01 an unresolved merge conflict is blocking, with its line', () => {
    const { documents } = lintDocuments([input('a.md', '# A\n\n<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> b\n')], options);
    expect(documents[0]?.findings).toMatchObject([{ code: 'merge-marker', severity: 'blocking', line: 3 }]);
  });

  it('O18 mojibake is repaired for reading and reported; columns are those of the file', () => {
    const { documents } = lintDocuments([input('a.md', '# âœ… Status âœ… done\n\nâœ… âœ… [x](ttps://a)\n')], options);
    expect(documents[0]?.findings).toMatchObject([
      { code: 'mojibake' },
      { code: 'malformed-link', line: 3, column: 9 },
    ]);
    expect(documents[0]?.understanding.title).toBe('✅ Status ✅ done');
  });

  it.each([
    ['invalid-utf8', new Uint8Array([35, 32, 65, 10, 0xff, 0xfe, 66])],
    ['nul-byte', encoder.encode('# A\n\u0000\n')],
    ['document-too-large', new Uint8Array(9 * 1024 * 1024)],
    ['carriage-return', encoder.encode('# A\r\nb\r\n')],
  ])('%s is a finding, never a crash', (code, bytes) => {
    const { documents } = lintDocuments([{ path: 'a.md', bytes }], options);
    expect(documents[0]?.findings.map((finding) => finding.code)).toContain(code);
  });
});

describe('precision', () => {
  it('O18 a legend, a choice and a form are not state', () => {
    const text =
      '# Gate template\n\n**Decision:** [ ] GO  [ ] NO-GO\n\n- [ ] **Tests**\n  - Status: ☐ Open / ☑ Complete\n\nGlyphs: 🟢/🟡/🔴\n';
    expect(codes(text).filter((code) => /go-|done|tick|claim/.test(code))).toEqual([]);
  });

  it('C02 done over open boxes under "Nice to have" is right', () => {
    expect(codes('---\nstatus: done\n---\n# P\n\n## Nice to have\n\n- [ ] a\n')).toEqual([]);
  });

  it('D10 a link to a document of the same run and its heading resolves', () => {
    const { totals } = lintDocuments(
      [input('d/a.md', '# A\n\n[b](b.md#two-words)\n'), input('d/b.md', '# B\n\n## Two words\n')],
      options,
    );
    expect(totals).toEqual({ documents: 2, blocking: 0, warning: 0, info: 0 });
  });
});

describe('findings over documents', () => {
  it('D24 one link that is broken counts one, and mended none: what is told is worked out anew each time', () => {
    const guide = input('d/b.md', '# B\n\n## Two words\n');
    const brokenOf = (link: string): number =>
      lintDocuments([input('d/a.md', `# A\n\n[b](${link})\n`), guide], options).documents.reduce(
        (sum, { findings }) => sum + findings.length,
        0,
      );
    expect(['b.md#two-words', 'b.md#three-words', 'b.md#two-words'].map(brokenOf)).toEqual([0, 1, 0]);
  });
});

describe('ids of findings', () => {
  const first = '[b](gone.md)';
  const findingsOf = (text: string): IdentifiedFinding[] =>
    toLintReport(lintDocuments([input('d/a.md', text)], options)).documents.flatMap(({ findings }) => findings);
  const idOf = (text: string, code = 'broken-link'): unknown =>
    findingsOf(text).find((finding) => finding.code === code)?.id;

  it('D24 a finding has the same id wherever its line moves to, and no two have one, not even equal ones', () => {
    const id = idOf(`# A\n\n${first}\n`);
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(idOf(`# A\n\nMore words before it.\n\n${first}\n`)).toBe(id);
    expect(idOf('# A\n\n[c](lost.md)\n')).toMatch(/^[0-9a-f]{16}$/);
    expect(idOf('# A\n\n[c](lost.md)\n')).not.toBe(id);
    const [finding] = findingsOf(`# A\n\n${first}\n`);
    const ids = identifyFindings([finding!, { ...finding!, line: 9 }, { ...finding!, file: 'd/b.md' }]);
    expect(new Set(ids.map((one) => one.id)).size).toBe(3);
  });

  it('D24 SARIF carries them as fingerprints, across documents', () => {
    const documents = ['d/a.md', 'd/b.md'].map((path) => input(path, `# A\n\n${first}\n`));
    const result = lintDocuments(documents, options);
    const prints = toSarif(result).runs[0]!.results.map((one) => one.partialFingerprints['tminus/v1']);
    expect(prints).toEqual(toLintReport(result).documents.flatMap(({ findings }) => findings.map(({ id }) => id)));
    expect(new Set(prints).size).toBe(prints.length);
    expect(prints.length).toBeGreaterThanOrEqual(2);
  });
});

describe('prepared documents', () => {
  const launch = '---\ntminus: launch\nid: shop\ncolour: red\n---\n# Shop\n';

  it('D01 the problems of the launch come as blocking findings at their place', () => {
    const { documents } = lintDocuments([input('launch.md', launch)], {
      ...options,
      readers: { checks: [], steps: [] },
    });
    expect(documents[0]?.findings).toContainEqual(
      expect.objectContaining({ code: 'key_unknown', severity: 'blocking', file: 'launch.md', line: 4 }),
    );
  });

  it('without readers they are linted as prose only', () => {
    expect(codes(launch, 'launch.md')).toEqual([]);
  });
});

describe('one document among others', () => {
  const plan = '---\nstatus: done\ndepends: [b]\n---\n# A\n';
  const other = '---\nstatus: planned\n---\n# B\n';

  it('C01 a change is judged as in the whole run', () => {
    const whole = lintDocuments([input('a.md', plan), input('b.md', other)], options);
    expect(whole.documents[0]?.findings.map((finding) => finding.code)).toEqual(['done-before-dependency']);
    expect(lintDocument(input('a.md', plan), [prepare(input('b.md', other))], options)).toEqual(whole.documents[0]);
  });

  it('equal documents give equal results in any order', () => {
    const forth = lintDocuments([input('a.md', plan), input('b.md', other)], options);
    const back = lintDocuments([input('b.md', other), input('a.md', plan)], options);
    expect(back.documents.toReversed()).toEqual(forth.documents);
  });
});

describe('output', () => {
  const result = lintDocuments(
    [input('ops/run book.md', '# Release runbook\n\n1. Build\n2. Push tag\n4. Announce\n')],
    options,
  );

  it('text begins with what was understood and gives each finding one line and a hint', () => {
    const lines = printLintText(result).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'ops/run book.md',
      '  understood as runbook: Release runbook',
      '  3 steps, 1 irreversible action',
    ]);
    const findings = result.documents[0]?.findings ?? [];
    expect(lines.filter((line) => /^ {2}\d+:\d+ /.test(line)).length).toBe(findings.length);
    expect(lines.at(-2)).toBe(`1 document: 0 blocking, ${result.totals.warning} warnings, ${result.totals.info} info`);
  });

  it('control characters of a document never reach the terminal', () => {
    const hostile = lintDocuments([input('a.md', '# Release \u001b[31mrunbook\n\n[x](ttps://\u001b]0;a)\n')], options);
    expect(printLintText(hostile)).not.toContain('\u001b');
  });

  it('colours come from the palette that is handed in', () => {
    const mark = (name: string) => (text: string) => `<${name}>${text}</${name}>`;
    const text = printLintText(result, {
      bold: mark('b'),
      dim: mark('d'),
      blocking: mark('B'),
      warning: mark('W'),
      info: mark('I'),
    });
    expect(text).toContain('<W>warning  </W>');
  });

  it('SARIF 2.1.0: every result names a rule of the driver and a place that counts from 1', () => {
    const log = toSarif(result);
    expect(log.version).toBe('2.1.0');
    const run = log.runs[0];
    expect(run?.results.length).toBe(result.documents[0]?.findings.length);
    for (const entry of run?.results ?? []) {
      expect(run?.tool.driver.rules[entry.ruleIndex]?.id).toBe(entry.ruleId);
      expect(['error', 'warning', 'note']).toContain(entry.level);
      const location = entry.locations[0]?.physicalLocation;
      expect(location?.artifactLocation.uri).toBe('ops/run%20book.md');
      expect(location?.region.startLine).toBeGreaterThanOrEqual(1);
      expect(location?.region.startColumn).toBeGreaterThanOrEqual(1);
    }
  });

  it('the JSON report says what it is and carries the totals', () => {
    expect(toLintReport(result)).toMatchObject({ format: 'tminus/lint/1', totals: { documents: 1 } });
  });
});
