import type { Place } from '../../core/launch/place.ts';
import { rolloutPresets } from '../../core/rollout/presets.ts';
import type { RolloutPhase } from '../../core/rollout/rollout.ts';
import type { Draft } from './draft.ts';
import { addProblem, hintFor, short } from './problem.ts';
import { refer } from './refer.ts';
import { addForm, takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';
import type { Written } from './written-yaml.ts';

const known = ['id', 'weight', 'minTime', 'maxTime', 'minRequests', 'warmup', 'bake', 'conditions', 'note'];
const minute = 60_000;

/** Reads the phases of a rollout, written out or by the name of a preset. */
export function readRolloutPhases(
  draft: Draft,
  owner: string,
  { keys, at }: { keys: Keys; at: Place },
): RolloutPhase[] {
  const preset = keys.text('preset');
  const entry = keys.entry('phases');
  if (preset !== null && entry === null) return presetOf(draft, owner, { preset, at: keys.at('preset') });
  const items = entry?.value.kind === 'list' ? entry.value.items : [];
  if (items.length === 0 || preset !== null) {
    addProblem(draft.problems, 'value_invalid', entry?.at ?? at, {
      message: `${owner} needs phases`,
      expected: 'phases: as a list, or preset: default',
      got: preset !== null ? 'both' : entry === null ? 'neither' : 'no list, or an empty one',
      hint: 'write phases: [{ weight: 5, minTime: 10m, minRequests: 1000 }, { weight: 100, bake: 24h }]',
    });
    return [];
  }
  const phases = items.flatMap((item) => readPhase(draft, owner, item) ?? []);
  if (phases.length === items.length) checkOrder(draft, owner, { phases, items });
  return phases;
}

function presetOf(draft: Draft, owner: string, { preset, at }: { preset: string; at: Place }): RolloutPhase[] {
  const found = rolloutPresets[preset];
  if (found !== undefined) return [...found];
  const names = Object.keys(rolloutPresets);
  addProblem(draft.problems, 'value_invalid', at, {
    message: `${owner} names a preset that does not exist`,
    expected: names.join(', '),
    got: short(preset),
    hint: hintFor(preset, names, 'write phases: instead'),
  });
  return [];
}

function readPhase(draft: Draft, owner: string, item: Written): RolloutPhase | null {
  const keys = takeKeys(draft.problems, { owner: `a phase of ${owner}`, written: item, known });
  if (item.kind !== 'map') return null;
  const weight = keys.count('weight');
  if (weight === null || weight > 100) {
    addForm(
      draft.problems,
      keys.entry('weight')?.value ?? item,
      `weight of a phase of ${owner}`,
      'a whole number from 0 to 100',
    );
    return null;
  }
  const minTimeMs = keys.duration('minTime') ?? 10 * minute;
  const conditions = keys.list('conditions');
  for (const { text, at } of conditions)
    refer(draft, {
      use: `conditions of a phase of ${owner}`,
      target: 'step or criterion',
      name: text,
      at,
      settle: () => undefined,
    });
  return {
    id: keys.text('id') ?? `at-${weight}`,
    weight,
    minTimeMs,
    maxTimeMs: keys.length('maxTime') ?? 4 * Math.max(minTimeMs, minute),
    minRequests: keys.count('minRequests') ?? 1_000,
    warmupMs: keys.duration('warmup') ?? minute,
    bakeMs: keys.duration('bake') ?? 0,
    conditions: [...new Set(conditions.map(({ text }) => text))],
    note: keys.text('note'),
  };
}

/** Traffic only rises, ends at 100, and no phase ends before it has begun to count. */
function checkOrder(
  draft: Draft,
  owner: string,
  { phases, items }: { phases: readonly RolloutPhase[]; items: readonly Written[] },
): void {
  const refuse = (index: number, expected: string, got: string): void =>
    addProblem(draft.problems, 'value_invalid', items[index]!.at, {
      message: `phase ${index + 1} of ${owner} cannot be carried out`,
      expected,
      got,
      hint: 'correct the phase',
    });
  for (const [index, { id, weight, minTimeMs, maxTimeMs, warmupMs, bakeMs }] of phases.entries()) {
    const before = phases[index - 1];
    if (before !== undefined && weight <= before.weight) refuse(index, `a weight above ${before.weight}`, `${weight}`);
    if (phases.findIndex((one) => one.id === id) !== index) refuse(index, 'an id of its own', id);
    if (maxTimeMs <= minTimeMs || maxTimeMs <= warmupMs)
      refuse(index, 'a maxTime longer than minTime and warmup', 'a shorter one');
    if (bakeMs > 0 && weight !== 100) refuse(index, 'bake only at weight 100', `bake at ${weight}`);
  }
  const last = phases.at(-1);
  if (last !== undefined && last.weight !== 100)
    refuse(phases.length - 1, 'weight 100 in the last phase', `${last.weight}`);
}
