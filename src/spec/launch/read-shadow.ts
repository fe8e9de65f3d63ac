import type { Place } from '../../core/launch/place.ts';
import type { Measure, OptionsByEnvironment, RolloutPhase } from '../../core/rollout/rollout.ts';
import {
  shadowAddresses,
  shadowCounters,
  shadowMeasure,
  shadowSourceOf,
} from '../../core/rollout/shadow/shadow-declaration.ts';
import type { ShadowDeclaration } from '../../core/rollout/shadow/shadow-declaration.ts';
import type { Draft } from './draft.ts';
import { addProblem, short } from './problem.ts';
import { readCap, readRatios } from './read-measure.ts';
import { readOption } from './read-routers.ts';
import { refer } from './refer.ts';
import { takeKeys } from './take-keys.ts';
import type { Keys } from './take-keys.ts';

const ownKeys = ['sample', 'methods', 'compare', 'ignore', 'header', 'secret', 'differences'];
const known = [...shadowAddresses, ...ownKeys];
const methodName = /^[A-Z]{1,20}$/;
const standardCap = 0.01;

/** A shadow with the measure by which phases without weight are judged. */
export interface ReadShadow {
  shadow: ShadowDeclaration;
  measure: Measure;
}

/** Reads `shadow` of a rollout, and declares the metric source of its counts; null where there is none, or it cannot be used. */
export function readShadow(
  draft: Draft,
  rollout: string,
  { keys: outer, phases }: { keys: Keys; phases: readonly RolloutPhase[] },
): ReadShadow | null {
  const found = outer.entry('shadow');
  if (found === null) return null;
  const { at, value } = found;
  const owner = `shadow of rollout ${rollout}`;
  const keys = takeKeys(draft.problems, { owner, written: value, known });
  if (value.kind !== 'map') return null;
  const addresses = value.entries.filter(({ key }) => (shadowAddresses as readonly string[]).includes(key));
  const options = Object.fromEntries(addresses.map((one) => [one.key, readOption(draft, owner, one)]));
  for (const key of shadowAddresses.filter((one) => options[one] === undefined)) wanting(draft, owner, { key, at });
  const dark = readDarkPhases(draft, owner, { phases, at });
  const sample = readSample(draft, owner, keys);
  const limit = readLimit(draft, owner, keys);
  if (sample === null || limit === null) return null;
  const source = shadowSourceOf(rollout);
  draft.launch.metricSources.push({ id: source, kind: 'shadow', options: toSourceOptions(options), secret: null, at });
  const texts = (key: string): string[] => keys.list(key).map(({ text }) => text);
  return {
    shadow: {
      options,
      sample,
      methods: readMethods(draft, owner, keys),
      compare: keys.entry('compare') === null ? ['content-type', 'location'] : texts('compare').map(toLower),
      ignore: texts('ignore').map((text) => (text.startsWith('header ') ? toLower(text) : text)),
      credential: readCredential(draft, owner, keys),
      at,
    },
    measure: { ...answersThatDiffer, source, ...limit, phases: dark },
  };
}

/** What a shadow is judged by, but for its limit. */
const answersThatDiffer = {
  id: shadowMeasure,
  title: 'answers that differ',
  counts: {
    kind: 'events',
    total: `${shadowCounters.total}{arm="$arm"}`,
    bad: `${shadowCounters.bad}{arm="$arm"}`,
  },
  by: 'route',
  gating: true,
} as const;

function readDarkPhases(
  draft: Draft,
  owner: string,
  { phases, at }: { phases: readonly RolloutPhase[]; at: Place },
): string[] {
  const dark = phases.filter(({ weight }) => weight === 0).map(({ id }) => id);
  if (dark.length === 0 && phases.length > 0)
    addProblem(draft.problems, 'value_invalid', at, {
      message: `${owner} has no phase to work in`,
      expected: 'a phase with weight 0',
      got: `weights ${phases.map(({ weight }) => weight).join(', ')}`,
      hint: 'put { weight: 0, minTime: 10m, minRequests: 2000 } before the other phases, or remove the shadow',
    });
  return dark;
}

/** The reports are read where they are given. */
function toSourceOptions({ report }: ShadowDeclaration['options']): OptionsByEnvironment {
  return report === undefined ? {} : { url: report };
}

function toLower(text: string): string {
  return text.toLowerCase();
}

function wanting(draft: Draft, owner: string, { key, at }: { key: string; at: Place }): void {
  addProblem(draft.problems, 'key_missing', at, {
    message: `${owner} has no ${key}`,
    expected: `${key}:`,
    got: 'none',
    hint: 'write { listen: "127.0.0.1:8080", stable: "http://127.0.0.1:9001", canary: "http://127.0.0.1:9002", report: "http://127.0.0.1:8081" }',
  });
}

function readSample(draft: Draft, owner: string, keys: Keys): number | null {
  const text = keys.text('sample');
  if (text === null) return 1;
  const percent = /^(\d+(?:\.\d+)?)\s*%$/.exec(text)?.[1];
  const share = percent === undefined ? Number.NaN : Number(percent) / 100;
  if (share > 0 && share <= 1) return share;
  addProblem(draft.problems, 'value_invalid', keys.at('sample'), {
    message: `sample of ${owner} cannot be read`,
    expected: 'a share above 0 and up to 100 %, such as "10%"',
    got: short(text),
    hint: 'write how many of the requests are copied',
  });
  return null;
}

/** How much may differ: a share that may not be passed, and ratios to what the stable arm differs from itself. */
function readLimit(draft: Draft, owner: string, outer: Keys): Pick<Measure, 'margin' | 'exclude' | 'cap'> | null {
  const entry = outer.entry('differences');
  if (entry === null) return { margin: 1.5, exclude: 3, cap: standardCap };
  const what = `differences of ${owner}`;
  const keys = takeKeys(draft.problems, { owner: what, written: entry.value, known: ['margin', 'exclude', 'cap'] });
  if (entry.value.kind !== 'map') return null;
  const before = draft.problems.length;
  const ratios = readRatios(draft, what, { keys, kind: 'events' });
  const cap = readCap(draft, what, keys);
  return ratios === null || draft.problems.length > before ? null : { ...ratios, cap: cap ?? standardCap };
}

function readMethods(draft: Draft, owner: string, keys: Keys): string[] {
  const names = keys.list('methods');
  for (const { text, at } of names)
    if (!methodName.test(text))
      addProblem(draft.problems, 'value_invalid', at, {
        message: `methods of ${owner} has none that HTTP could have`,
        expected: 'names such as GET or HEAD',
        got: short(text),
        hint: 'write it in capitals; anything but GET and HEAD may write',
      });
  return keys.entry('methods') === null ? ['GET', 'HEAD'] : names.map(({ text }) => text);
}

function readCredential(draft: Draft, owner: string, keys: Keys): ShadowDeclaration['credential'] {
  const [header, secret] = [keys.text('header'), keys.text('secret')];
  if (secret === null && header === null) return null;
  if (secret !== null)
    refer(draft, {
      use: `secret of ${owner}`,
      target: 'secret',
      name: secret,
      at: keys.at('secret'),
      settle: () => undefined,
    });
  if (secret !== null) return { header: toLower(header ?? 'authorization'), secret };
  addProblem(draft.problems, 'key_missing', keys.at('header'), {
    message: `${owner} names a header and nothing to put into it`,
    expected: 'secret: with the name of an entry of secrets',
    got: 'header alone',
    hint: 'write both, or remove the header',
  });
  return null;
}
