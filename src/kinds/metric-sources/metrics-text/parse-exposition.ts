import { seriesKey } from '../counter-series.ts';
import type { Labels } from '../../../core/rollout/selector.ts';

/** One sample of a page of metrics. */
export interface TextSample {
  name: string;
  labels: Labels;
  value: number;
  /** The time that stands beside it; null where the page says none, which is the time of asking. */
  atMs: number | null;
}

/** A page of metrics, or the line that is none. A page of which one line cannot be read is no page: what it left out may be the errors. */
export type Exposition = { ok: true; samples: TextSample[] } | { ok: false; line: number; reason: string };

const sampleLine =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?[ \t]+(\S+)(?:[ \t]+(-?\d+(?:\.\d+)?))?(?:[ \t]*#.*|[ \t]*)$/;
const pair = /\s*([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"\s*(,|$)/y;
const mostSamples = 200_000;

/**
 * Reads the text format 0.0.4 of Prometheus and OpenMetrics 1.0, which has seconds for times and ends with `# EOF`; without that end it was cut off.
 * Exemplars are passed over.
 */
export function parseExposition(text: string, isOpenMetrics: boolean): Exposition {
  const lines = text.split('\n');
  const samples: TextSample[] = [];
  const seen = new Set<string>();
  if (isOpenMetrics && !/^# EOF$/.test(text.trimEnd().split('\n').at(-1) ?? ''))
    return { ok: false, line: lines.length, reason: 'expected # EOF at the end, got a page that was cut off' };
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const sample = readSample(line.replace(/\r$/, ''), isOpenMetrics ? 1_000 : 1);
    if (typeof sample === 'string') return { ok: false, line: index + 1, reason: sample };
    const key = seriesKey(sample.name, '', sample.labels);
    if (seen.has(key))
      return { ok: false, line: index + 1, reason: `expected each series once, got ${sample.name} twice` };
    seen.add(key);
    samples.push(sample);
    if (samples.length > mostSamples)
      return { ok: false, line: index + 1, reason: `expected at most ${mostSamples} samples, got more` };
  }
  return { ok: true, samples };
}

function readSample(line: string, msPerUnit: number): TextSample | string {
  const match = sampleLine.exec(line);
  if (match === null) return `expected name{label="value"} number, got ${JSON.stringify(line.slice(0, 60))}`;
  const [, name = '', inner = '', number = '', at] = match;
  const labels = readLabels(inner);
  const value = readNumber(number);
  if (labels === null) return `expected labels such as code="200", got ${JSON.stringify(inner.slice(0, 60))}`;
  if (value === null) return `expected a number, got ${JSON.stringify(number.slice(0, 40))}`;
  return { name, labels, value, atMs: at === undefined ? null : Number(at) * msPerUnit };
}

function readNumber(text: string): number | null {
  const special = { '+Inf': Infinity, Inf: Infinity, '-Inf': -Infinity, NaN: Number.NaN }[text];
  if (special !== undefined) return special;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}

function readLabels(inner: string): Labels | null {
  const labels: [string, string][] = [];
  pair.lastIndex = 0;
  while (pair.lastIndex < inner.length) {
    const match = pair.exec(inner);
    if (match === null) return null;
    labels.push([match[1]!, match[2]!.replaceAll(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))]);
  }
  return new Set(labels.map(([label]) => label)).size === labels.length ? Object.fromEntries(labels) : null;
}
