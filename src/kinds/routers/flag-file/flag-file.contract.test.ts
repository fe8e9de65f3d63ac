import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { FlagdCore } from '@openfeature/flagd-core';
import { afterAll, describe, expect, it } from 'vitest';

import { routerContract } from '../../../../tests/contract/router-contract.ts';
import { routerContext } from '../../../../tests/routers/router-context.ts';
import { judgeShare } from '../../../core/rollout/judge-share.ts';
import type { RouterSession } from '../../../core/rollout/router-kind.ts';
import { flagFileKind } from './kind.ts';

/** As people write it: odd spaces, a flag before and one behind, a rule for some tenants around the split. */
const flags = `{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "flags": {
    "banner" : { "state":"ENABLED", "variants": {"red":"#f00","blue":"#00f"}, "defaultVariant":"red" },
    "checkout": {
      "state": "ENABLED",
      "variants": { "new": "canary", "old": "stable" },
      "defaultVariant": "old",
      "targeting": {
        "if": [
          { "in": ["@example.com", { "var": "email" }] }, "new",
          { "fractional": [ { "cat": [ { "var": "$flagd.flagKey" }, { "var": "targetingKey" } ] }, ["new", 0], ["old", 100] ] }
        ]
      }
    },
    "limit":   { "state": "ENABLED", "variants": { "low": 1e3, "high": 10.50 }, "defaultVariant": "low" }
  }
}
`;
const options = { file: 'flags.json', flag: 'checkout', stable: 'old', canary: 'new' };
const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function makeFolder(text = flags): string {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-flags-'));
  folders.push(folder);
  writeFileSync(join(folder, 'flags.json'), text);
  return folder;
}

