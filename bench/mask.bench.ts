import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

import { buildKeywordAutomaton, findKeywords } from '../src/mask/keyword-automaton.ts';
import { createMasker, type Masker } from '../src/mask/masker.ts';
import { builtInRules } from '../src/mask/rules/built-in-rules.ts';
import { generateSecrets } from '../src/mask/secret-forms.fixture.ts';
import { addParts, createSecretSet } from '../src/mask/find-secrets.ts';
import { admitSecrets } from '../src/mask/known-secret.ts';
import { sweep } from '../src/mask/sweep/sweep.ts';
import { allocateSqueezedText, squeeze, squeezeText } from '../src/mask/squeeze.ts';
import { generateLog } from './log-corpus.ts';
import { generateLookAlikes } from './look-alikes.ts';
import { describeMachine } from './describe-machine.ts';

export interface MaskReport {
  name: 'mask';
  machine: string;
  setting: string;
  rules: number;
  secrets: number;
  buildMs: number;
  /** Medians of CPU time: megabytes (10^6 bytes) and lines a second of one core. */
  maskMbPerSecond: number;
  maskLinesPerSecond: number;
  /** The same with secrets full of quotes, blanks and escapes, whose short beginnings need two tables more. */
  oddSecretsMbPerSecond: number;
  withoutSecretsMbPerSecond: number;
  /** Beside it, in the same run: one table step a byte and nothing else, squeezing alone, and secretlint on the same lines. */
  bareAutomatonMbPerSecond: number;
  squeezeMbPerSecond: number;
  secretlintMbPerSecond: number;
  timesSecretlint: number;
  /** One line at a time, as a sink gets them: each line is masked, or linted, before the next is looked at. */
  maskLineByLineMbPerSecond: number;
  streamLineByLineMbPerSecond: number;
  secretlintLineByLineMbPerSecond: number;
  timesSecretlintLineByLine: number;
  /** CPU of a sweep three encodings deep, for a megabyte of log. */
  sweepMsPerMb: number;
  /** On generated look-alikes: made-up tokens of every shape and as many that are none. */
  lookAlikes: { count: number; recall: number; precision: number };
  shareOfBareAutomaton: number;
  /** CPU of the slowest of the hostile lines, for a megabyte of it, and of each. */
  worstLineMsPerMb: number;
  hostileMsPerMb: Record<string, number>;
  masks: number;
  secretlintMessages: number;
  goals: {
    mbPerSecond: number;
    timesSecretlintLineByLine: number;
    worstLineMsPerMb: number;
    recall: number;
    precision: number;
    met: boolean;
  };
  samples: Record<string, number[]>;
}

const rounds = 7;
const corpusSize = 8_000_000;
const hostile = [
  'sig=',
  'authorization=',
  ':AA: "',
  '1 ',
  '4111 ',
  '00000000 ',
  '\\u00',
  '%41',
  'eyJ-',
  '-----BEGIN PRIVATE KEY-----A',
  '@a.',
  '\u001b]',
  '\u001b',
  'passwd=',
  'AAAAAAAAAAAAAAAAAAAAA',
  'H4sIAAAA ',
  '0000',
  '&#65;',
  'ovh',
  'tk-us-',
];

/** Measures masking of a mixed log in one stream with all rules and 1,000 known secrets in all forms, in turns with what it is held against. */
export async function run(): Promise<MaskReport> {
  const text = generateLog(corpusSize);
  const raw = Buffer.from(text);
  const buildStart = performance.now();
  const masker = maskerOf(machineMade(1000));
  const buildMs = performance.now() - buildStart;
  const odd = maskerOf(generateSecrets(1000, 9));
  const none = maskerOf([]);
  const automaton = buildKeywordAutomaton(
    builtInRules.flatMap((rule) => rule.keywords.map((keyword) => squeezeText(Buffer.from(keyword)))),
  );
  const squeezed = allocateSqueezedText(raw.length);
  const sample = text.slice(0, 250_000);
  const lines = text.split('\n').map((line) => `${line}\n`);
  const names = 'mask odd none automaton squeeze secretlint maskLines streamLines secretlintLines sweep'.split(' ');
  const samples: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
  let secretlintMessages = 0;
  for (let round = 0; round < rounds; round += 1) {
    samples['mask']!.push(rate(raw.length, () => maskAll(masker, raw)));
    samples['odd']!.push(rate(raw.length, () => maskAll(odd, raw)));
    samples['none']!.push(rate(raw.length, () => maskAll(none, raw)));
    samples['squeeze']!.push(rate(raw.length, () => squeeze(raw, squeezed)));
    samples['automaton']!.push(rate(squeezed.length, () => findKeywords(automaton, squeezed, () => undefined)));
    const start = process.cpuUsage();
    secretlintMessages = (await lintBySecretlint(sample)).length;
    samples['secretlint']!.push(sample.length / microseconds(start));
    await measureLines(masker, lines, samples);
    samples['sweep']!.push(await costOfSweep(text.slice(0, 1_000_000)));
  }
  const masks = maskAll(masker, raw).toString('latin1').split('[masked:').length - 1;
  const hostileMsPerMb = Object.fromEntries(hostile.map((unit) => [unit, costOf(masker, unit)]));
  return toReport(samples, {
    buildMs,
    masks,
    secretlintMessages,
    hostileMsPerMb,
    linesPerByte: lines.length / raw.length,
    lookAlikes: countLookAlikes(),
  });
}

const lintedLines = 1000;
const maskedLines = 20_000;

