import { readResponse } from '../../checks/prometheus/read-response.ts';
import type { Series } from '../../checks/prometheus/read-response.ts';
import { Unreadable } from '../../checks/unreadable.ts';
import { seriesKey } from '../counter-series.ts';
import type { CounterAnswer, CounterSeries } from '../counter-series.ts';
import type { Labels } from '../../../core/rollout/selector.ts';
import { marks } from './query.ts';

const own: readonly string[] = Object.values(marks);

/** Returns the series of an answer to `toQuery`, each with the time of its sample. Throws `Unreadable` where the answer says that it is none. */
export function readAnswer(body: Uint8Array): CounterAnswer {
  const { series } = readResponse(body);
  const answer: CounterAnswer = {
    askedAtMs: series[0]?.samples[0]?.at ?? 0,
    arms: { stable: { total: [], bad: [] }, canary: { total: [], bad: [] } },
  };
  const times = new Map(series.filter((one) => partOf(one) === 'at').map((one) => [keyOf(one), valueOf(one) * 1_000]));
  for (const one of series.filter((each) => partOf(each) === 'value')) {
    const atMs = times.get(keyOf(one));
    if (atMs === undefined)
      throw new Unreadable('malformed', `expected the time of a sample of ${textOf(one, marks.name)}, got none`);
    const arm = answer.arms[textOf(one, marks.arm) === 'canary' ? 'canary' : 'stable'];
    arm[textOf(one, marks.of) === 'bad' ? 'bad' : 'total'].push(toSeries(one, atMs));
  }
  return answer;
}

function toSeries(one: Series, atMs: number): CounterSeries {
  const labels = labelsOf(one);
  const target = JSON.stringify([labels['job'] ?? '', labels['instance'] ?? '']);
  return { name: textOf(one, marks.name), labels, target, value: valueOf(one), atMs };
}

function labelsOf({ labels }: Series): Labels {
  const kept = Object.entries(labels).filter(([label]) => label !== '__name__' && !own.includes(label));
  return Object.fromEntries(kept.map(([label, value]) => [label, typeof value === 'string' ? value : '']));
}

function keyOf(one: Series): string {
  return seriesKey(textOf(one, marks.name), `${textOf(one, marks.arm)} ${textOf(one, marks.of)}`, labelsOf(one));
}

function partOf(one: Series): string {
  return textOf(one, marks.part);
}

function textOf({ labels }: Series, label: string): string {
  const value = labels[label];
  return typeof value === 'string' ? value : '';
}

function valueOf({ samples }: Series): number {
  return samples[0]?.value ?? Number.NaN;
}