routerContract({
  name: 'a flag in a file',
  kind: flagFileKind,
  missing: null,
  weights: [5, 10, 25, 12.5, 50, 100, 0],
  required: ['file', 'flag'],
  start: async () => {
    const folder = makeFolder();
    return {
      options,
      context: { workspace: folder },
      production: [],
      silent: null,
      end: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

describe('a flag in a file', () => {
  const open = (text?: string, changes: { [key: string]: string } = {}): Promise<RouterSession> =>
    flagFileKind.open({ ...options, ...changes }, routerContext({ workspace: makeFolder(text) }));
  const users = Array.from({ length: 4000 }, (_, at) => `user-${at}`);

  it('O26 the evaluator of flagd sends users by the weight within 3 sigma, and moves none back while it rises', async () => {
    const folder = makeFolder();
    const session = await flagFileKind.open(options, routerContext({ workspace: folder }));
    let before = new Set<string>();
    for (const weight of [5, 10, 25, 50, 100]) {
      await session.set(weight);
      const core = new FlagdCore();
      core.setConfigurations(readFileSync(join(folder, 'flags.json'), 'utf8'));
      const armOf = (targetingKey: string): string =>
        core.resolveStringEvaluation('checkout', 'none', { targetingKey, email: 'a@b.c' }).value;
      const now = new Set(users.filter((user) => armOf(user) === 'canary'));
      const after = { canary: now.size, stable: users.length - now.size };
      expect(judgeShare({ before: { stable: 0, canary: 0 }, after, weight, perDraw: 1 })).toMatchObject({
        state: 'agrees',
      });
      // Negative control: the same users are not within reach of twice the weight.
      expect(
        judgeShare({ before: { stable: 0, canary: 0 }, after, weight: weight === 100 ? 50 : weight * 2, perDraw: 1 })
          .state,
      ).toBe('differs');
      expect([...before].filter((user) => !now.has(user))).toEqual([]);
      before = now;
      expect(
        core.resolveStringEvaluation('checkout', 'none', { targetingKey: 'x', email: 'a@example.com' }).value,
      ).toBe('canary');
    }
  });

  describe('with users who go first', () => {
    const split = (share: number) => ({
      fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] }, ['new', 0], ['old', share]],
    });
    const targeting = { if: [{ in: [{ var: 'risk' }, ['low', 'none']] }, split(30), split(70)] };
    const flag = { state: 'ENABLED', variants: { new: 'canary', old: 'stable' }, defaultVariant: 'old', targeting };
    const tenantsFirst = JSON.stringify({ flags: { checkout: flag } }, null, 2);
    const riskOf = (at: number): string => (at % 10 < 3 ? 'low' : 'high');

    it('O26 customers of low risk are on the canary before any other, at a share of all that is the weight, and none moves back', async () => {
      const folder = makeFolder(tenantsFirst);
      const session = await flagFileKind.open({ ...options, first: '30%' }, routerContext({ workspace: folder }));
      let before = new Set<string>();
      for (const weight of [0, 5, 10, 25, 30, 50, 100]) {
        await session.set(weight);
        expect((await session.read()).weight).toBe(weight);
        const core = new FlagdCore();
        core.setConfigurations(readFileSync(join(folder, 'flags.json'), 'utf8'));
        const isOn = (targetingKey: string, at: number): boolean =>
          core.resolveStringEvaluation('checkout', 'none', { targetingKey, risk: riskOf(at) }).value === 'canary';
        const now = users.filter(isOn);
        const after = { canary: now.length, stable: users.length - now.length };
        expect(judgeShare({ before: { stable: 0, canary: 0 }, after, weight, perDraw: 1 }).state).toBe('agrees');
        const others = users.filter((user, at) => riskOf(at) === 'high' && isOn(user, at));
        expect([weight, others.length > 0]).toEqual([weight, weight > 30]);
        const low = users.filter((_, at) => riskOf(at) === 'low');
        expect(low.every((user) => isOn(user, users.indexOf(user)))).toBe(weight >= 30);
        expect([...before].filter((user) => !now.includes(user))).toEqual([]);
        before = new Set(now);
      }
      // Negative control: by one split alone, users of any risk are among the first twentieth.
      await (await flagFileKind.open(options, routerContext({ workspace: makeFolder() }))).set(5);
      const plain = new FlagdCore();
      plain.setConfigurations(flags.replace('["new", 0], ["old", 100]', '["new", 5], ["old", 95]'));
      expect(
        users.some(
          (targetingKey, at) =>
            riskOf(at) === 'high' &&
            plain.resolveStringEvaluation('checkout', 'none', { targetingKey, email: 'a@b.c' }).value === 'canary',
        ),
      ).toBe(true);
    });

    it('O26 goes back in the opposite order, and says the weight in numbers that people can add up', async () => {
      const folder = makeFolder(tenantsFirst);
      const session = await flagFileKind.open({ ...options, first: '30%' }, routerContext({ workspace: folder }));
      for (const weight of [50, 12.5, 0]) await session.set(weight);
      expect(readFileSync(join(folder, 'flags.json'), 'utf8')).toContain('["new",0],["old",30]]');
      await session.set(50);
      const text = readFileSync(join(folder, 'flags.json'), 'utf8');
      expect(text).toContain('["new",30],["old",0]]');
      expect(text).toContain('["new",20],["old",50]]');
      await expect(session.set(33.333)).rejects.toMatchObject({ code: 'weight' });
      expect(readFileSync(join(folder, 'flags.json'), 'utf8')).toBe(text);
    });

    it.each([
      ['one split where two are declared', flags, 'split_unclear'],
      ['others before all of those who go first', tenantsFirst.replace(/0(?=[^0]+70)/, '7'), 'split_unclear'],
    ])('T7 %s is trouble and never a weight', async (_, text, code) => {
      expect(text).not.toBe(tenantsFirst);
      await expect(open(text, { first: '30%' })).rejects.toMatchObject({ code });
    });

    it.each(['0%', '100%', '30', 'all', '3.333%'])('O26 %s is no share of users', async (first) => {
      expect(flagFileKind.faults({ ...options, first })).toHaveLength(1);
      expect(flagFileKind.faults({ ...options, first: '30%' })).toEqual([]);
    });
  });

  it('T7 every byte outside of the split stays as it was, with the mode of the file, and nothing is left beside it', async () => {
    const folder = makeFolder();
    chmodSync(join(folder, 'flags.json'), 0o640);
    const session = await flagFileKind.open(options, routerContext({ workspace: folder }));
    await session.set(25);
    const text = readFileSync(join(folder, 'flags.json'), 'utf8');
    const start = flags.indexOf('[ { "cat"');
    const end = flags.indexOf('["old", 100] ]') + '["old", 100] ]'.length;
    expect(text.startsWith(flags.slice(0, start))).toBe(true);
    expect(text.endsWith(flags.slice(end))).toBe(true);
    expect(JSON.parse(text)).toMatchObject({
      flags: {
        checkout: {
          targeting: {
            if: [
              {},
              'new',
              { fractional: [{ cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] }, ['new', 25], ['old', 75]] },
            ],
          },
        },
      },
    });
    expect(statSync(join(folder, 'flags.json')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['flags.json']);
  });

  it('T7 a file of one line stays one, however often the weight changes', async () => {
    const folder = makeFolder(JSON.stringify(JSON.parse(flags)));
    const session = await flagFileKind.open(options, routerContext({ workspace: folder }));
    for (const weight of [100, 50, 25, 0, 100, 50, 25, 0]) await session.set(weight);
    expect(readFileSync(join(folder, 'flags.json'), 'utf8')).toBe(JSON.stringify(JSON.parse(flags)));
  });

  it('T7 a flag without targeting gives everybody its default, and gets a split', async () => {
    const plain = `{"flags":{"checkout":{"state":"ENABLED","variants":{"new":true,"old":false},"defaultVariant":"old"}}}`;
    const session = await open(plain);
    expect((await session.read()).weight).toBe(0);
    await session.set(10);
    expect((await session.read()).weight).toBe(10);
    expect((await (await open(plain.replace('"defaultVariant":"old"', '"defaultVariant":"new"'))).read()).weight).toBe(
      100,
    );
  });

  it.each([
    ['a disabled flag', flags.replaceAll('"state": "ENABLED"', '"state": "DISABLED"'), 'flag_disabled'],
    ['a third variant', flags.replace('["new", 0],', '["new", 0], ["third", 5],'), 'split_unclear'],
    ['rules without a split', flags.replace('"fractional"', '"sometimes"'), 'split_unclear'],
    ['weights of nothing', flags.replace('["old", 100]', '["old", 0]'), 'split_unclear'],
    ['a file cut short', flags.slice(0, 300), 'unreadable'],
    ['an empty file', '', 'unreadable'],
    ['another flag', flags.replace('"checkout"', '"basket"'), 'flag_missing'],
    ['a variant less', flags.replace('"new": "canary", ', ''), 'variant_missing'],
  ])('T7 %s is trouble and never a weight', async (_, text, code) => {
    await expect(open(text)).rejects.toMatchObject({ code });
  });

  it('A27 a file outside of the launch repository is not touched', async () => {
    await expect(open(flags, { file: '../flags.json' })).rejects.toMatchObject({ code: 'configuration' });
  });
});
