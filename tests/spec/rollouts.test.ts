import { describe, expect, it } from 'vitest';

import { rolloutPresets } from '../../src/core/rollout/presets.ts';
import { optionsIn } from '../../src/core/rollout/rollout.ts';
import type { Rollout } from '../../src/core/rollout/rollout.ts';
import { kiosk } from './kiosk.ts';
import { launchWith, problemLines, readTexts } from './problem-lines.ts';

const front =
  'routers: { edge: { kind: haproxy, socket: h.sock } }\nmetrics: { prom: { kind: prometheus, url: "http://127.0.0.1:9090" } }\n';
const measures = 'measures: { errors: { source: prom, total: t, bad: b } }\n';
const phases = 'phases: [{ weight: 5 }, { weight: 100, bake: 24h }]\n';
const rollout = (lines: string): string =>
  launchWith({ front, body: `## Rollout\n\n\`\`\`yaml rollout\nid: shop\n${lines}\`\`\`\n` });
const problems = (text: string): string[] =>
  problemLines(readTexts({ 'launch.md': text })).map((line) => line.replace(/^launch\.md:\d+:\d+ /, ''));

function rolloutOf(text: string): Rollout {
  const result = readTexts({ 'launch.md': text });
  if (!result.ok) throw new Error(problemLines(result).join('\n'));
  return result.launch.rollouts[0]!;
}

describe('rollouts of a launch', () => {
  it('T28 reads what shifts, by which phases, and what it is judged by', () => {
    expect(rolloutOf(kiosk)).toMatchObject({
      id: 'tills',
      routers: ['edge'],
      phases: rolloutPresets['default'],
      intervalMs: 10_000,
      onFail: 'rollback',
      retry: 'new-candidate',
      measures: [
        { id: 'errors', counts: { kind: 'events' }, by: 'route', margin: 1.5, exclude: 3, gating: true, cap: 0.005 },
        {
          id: 'slow',
          counts: { kind: 'histogram', quantile: 0.9 },
          margin: 1.15,
          exclude: 1.5,
          gating: false,
          cap: null,
        },
      ],
    });
    const minute = 60_000;
    expect(rolloutOf(rollout(`routers: edge\n${phases}${measures}`)).phases).toEqual([
      {
        id: 'at-5',
        weight: 5,
        minTimeMs: 10 * minute,
        maxTimeMs: 40 * minute,
        minRequests: 1_000,
        warmupMs: minute,
        bakeMs: 0,
        conditions: [],
        note: null,
      },
      expect.objectContaining({ id: 'at-100', weight: 100, bakeMs: 1_440 * minute }),
    ]);
  });

  it('T28 presets rise to 100, and wait for as long and for as many requests as their seed asks', () => {
    const preset = rolloutPresets['default']!;
    expect(preset.map(({ weight }) => weight)).toEqual([5, 10, 25, 50, 100]);
    expect(preset.map(({ minRequests }) => minRequests)).toEqual([1_000, 5_000, 10_000, 20_000, 50_000]);
    expect(preset.map(({ minTimeMs }) => minTimeMs / 60_000)).toEqual([30, 60, 120, 240, 240]);
    expect(preset.map(({ bakeMs }) => bakeMs / 3_600_000)).toEqual([0, 0, 0, 0, 24]);
  });

  it('an option of a router may differ by environment, and is missing where it is declared for others only', () => {
    const options = { socket: { production: '/run/h.sock' }, backend: { '*': 'app' } };
    expect(optionsIn(options, 'production')).toEqual({ socket: '/run/h.sock', backend: 'app' });
    expect(optionsIn(options, 'staging')).toEqual({ backend: 'app' });
  });

  it.each([
    ['no router', `${phases}${measures}`, 'key_missing: rollout shop has no router'],
    [
      'an unknown router',
      `routers: edg\n${phases}${measures}`,
      'reference_unknown: routers of rollout shop names a router that does not exist',
    ],
    ['no measure', `routers: edge\n${phases}`, 'key_missing: rollout shop has no measure that gates'],
    [
      'only watched measures',
      `routers: edge\n${phases}measures: { errors: { source: prom, total: t, bad: b, gating: no } }\n`,
      'key_missing: rollout shop has no measure that gates',
    ],
    [
      'an unknown source',
      `routers: edge\n${phases}measures: { errors: { source: pram, total: t, bad: b } }\n`,
      'reference_unknown: source of measure errors of rollout shop names a metric source',
    ],
    [
      'no bad events',
      `routers: edge\n${phases}measures: { errors: { source: prom, total: t } }\n`,
      'key_missing: measure errors of rollout shop has no bad',
    ],
    [
      'a margin below 1',
      `routers: edge\n${phases}measures: { errors: { source: prom, total: t, bad: b, margin: 0.5 } }\n`,
      'value_invalid: measure errors of rollout shop has ratios that decide nothing',
    ],
    [
      'a cap of 100 %',
      `routers: edge\n${phases}measures: { errors: { source: prom, total: t, bad: b, cap: 100% } }\n`,
      'value_invalid: cap of measure errors of rollout shop cannot be read',
    ],
    ['no phases', `routers: edge\n${measures}`, 'value_invalid: rollout shop needs phases'],
    ['an empty list of phases', `routers: edge\nphases: []\n${measures}`, 'value_invalid: rollout shop needs phases'],
    [
      'phases that never reach 100',
      `routers: edge\nphases: [{ weight: 5 }]\n${measures}`,
      'value_invalid: phase 1 of rollout shop cannot be carried out',
    ],
    [
      'weights that fall',
      `routers: edge\nphases: [{ weight: 50 }, { weight: 5 }, { weight: 100 }]\n${measures}`,
      'value_invalid: phase 2 of rollout shop cannot be carried out',
    ],
    [
      'a phase that ends before it may pass',
      `routers: edge\nphases: [{ weight: 100, minTime: 1h, maxTime: 10m }]\n${measures}`,
      'value_invalid: phase 1 of rollout shop cannot be carried out',
    ],
    [
      'a weight above 100',
      `routers: edge\nphases: [{ weight: 101 }]\n${measures}`,
      'value_invalid: weight of a phase of rollout shop cannot be read',
    ],
    [
      'a preset that does not exist',
      `routers: edge\npreset: defalt\n${measures}`,
      'value_invalid: rollout shop names a preset that does not exist',
    ],
    [
      'advancing without data',
      `routers: edge\n${phases}${measures}onNoData: pass\n`,
      'value_invalid: onNoData of rollout shop is unknown',
    ],
  ])('T28 %s is a problem at its own place', (_, lines, expected) => {
    const found = problems(rollout(lines));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('a router without kind, of an unknown one, or with a secret written out is refused', () => {
    const found = problems(
      launchWith({
        front:
          'routers: { a: { socket: x }, b: { kind: haproxi }, c: { kind: command, token: "ghp_0123456789abcdefghijABCDEFGHIJ012345" } }\n',
        body: '## Nothing\n',
      }),
    );
    expect(found.map((line) => line.split(' - ')[0])).toEqual([
      'key_missing: router a has no kind',
      'value_invalid: router b has an unknown kind',
      'secret_literal: token of router c holds what may be a secret',
    ]);
    expect(found.join('\n')).not.toContain('ghp_0123');
  });
});
