import { describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { coverageReader } from './reader.ts';

const source = (name: string, text: string) => ({
  name,
  mediaType: 'text/plain',
  bytes: new TextEncoder().encode(text),
});
const read = (text: string, spec = {}): Reading => coverageReader.parse({ path: 'x', ...spec }, [source('x', text)]);
const codeOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.code : 'readable');
const facts = (reading: Reading): unknown => (reading.state === 'readable' ? reading.facts : reading.trouble);
const section = (records: string, path = '/a.ts'): string => `SF:${path}\n${records}\nend_of_record\n`;
const parse = (path: string): unknown =>
  facts(
    coverageReader.parse({ path: '*' }, [
      source('a/lcov.info', section('DA:1,1\nDA:2,0', path)),
      source('b/lcov.info', section('DA:1,0\nDA:2,0', path)),
    ]),
  );
const report = (root: string, lines: string, classAttributes = ''): string =>
  `<coverage ${root}><packages><package name="p"><classes><class name="c" filename="c.ts" ${classAttributes}><methods/><lines>${lines}</lines></class></classes></package></packages></coverage>`;
const line = (conditions: string): string =>
  `<line number="1" hits="1" branch="true" condition-coverage="${conditions}"/>`;

describe('lcov', () => {
  it.each([
    ['LF', 'DA:1,1\nLF:2'],
    ['LH', 'DA:1,0\nLH:1'],
    ['FNF', 'FN:1,f\nFNDA:1,f\nFNF:2'],
    ['FNH', 'FN:1,f\nFNDA:0,f\nFNH:1'],
    ['BRF', 'BRDA:1,0,0,1\nBRF:0'],
    ['BRH', 'BRDA:1,0,0,-\nBRH:1'],
  ])('T24 refuses a declared %s that its records do not add up to', (_total, records) => {
    expect(codeOf(read(section(records)))).toBe('totals_disagree');
  });

  it('accepts a total that counts two records of one line as two, and counts lines itself', () => {
    expect(facts(read(section('DA:1,0\nDA:1,3\nDA:2,0\nLF:3\nLH:1')))).toMatchObject({
      lines: { covered: 1, total: 2, fraction: 0.5 },
    });
  });

  it('takes FN and FNDA in any order, and one name at two lines for two functions', () => {
    expect(facts(read(section('FNDA:3,f\nFN:1,f\nFNF:1\nFNH:1')))).toMatchObject({
      functions: { covered: 1, total: 1 },
    });
    expect(facts(read(section('FN:1,f\nFN:9,f\nFNDA:3,f\nFNF:2\nFNH:1')))).toMatchObject({
      functions: { covered: 1, total: 2 },
    });
  });

  it('keeps functions apart whose names hold commas', () => {
    const records = 'FN:1,f(int,int)\nFN:2,f(int,long)\nFNDA:1,f(int,int)\nFNDA:0,f(int,long)\nFNF:2\nFNH:1';
    expect(facts(read(section(records)))).toMatchObject({ functions: { covered: 1, total: 2 } });
  });

  it.each([
    ['a file that ends inside a section', 'SF:/a.ts\nDA:1,1\n', 'truncated'],
    ['a section that begins inside another', 'SF:/a.ts\nDA:1,1\nSF:/b.ts\nend_of_record\n', 'truncated'],
    ['a line that is no record', section('hello'), 'malformed'],
    ['an unknown record', section('XYZ:1'), 'malformed'],
    ['hits that are no number', section('DA:1,many'), 'malformed'],
    ['negative hits', section('DA:1,-1'), 'malformed'],
    ['a record outside a section', 'DA:1,1\n', 'malformed'],
    ['no section', 'TN:\n', 'wrong_format'],
  ])('refuses %s', (_what, text, code) => {
    expect(codeOf(read(text))).toBe(code);
  });

  it('U6 leaves out what was not measured, so that it is unknown and not 0 %', () => {
    expect(Object.keys(facts(read(section('DA:1,1'))) as object)).toEqual(['files', 'roots', 'lines', 'file']);
  });

  it('takes one absolute path in two reports for one file, and one relative path for two', () => {
    expect(parse('/repo/src/index.ts')).toMatchObject({ files: 1, lines: { covered: 1, total: 2 } });
    expect(parse('src/index.ts')).toMatchObject({ files: 2, lines: { covered: 1, total: 4 } });
  });

  it('U6 fewer source files than minFiles is not the whole report', () => {
    expect(codeOf(read(section('DA:1,1'), { minFiles: 2 }))).toBe('partial');
  });
});

describe('Cobertura', () => {
  const half = '<line number="1" hits="3"/><line number="2" hits="0"/>';

  it.each([
    ['lines-covered', 'lines-covered="2"'],
    ['lines-valid', 'lines-valid="3"'],
    ['line-rate', 'line-rate="0.9"'],
    ['line-rate to four digits', 'line-rate="0.5002"'],
    ['branches-valid', 'branches-valid="2"'],
    ['line-rate that is no number', 'line-rate="half"'],
  ])('T24 refuses a declared %s that its lines do not add up to', (_what, root) => {
    expect(codeOf(read(report(root, half)))).toBe('totals_disagree');
  });

  it('T24 compares the rate of a class as well', () => {
    expect(codeOf(read(report('', half, 'line-rate="1"')))).toBe('totals_disagree');
  });

  it.each([
    ['0.5', 'readable'],
    ['0.50', 'readable'],
    ['0.5000', 'readable'],
    ['0.49995', 'readable'],
    ['0.49', 'totals_disagree'],
    ['.5e0', 'totals_disagree'],
  ])('holds the rate %s of one half to the digits that it has: %s', (rate, code) => {
    expect(codeOf(read(report(`line-rate="${rate}"`, half)))).toBe(code);
  });

  it('counts conditions, and refuses those that cannot be counted', () => {
    expect(facts(read(report('', line('50% (1/2)'))))).toMatchObject({
      branches: { covered: 1, total: 2, fraction: 0.5 },
    });
    for (const conditions of ['50%', '150% (3/2)', ''])
      expect(codeOf(read(report('', line(conditions))))).toBe('malformed');
  });

  it.each([
    ['another root', '<report/>', 'wrong_format'],
    ['no class', '<coverage/>', 'no_files'],
    ['a class without a file', '<coverage><class name="c"/></coverage>', 'malformed'],
    ['a line without hits', report('', '<line number="1"/>'), 'malformed'],
  ])('refuses %s', (_what, text, code) => {
    expect(codeOf(read(text))).toBe(code);
  });

  it('is recognised by its bytes, and refused where the check says lcov', () => {
    expect(codeOf(read(`\ufeff${report('', half)}`))).toBe('readable');
    expect(codeOf(read(report('', half), { format: 'lcov' }))).toBe('malformed');
  });
});