async function measureLines(masker: Masker, lines: readonly string[], samples: MaskReport['samples']): Promise<void> {
  const masked = lines.slice(0, maskedLines);
  const bytes = masked.reduce((sum, line) => sum + line.length, 0);
  samples['maskLines']!.push(rate(bytes, () => masked.map((line) => masker.maskText(line))));
  const stream = masker.createMaskStream();
  const chunks = masked.map((line) => Buffer.from(line));
  samples['streamLines']!.push(rate(bytes, () => [...chunks.map((chunk) => stream.write(chunk)), stream.flush()]));
  const linted = lines.slice(0, lintedLines);
  const start = process.cpuUsage();
  for (const line of linted) await lintBySecretlint(line);
  samples['secretlintLines']!.push(linted.reduce((sum, line) => sum + line.length, 0) / microseconds(start));
}

async function costOfSweep(text: string): Promise<number> {
  const secrets = createSecretSet();
  const known = machineMade(1000).map((value, at) => ({ name: `s${at}`, value, retiredAt: null, allowWeak: false }));
  addParts(secrets, admitSecrets(known, new Date(0)).parts);
  const start = process.cpuUsage();
  await sweep(Buffer.from(text), { secrets });
  return microseconds(start) / 1000 / (text.length / 1e6);
}

function countLookAlikes(): MaskReport['lookAlikes'] {
  const masker = createMasker({ secrets: [], rules: [], profile: 'audit', now: new Date(0) });
  const all = generateLookAlikes(12);
  const masked = all.filter(({ line }) => masker.maskText(line) !== line);
  const found = masked.filter(({ isSecret }) => isSecret).length;
  return {
    count: all.length,
    recall: found / all.filter(({ isSecret }) => isSecret).length,
    precision: found / masked.length,
  };
}

function machineMade(count: number): string[] {
  return generateSecrets(4 * count, 9)
    .filter((_, at) => at % 4 < 2)
    .slice(0, count);
}

function maskerOf(values: readonly string[]): Masker {
  const secrets = values.map((value, at) => ({ name: `s${at}`, value, retiredAt: null, allowWeak: false }));
  return createMasker({ secrets, rules: [], profile: 'log', now: new Date(0) });
}

function maskAll(masker: Masker, raw: Buffer): Buffer {
  const stream = masker.createMaskStream();
  return Buffer.concat([stream.write(raw), stream.flush()]);
}

async function lintBySecretlint(content: string): Promise<readonly unknown[]> {
  const { messages } = await lintSource({
    source: { filePath: 'build.log', content, ext: '.log', contentType: 'text' },
    options: { config: { rules: [{ id: 'preset', rule: creator }] } },
  });
  return messages;
}

/** Best of three: what is measured is the line, not the neighbours. */
function costOf(masker: Masker, unit: string): number {
  const line = Buffer.from(unit.repeat(Math.ceil(1e6 / unit.length)).slice(0, 1e6));
  const costs = [0, 1, 2].map(() => {
    const start = process.cpuUsage();
    maskAll(masker, line);
    return microseconds(start) / 1000;
  });
  return Math.min(...costs);
}

/** Bytes a microsecond of CPU, which is megabytes a second. */
function rate(bytes: number, work: () => unknown): number {
  const start = process.cpuUsage();
  work();
  return bytes / microseconds(start);
}

function microseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

function toReport(
  samples: MaskReport['samples'],
  counts: {
    buildMs: number;
    masks: number;
    secretlintMessages: number;
    hostileMsPerMb: Record<string, number>;
    linesPerByte: number;
    lookAlikes: MaskReport['lookAlikes'];
  },
): MaskReport {
  const medianOf = (name: string): number =>
    (samples[name] ?? []).toSorted((left, right) => left - right)[Math.floor(rounds / 2)] ?? 0;
  const goals = { mbPerSecond: 20, timesSecretlintLineByLine: 20, worstLineMsPerMb: 10, recall: 0.97, precision: 0.95 };
  const { linesPerByte, ...counted } = counts;
  const { lookAlikes } = counted;
  const worstLineMsPerMb = Math.max(...Object.values(counted.hostileMsPerMb));
  const timesSecretlintLineByLine = medianOf('maskLines') / medianOf('secretlintLines');
  const [mask, secretlint, automaton] = [medianOf('mask'), medianOf('secretlint'), medianOf('automaton')];
  return {
    name: 'mask',
    machine: describeMachine(),
    setting: `${corpusSize / 1e6} MB of mixed log lines in one stream, CPU time, ${rounds} rounds in turns; secretlint 13.0.7 with its recommended preset on the first 250 kB and, one at a time, on the first ${lintedLines} lines; no public corpus of leaks is at hand, look-alikes are generated`,
    rules: builtInRules.length,
    secrets: 1000,
    ...counted,
    maskMbPerSecond: mask,
    maskLinesPerSecond: Math.round(mask * 1e6 * linesPerByte),
    oddSecretsMbPerSecond: medianOf('odd'),
    withoutSecretsMbPerSecond: medianOf('none'),
    bareAutomatonMbPerSecond: automaton,
    squeezeMbPerSecond: medianOf('squeeze'),
    secretlintMbPerSecond: secretlint,
    timesSecretlint: mask / secretlint,
    shareOfBareAutomaton: mask / automaton,
    maskLineByLineMbPerSecond: medianOf('maskLines'),
    streamLineByLineMbPerSecond: medianOf('streamLines'),
    secretlintLineByLineMbPerSecond: medianOf('secretlintLines'),
    timesSecretlintLineByLine,
    sweepMsPerMb: medianOf('sweep'),
    worstLineMsPerMb,
    goals: {
      ...goals,
      met:
        mask >= goals.mbPerSecond &&
        timesSecretlintLineByLine >= goals.timesSecretlintLineByLine &&
        lookAlikes.recall >= goals.recall &&
        lookAlikes.precision >= goals.precision &&
        worstLineMsPerMb <= goals.worstLineMsPerMb,
    },
    samples,
  };
}
