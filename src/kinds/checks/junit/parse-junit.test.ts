import { describe, expect, it } from 'vitest';

import type { Reading } from '../../../core/check/check.ts';
import { junitReader } from './reader.ts';

function read(text: string | Uint8Array, spec = {}): Reading {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return junitReader.parse({ path: 'x', ...spec }, [{ name: 'x.xml', mediaType: 'application/xml', bytes }]);
}
const codeOf = (reading: Reading): string => (reading.state === 'unreadable' ? reading.trouble.code : 'readable');
const facts = (reading: Reading): unknown => (reading.state === 'readable' ? reading.facts : reading.trouble);
const suite = (declared: string, cases: string): string => `<testsuite ${declared}>${cases}</testsuite>`;
const passing = (count: number): string =>
  Array.from({ length: count }, (_, index) => `<testcase name="t${index}"/>`).join('');
const inEncoding = (encoding: string): string =>
  `<?xml version="1.0" encoding="${encoding}"?>${suite('', '<testcase name="\u00e9t\u00e9"><failure/></testcase>')}`;
const source = (name: string, text: string) => ({
  name,
  mediaType: 'application/xml',
  bytes: new TextEncoder().encode(text),
});

describe('parseJunit', () => {
  it('O23 a header of 287 over 46 cases is unreadable, with both numbers', () => {
    const reading = read(suite('name="all" tests="287" failures="0"', passing(46)));
    expect(facts(reading)).toEqual({
      code: 'totals_disagree',
      message: 'x.xml: testsuite all declares tests=287, its cases add up to 46',
    });
  });

  it.each([
    ['tests', 'tests="1"', passing(2)],
    ['failures', 'failures="0"', '<testcase name="a"><failure/></testcase>'],
    ['failures that are not there', 'failures="1"', passing(1)],
    ['errors', 'errors="2"', '<testcase name="a"><error/></testcase>'],
    ['skipped', 'skipped="0"', '<testcase name="a"><skipped/></testcase>'],
    ['disabled', 'disabled="3"', '<testcase name="a" status="disabled"/>'],
  ])('O23 a declared total of %s that its cases do not add up to is unreadable', (_name, declared, cases) => {
    expect(codeOf(read(suite(declared, cases)))).toBe('totals_disagree');
  });

  it('O23 compares at every level: a right root does not excuse a wrong suite', () => {
    const inner = suite('tests="3"', passing(2));
    expect(codeOf(read(`<testsuites tests="2">${inner}</testsuites>`))).toBe('totals_disagree');
    expect(codeOf(read(`<testsuites tests="3">${suite('tests="2"', passing(2))}</testsuites>`))).toBe(
      'totals_disagree',
    );
    expect(codeOf(read(`<testsuites tests="2">${suite('tests="2"', passing(2))}</testsuites>`))).toBe('readable');
  });

  it.each([
    ['by cases that end so', 'failures="1" errors="1"'],
    ['by elements', 'failures="3" errors="1"'],
    ['by cases that carry one', 'failures="2" errors="1"'],
  ])('accepts a total counted %s, and counts by case itself', (_way, declared) => {
    const cases = '<testcase name="a"><failure/><failure/></testcase><testcase name="b"><failure/><error/></testcase>';
    expect(facts(read(suite(declared, cases)))).toMatchObject({ tests: 2, failures: 1, errors: 1, passed: 0 });
  });

  it('counts a case that passed at last as passed and as flaky', () => {
    const flaky = '<testcase name="a"><flakyFailure/><flakyFailure/></testcase>';
    expect(facts(read(suite('tests="1" failures="0" flakes="1"', flaky)))).toMatchObject({
      passed: 1,
      flaky: 1,
      failed: [],
    });
    expect(codeOf(read(suite('flakes="7"', flaky)))).toBe('totals_disagree');
  });

  it('believes a status of failure without any element, and refuses one that it does not know', () => {
    expect(facts(read(suite('', '<testcase name="a" status="FAILED"/>')))).toMatchObject({ failures: 1, passed: 0 });
    expect(codeOf(read(suite('', '<testcase name="a" status="inconclusive"/>')))).toBe('unknown_status');
    expect(codeOf(read(suite('', '<testcase name="a" status="constructor"/>')))).toBe('unknown_status');
  });

  it('never loses a failure that stands where it should not', () => {
    expect(codeOf(read(suite('', `<error/>${passing(1)}`)))).toBe('misplaced');
    expect(facts(read(suite('', '<testcase name="a"><more><failure/></more></testcase>')))).toMatchObject({
      failures: 1,
    });
    expect(codeOf(read(suite('', `<more>${passing(1)}</more>`)))).toBe('misplaced');
    expect(codeOf(read(suite('', '<testcase name="a"><testcase name="b"/></testcase>')))).toBe('misplaced');
  });

  it.each([
    ['no case', '<testsuites/>', 'no_cases'],
    ['white space', ' \n ', 'empty'],
    ['two roots', `${suite('', passing(1))}<more/>`, 'malformed'],
    ['an attribute twice', '<testsuite tests="1" tests="2"/>', 'malformed'],
    ['an entity of its own', '<!DOCTYPE a [<!ENTITY e "x">]><testsuite/>', 'entities_refused'],
    ['an unknown entity', suite('', '<testcase name="&e;"/>'), 'malformed'],
    ['deep nesting', '<testsuite>'.repeat(5000), 'too_deep'],
    ['a total in words', suite('tests="many"', passing(1)), 'malformed'],
    ['a control character', suite('', '<testcase name="\u0008"/>'), 'malformed'],
  ])('refuses %s', (_what, text, code) => {
    expect(codeOf(read(text))).toBe(code);
  });

  it('does not fetch an external DTD, and reads on', () => {
    expect(codeOf(read(`<!DOCTYPE testsuite SYSTEM "http://dtd.invalid/x.dtd">${suite('', passing(1))}`))).toBe(
      'readable',
    );
  });

  it('reads the encodings that tools declare, and refuses one that the bytes disprove', () => {
    const utf16 = Buffer.from(`\ufeff${inEncoding('UTF-16')}`, 'utf16le');
    for (const bytes of [
      Buffer.from(inEncoding('ISO-8859-1'), 'latin1'),
      utf16,
      Buffer.from(`\ufeff${inEncoding('UTF8')}`),
      Buffer.from(inEncoding('UTF-16LE'), 'utf16le'),
    ])
      expect(facts(read(bytes))).toMatchObject({ failed: ['\u00e9t\u00e9'] });
    for (const bytes of [
      Buffer.from(inEncoding('utf-8'), 'latin1'),
      Buffer.from(inEncoding('UTF-16')),
      Buffer.from(inEncoding('no-such')),
      Buffer.from(`\ufeff${inEncoding('ISO-8859-1')}`),
      Buffer.from(`\ufeff${inEncoding('utf-8')}`, 'utf16le'),
    ])
      expect(codeOf(read(bytes))).toBe('encoding');
  });

  it('gives a duration only where every case has a time that can be true', () => {
    expect(facts(read(suite('', '<testcase time="1,234.5"/><testcase time="0.0004"/>')))).toMatchObject({
      durationMs: 1234500,
    });
    for (const time of ['-1', 'NaN', '1s', ''])
      expect(facts(read(suite('', `<testcase time="1"/><testcase time="${time}"/>`)))).not.toHaveProperty('durationMs');
  });

  it('O23 adds several files up, and one bad file spoils the whole', () => {
    const good = source('good.xml', suite('tests="2"', passing(2)));
    const both = junitReader.parse({ path: '*.xml' }, [good, source('more.xml', suite('', passing(3)))]);
    expect(facts(both)).toMatchObject({ tests: 5, passed: 5, suites: 2, file: { count: 2 } });
    expect(codeOf(junitReader.parse({ path: '*.xml' }, [good, source('cut.xml', '<testsuite><testcase')]))).toBe(
      'malformed',
    );
  });

  it('U6 fewer tests than minTests is not the whole report', () => {
    expect(codeOf(read(suite('', passing(3)), { minTests: 4 }))).toBe('partial');
    expect(codeOf(read(suite('', passing(3)), { minTests: 3 }))).toBe('readable');
  });

  it('keeps the first 20 names, each on one line', () => {
    const cases = '<testcase name="a&#10;b"><failure/></testcase>'.repeat(30);
    const failed = (facts(read(suite('', cases))) as { failed: string[] }).failed;
    expect(failed).toEqual(Array.from({ length: 20 }, () => 'a b'));
  });
});
