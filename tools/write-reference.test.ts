import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import type { JsonObject } from '@tminus/verify';

import { errorCodes } from '../src/core/error/error-codes.ts';
import { judge } from '../src/core/check/judge.ts';
import { readExpectation } from '../src/core/check/read-expectation.ts';
import { refusals } from '../src/core/procedure/refusals.ts';
import { runEventTypes } from '../src/core/procedure/run-event-types.ts';
import { runStates } from '../src/core/procedure/run-transitions.ts';
import { stepStates } from '../src/core/procedure/step-transitions.ts';
import { checkReaders } from '../src/kinds/checks/readers.ts';
import { stepReaders } from '../src/kinds/steps/readers.ts';
import { exampleOf, readExample } from './reference/check-examples.ts';
import { toChecksPage } from './reference/checks-page.ts';
import { readStepExample, stepExampleOf } from './reference/step-examples.ts';
import { toStepsPage } from './reference/steps-page.ts';
import { codesIn, findTroubles } from './reference/find-troubles.ts';
import { generalTroubles, troubleMeanings } from './reference/trouble-meanings.ts';
import { findStalePages, readPage, toReferencePages } from './write-reference.ts';

const root = join(import.meta.dirname, '..');
const pages = await toReferencePages();
const page = (name: string): string => pages.get(name) ?? '';

/** Cells of every row of a page whose first cell is one word in backticks. */
function rowsOf(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.slice(2, -2).split(' | '));
}

const codesOf = (cells: string[][]): string[] => cells.map(([first = '']) => first.replaceAll('`', ''));

describe('generated pages', () => {
  it('stand on disk as the code says, and one changed letter is noticed', () => {
    expect(findStalePages(pages, readPage)).toEqual([]);
    expect(findStalePages(pages, (name) => `${readPage(name)} `)).toEqual([...pages.keys()]);
    expect(findStalePages(pages, () => null)).toEqual([...pages.keys()]);
  });

  it('come out the same twice and name no path of a machine', async () => {
    expect([...(await toReferencePages())]).toEqual([...pages]);
    for (const text of pages.values()) expect(text).not.toContain(root);
  });
});

