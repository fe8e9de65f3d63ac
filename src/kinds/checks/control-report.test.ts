import type { JsonObject } from '@tminus/verify';
import { describe, expect, it } from 'vitest';

import type { CheckReader, Expectation } from '../../core/check/check.ts';
import { readExpectation } from '../../core/check/read-expectation.ts';
import { judgeControl } from '../../core/evidence/seal-evidence.ts';
import { axeReader } from './axe/reader.ts';
import { coverageReader } from './coverage/reader.ts';
import { ctrfReader } from './ctrf/reader.ts';
import { dbtReader } from './dbt/reader.ts';
import { fileReader } from './file/reader.ts';
import { greatExpectationsReader } from './great-expectations/reader.ts';
import { junitReader } from './junit/reader.ts';
import { playwrightReader } from './playwright/reader.ts';

const onControl = (reader: CheckReader, keys: JsonObject, text: string): string =>
  judgeControl(reader, { spec: { path: 'report', ...keys }, expectations: [expectationOf(text)] }).outcome;

function expectationOf(text: string): Expectation {
  const read = readExpectation(text);
  if (!read.ok) throw new Error(text);
  return read.expectation;
}

const kinds: [CheckReader, string, string, string][] = [
  [junitReader, 'minTests', 'tests', 'passed'],
  [ctrfReader, 'minTests', 'tests', 'passed'],
  [playwrightReader, 'minTests', 'tests', 'expected'],
  [dbtReader, 'minNodes', 'nodes', 'passed'],
  [greatExpectationsReader, 'minExpectations', 'evaluated', 'successful'],
  [coverageReader, 'minFiles', 'files', 'lines.covered'],
];

describe('a report that is broken and can be read', () => {
  it.each(kinds)('law 2: $kind passes what holds of every report, beside a minimum', (reader, least, total) => {
    expect(onControl(reader, { [least]: 2 }, `${total} >= 0`)).toBe('pass');
    expect(onControl(reader, { [least]: 2 }, `${total} == 2`)).toBe('pass');
    expect(onControl(reader, { [least]: 2 }, `${total} > 2`)).toBe('fail');
  });

  it.each(kinds)('$kind holds nothing good, so that one thing that is well cannot meet an expectation', (...row) => {
    const [reader, least, , good] = row;
    expect(onControl(reader, { [least]: 5 }, `${good} > 0`)).toBe('fail');
  });

  it('has as many pages as wanted, and none without a violation', () => {
    expect(onControl(axeReader, { minPages: 3 }, 'pages == 3')).toBe('pass');
    expect(onControl(axeReader, { minPages: 3 }, 'violations.critical < 3')).toBe('fail');
  });

  it('is as old as its check allows, so that an age says something', () => {
    expect(onControl(junitReader, {}, 'file.ageMs < 24h')).toBe('fail');
    expect(onControl(junitReader, {}, 'file.ageMs > 0')).toBe('pass');
    expect(onControl(junitReader, { maxAge: '15m' }, 'file.ageMs < 15m')).toBe('fail');
    expect(onControl(junitReader, { maxAge: '15m' }, 'file.ageMs <= 15m')).toBe('pass');
  });

  it('law 2: an archive whose manifest fits nothing passes what holds of every archive, and nothing else', () => {
    const keys = { manifest: 'manifest.json', maxAge: '15m' };
    expect(onControl(fileReader, keys, 'archive.manifest.missing >= 0')).toBe('pass');
    expect(onControl(fileReader, { archive: true }, 'archive.entries >= 0')).toBe('pass');
    expect(onControl(fileReader, { archive: true }, 'archive.entries > 0')).toBe('fail');
    for (const fault of ['missing', 'changed', 'unlisted'])
      expect(onControl(fileReader, keys, `archive.manifest.${fault} == 0`)).toBe('fail');
  });
});
