import type { JsonObject } from '@tminus/verify';

import { FieldLedger, toScalarText } from './field-ledger.ts';
import { takeName } from './from-argo.ts';
import { toMeasureId, toMeasures } from './imported-rollout.ts';
import type { DraftMeasure, ImportedRollout } from './imported-rollout.ts';
import { readBound, readQuery } from './read-query.ts';
import type { Bound } from './read-query.ts';

type Path = readonly (string | number)[];
type Counted = Omit<DraftMeasure, 'source'>;

/** Returns an Argo AnalysisTemplate (argoproj.io/v1alpha1) as a draft: its measures, without phases. */
export function fromArgoAnalysis(document: JsonObject): ImportedRollout {
  const ledger = new FieldLedger(document);
  const open: string[] = ['it has no phases: take its measures over into a rollout'];
  const id = takeName(ledger);
  const measures = ledger.each(['spec', 'metrics']).flatMap(({ path, value }) => {
    const name = toMeasureId(toScalarText(value['name']));
    const ask = (why: string): void => void open.push(`${name}: ${why}`);
    const measure = readMetric(ledger, path, ask);
    return measure === null ? [] : [[name, measure] as const];
  });
  return {
    format: 'argo-analysis-template',
    id,
    title: id,
    phases: [],
    interval: null,
    measures: toMeasures(measures, open),
    fields: ledger.fields(),
    open,
  };
}

function readMetric(ledger: FieldLedger, path: Path, ask: (why: string) => void): DraftMeasure | null {
  const conditions = readConditions(ledger, path);
  const bounds = conditions.flatMap(({ bound }) => bound ?? []);
  const counted = readCounted(ledger, path, ask);
  if (counted === null) return null;
  // A share that has to stay high counts what is good: calling that bad would turn the judge round.
  if (counted.bad !== undefined && (bounds.length === 0 || bounds.some(({ side }) => side !== 'below'))) {
    ledger.lose(path, 'it counts what is good, or no one knows which; a measure counts what is bad');
    ask(`it counts what is good${wantedOf(conditions)}; write bad: for the rest of ${counted.total}`);
    return null;
  }
  takeFields(ledger, path);
  const written = JSON.stringify(counted);
  if (!written.includes('$arm')) ask('put $arm where the label of the version stands');
  for (const argument of new Set(written.match(/\{\{[^}]*\}\}/g) ?? [])) ask(`write what ${argument} stands for`);
  const isShare = counted.bad !== undefined;
  for (const { key, text, bound } of conditions) {
    if (isShare && bound !== null) ledger.take([...path, key], 'cap: the strictest of its conditions');
    else {
      ledger.lose([...path, key], 'a measure has a share of bad events as its cap, and no other limit');
      ask(`it has to be ${text}: write a cap, or a check of a criterion, that is as strict`);
    }
  }
  return { source: '', ...counted, ...(isShare ? { cap: toCap(bounds) } : {}) };
}

function readCounted(ledger: FieldLedger, path: Path, ask: (why: string) => void): Counted | null {
  const query = ledger.look([...path, 'provider', 'prometheus', 'query']);
  const counted = typeof query === 'string' ? readQuery(query) : null;
  if (counted !== null) return counted;
  const what =
    typeof query === 'string'
      ? 'its query is no share of two rates and no quantile'
      : 'it is read by no Prometheus query';
  ledger.lose(path, `${what}: a check of a criterion can ask it`);
  ask(`${what}${wantedOf(readConditions(ledger, path))}; write it as a check, or write what it counts`);
  return null;
}

function takeFields(ledger: FieldLedger, path: Path): void {
  ledger.take([...path, 'name'], 'name of the measure');
  ledger.take([...path, 'provider', 'prometheus'], 'total and bad, or buckets');
  for (const key of ['interval', 'count', 'initialDelay'])
    ledger.lose([...path, key], 'the interval and the phases of the rollout hold for all measures');
  for (const key of ['failureLimit', 'inconclusiveLimit', 'consecutiveErrorLimit'])
    ledger.lose([...path, key], 'looks are not counted: the judge weighs every request');
}

/** What is between both of its conditions pauses an Argo Rollout; here, the strictest of them is the cap. */
function toCap(bounds: readonly Bound[]): string {
  return `${Number((Math.min(...bounds.map(({ value }) => value)) * 100).toFixed(6))}%`;
}

interface Condition {
  key: string;
  /** As it is written, with what it means for the canary. */
  text: string;
  bound: Bound | null;
}

function readConditions(ledger: FieldLedger, path: Path): Condition[] {
  return (['successCondition', 'failureCondition'] as const).flatMap((key) => {
    const written = ledger.look([...path, key]);
    const isFailure = key === 'failureCondition';
    if (typeof written !== 'string') return [];
    return [{ key, text: `${isFailure ? 'not ' : ''}${written}`, bound: readBound(written, isFailure) }];
  });
}

function wantedOf(conditions: readonly Condition[]): string {
  return conditions.map(({ text }) => `, it has to be ${text}`).join('');
}
