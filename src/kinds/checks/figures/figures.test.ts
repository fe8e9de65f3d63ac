import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonObject } from '@tminus/verify';
import { afterAll, describe, expect, it } from 'vitest';

import { checkKindContract, run } from '../../../../tests/contract/check-kind.ts';
import type { ContractCase } from '../../../../tests/contract/check-kind.ts';
import { figuresKind } from './kind.ts';

const workspace = mkdtempSync(join(tmpdir(), 'tminus-figures-'));
afterAll(() => rmSync(workspace, { recursive: true, force: true }));
const now = (): number => Date.parse('2026-11-22T12:00:00Z');

/** What O37 asks of the business. */
const business = {
  adoption: { target: '> 50%', alert: '< 30%' },
  satisfaction: { target: '> 4.0', alert: '< 3.5' },
  'time-saved': { target: '> 30%', alert: '< 10%' },
  'error-reduction': { target: '> 50%', alert: '< 20%' },
  cost: { target: '<= 0%', alert: '> 5%' },
};
const from = 'source: "https://bi.example", date: 2026-11-20';
const well = `adoption: { value: 62%, ${from} }
satisfaction: { value: 4.2, ${from} }
time-saved: { value: 31%, ${from} }
error-reduction: { value: 55%, ${from} }
cost: { value: -2%, ${from} }
other: anything
`;
writeFileSync(join(workspace, 'figures.yaml'), well);
writeFileSync(join(workspace, 'garbage.yaml'), '\u0001\u0002 no figures }}}<<<');
writeFileSync(join(workspace, 'huge.yaml'), '');
truncateSync(join(workspace, 'huge.yaml'), 65 * 1024 * 1024);

const asked = (path: string, figures: JsonObject = business): ContractCase => ({
  written: { path, figures },
  workspace,
  now,
});

checkKindContract({
  kind: figuresKind,
  success: () => asked('figures.yaml'),
  refusal: () => asked('gone.yaml'),
  slow: { none: 'a file is read, and nobody is waited for' },
  garbage: () => asked('garbage.yaml'),
  huge: () => asked('huge.yaml'),
  misspelt: { written: { path: 'figures.yaml', figures: business, maxage: '1d' }, wrong: 'maxage', meant: 'maxAge' },
  stricter: [{ maxAge: '1d' }, { maxAge: '400d' }],
});

/** Outcome, and what is beyond its target, or the trouble. */
async function outcomeOf(text: string, given: Partial<ContractCase> = {}): Promise<unknown[]> {
  writeFileSync(join(workspace, 'one.yaml'), text);
  const { record } = await run(figuresKind, { ...asked('one.yaml'), ...given });
  const figures = (record.facts?.['figures'] ?? []) as { name: string; level: string }[];
  const off = figures.flatMap(({ name, level }) => (level === 'ok' ? [] : `${name} ${level}`));
  return [record.judgement.outcome, ...(record.trouble === null ? off : [record.trouble.code])];
}

const replace = (name: string, entry: string): string =>
  well.replace(new RegExp(`^${name}: .*$`, 'm'), `${name}: ${entry}`);

describe('figures of the business', () => {
  it('O37 at their targets they pass, and evidence names source and date of each', async () => {
    expect(await outcomeOf(well)).toEqual(['pass']);
    const { record } = await run(figuresKind, asked('figures.yaml'));
    expect(record.facts).toMatchObject({ count: 5, alerts: 0, warnings: 0 });
    expect((record.facts!['figures'] as JsonObject[])[0]).toEqual({
      name: 'adoption',
      value: 0.62,
      target: '> 50%',
      alert: '< 30%',
      level: 'ok',
      source: 'https://bi.example',
      date: '2026-11-20',
      ageMs: 216_000_000,
    });
  });

  it.each([
    ['adoption', '50%', 'warn'],
    ['adoption', '30%', 'warn'],
    ['adoption', '29.9%', 'alert'],
    ['satisfaction', '4.0', 'warn'],
    ['satisfaction', '3.4', 'alert'],
    ['cost', '0%', 'ok'],
    ['cost', '5%', 'warn'],
    ['cost', '5.1%', 'alert'],
  ])('O37 %s of %s is %s: between target and alert is a warning, and no pass', async (name, value, level) => {
    const wanted = level === 'ok' ? ['pass'] : ['fail', `${name} ${level}`];
    expect(await outcomeOf(replace(name, `{ value: ${value}, ${from} }`))).toEqual(wanted);
  });

  it.each<[string, string, string]>([
    ['no such figure', 'null', 'missing'],
    ['a bare number', '62%', 'missing'],
    ['no value', `{ ${from} }`, 'malformed'],
    ['a value of another unit', `{ value: 62, ${from} }`, 'malformed'],
    ['a value that is none', `{ value: most, ${from} }`, 'malformed'],
    ['no source', '{ value: 62%, date: 2026-11-20 }', 'missing'],
    ['an empty source', '{ value: 62%, source: " ", date: 2026-11-20 }', 'missing'],
    ['no date', '{ value: 62%, source: x }', 'malformed'],
    ['a day that there is not', '{ value: 62%, source: x, date: 2026-02-30 }', 'malformed'],
    ['a date without a day', '{ value: 62%, source: x, date: 2026-11 }', 'malformed'],
    ['a date of tomorrow', '{ value: 62%, source: x, date: 2026-11-23 }', 'stale'],
    ['a date of long ago', '{ value: 62%, source: x, date: 2026-10-20 }', 'stale'],
    ['a key that is none', `{ value: 62%, sources: x, ${from} }`, 'malformed'],
  ])('O37 %s is unknown, however well the others are', async (_, entry, code) => {
    expect(await outcomeOf(replace('adoption', entry))).toEqual(['unknown', code]);
  });

  it('O37 what a prototype has is no figure', async () => {
    const figures = { constructor: { target: '> 1', alert: '< 1' } };
    expect(await outcomeOf(well, asked('one.yaml', figures))).toEqual(['unknown', 'missing']);
  });

  it.each<[string, string]>([
    ['> 50%', '< 60%'],
    ['> 50%', '> 30%'],
    ['< 5%', '> 3%'],
    ['> 50%', '< 30'],
    ['>= 50%', '<= 50%'],
    ['many', '< 30%'],
  ])('O37 target %s with alert %s is refused: they overlap, or are no pair', (target, alert) => {
    expect(figuresKind.readSpec({ path: 'x', figures: { a: { target, alert } } }).ok).toBe(false);
  });

  it('O37 a target without a gap to its alert is a pair', () => {
    for (const [target, alert] of [
      ['>= 50%', '< 50%'],
      ['<= 0', '> 0'],
    ])
      expect(figuresKind.readSpec({ path: 'x', figures: { a: { target, alert } as JsonObject } }).ok).toBe(true);
  });
});