describe('the page of check kinds', () => {
  it('has a section for every kind, and none for anything else', () => {
    const sections = [...page('checks.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(sections).toEqual([...checkReaders.map(({ kind }) => kind), 'Troubles']);
  });

  it.each(checkReaders)('shows an example of $kind that declares a check of that kind', ({ kind }) => {
    expect(readExample(exampleOf(kind), checkReaders).kind).toBe(kind);
  });

  it('refuses an example that is no check, and a kind without one', () => {
    expect(() => readExample('```yaml check\nkind: http\nurll: https://a.test\n```', checkReaders)).toThrow('urll');
    expect(() => exampleOf('unheard-of')).toThrow(/expected an example|ENOENT/);
  });

  it('refuses a kind whose defaults pass on its own negative control', () => {
    const [first] = checkReaders;
    const broken = { ...first!, defaultExpectations: () => ['pages == 1'] };
    expect(() => toChecksPage([broken])).toThrow('expected its defaults to fail on the negative control, got pass');
  });

  it('says what every trouble means that the source of a kind can end in, and knows no other', () => {
    const made = new Set(
      readdirSync(join(root, 'src/kinds/checks'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .flatMap((file) => codesIn(file, readFileSync(join(root, 'src/kinds/checks', file), 'utf8'))),
    );
    expect([...made].toSorted()).toEqual(Object.keys(troubleMeanings).toSorted());
    expect(codesIn('x.ts', `throw new Unreadable('never_heard_of', 'x')`)).toEqual(['never_heard_of']);
    expect(findTroubles('junit')).toMatchObject({ groups: ['files'] });
    expect(findTroubles('junit').own).toContain('totals_disagree');
    expect(findTroubles('sql').own).toContain('authentication');
  });

  it('lists the troubles that no kind makes itself, as the source has them', () => {
    const sources = ['src/engine/observe-check.ts', 'src/core/evidence/rejudge.ts'];
    const text = sources.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
    for (const code of Object.keys(generalTroubles)) expect(text).toContain(`code: '${code}'`);
  });
});

describe('the page of step kinds', () => {
  const readers = { checks: checkReaders, steps: stepReaders };

  it('has a section for every kind, and one for the classes', () => {
    const sections = [...page('steps.md').matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    expect(sections).toEqual([...stepReaders.map(({ kind }) => kind), 'Classes']);
  });

  it.each(stepReaders)('shows an example of $kind that is a step of that kind', ({ kind }) => {
    expect(readStepExample(stepExampleOf(kind), readers).kind).toBe(kind);
  });

  it('refuses an example that no kind reads, one of another kind, and a kind without effects', () => {
    expect(() => readStepExample('```yaml step\nkind: http\nurll: https://a.test\n```', readers)).toThrow('urll');
    expect(() => stepExampleOf('unheard-of')).toThrow('expected an example, got none');
    const broken = { ...stepReaders[0]!, listEffects: () => [] };
    expect(() => toStepsPage({ ...readers, steps: [broken] }, '')).toThrow('expected effects of its example, got none');
  });
});

describe('the page of runs', () => {
  it('names every state, every type of event and every refusal', () => {
    const text = page('runs.md');
    const named = [...Object.keys(runEventTypes), ...Object.keys(refusals)];
    expect(named.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
    expect([...runStates, ...stepStates].filter((state) => !text.includes(state))).toEqual([]);
    expect(text).not.toContain('`unheard_of`');
  });
});

describe('the page of errors', () => {
  it('has exactly one row for every code of the registry, with its exit code', () => {
    const rows = rowsOf(page('errors.md'));
    expect(codesOf(rows)).toEqual(Object.keys(errorCodes).toSorted());
    for (const [code = '', exit] of rows)
      expect(Number(exit)).toBe(errorCodes[code.replaceAll('`', '') as keyof typeof errorCodes].exit);
    for (const row of rows) expect(row.filter((cell) => cell.trim() === '')).toEqual([]);
  });

  it('explains every exit code that an error ends in', () => {
    const explained = [...page('errors.md').matchAll(/^\| (\d+) \| .+ \|$/gm)].map(([, exit]) => Number(exit));
    for (const { exit } of Object.values(errorCodes)) expect(explained).toContain(exit);
  });
});

describe('the page of expectations', () => {
  const text = readFileSync(join(root, 'docs/reference/expectations.md'), 'utf8');
  const facts = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '{}') as JsonObject;
  const rows = rowsOf(text).map(([expectation = '', result = '']) => ({
    expectation: expectation.replaceAll('`', ''),
    result: result.trim(),
  }));
  const judged = rows.filter(({ result }) => ['pass', 'fail', 'unknown'].includes(result));
  const refused = rows.filter((row) => !judged.includes(row));

  function outcomeOf(expectation: string): string {
    const read = readExpectation(expectation);
    return read.ok ? judge([read.expectation], { state: 'readable', facts }).outcome : 'refused';
  }

  it('has rows of both sorts', () => {
    expect(judged.length).toBeGreaterThan(30);
    expect(refused.length).toBeGreaterThan(5);
  });

  it.each(judged)('says that $expectation comes to $result, and it does', ({ expectation, result }) => {
    expect(outcomeOf(expectation)).toBe(result);
  });

  it.each(refused)('says that $expectation is refused, and it is', ({ expectation, result }) => {
    const read = readExpectation(expectation);
    expect(read).toMatchObject({ ok: false, fault: { expected: result } });
  });

  it('would notice a row that is wrong', () => {
    expect(outcomeOf('status == 404')).toBe('fail');
    expect(outcomeOf('status = 404')).toBe('refused');
  });
});
