import type { JsonObject } from '@tminus/verify';

import { FieldLedger, toScalarText } from './field-ledger.ts';
import { toMeasureId, toMeasures } from './imported-rollout.ts';
import type { DraftMeasure, DraftPhase, ImportedRollout } from './imported-rollout.ts';

const analysis = ['spec', 'analysis'] as const;

/** Returns a Flagger Canary (flagger.app/v1beta1) as a draft. */
export function fromFlagger(document: JsonObject): ImportedRollout {
  const ledger = new FieldLedger(document);
  const open: string[] = [];
  const id = ledger.takeText(['metadata', 'name'], 'id');
  for (const key of ['apiVersion', 'kind']) ledger.take([key], 'what it is');
  const interval = ledger.take([...analysis, 'interval'], 'interval');
  for (const key of ['targetRef', 'service', 'provider', 'autoscalerRef'])
    ledger.lose(['spec', key], 'what is shifted is the business of the router');
  ledger.lose(
    [...analysis, 'threshold'],
    'failed looks are not counted: the judge weighs every request, and forgets none of them by a new revision',
  );
  for (const { path, value } of ledger.each([...analysis, 'webhooks'])) {
    ledger.lose(path, 'checks and load before a phase are criteria and steps of the runbook');
    open.push(
      `it asks ${toScalarText(value['name']) || 'a webhook'} (${toScalarText(value['type']) || 'rollout'}): write a criterion, or a step, that does`,
    );
  }
  for (const key of ['alerts', 'mirror', 'mirrorWeight', 'match', 'sessionAffinity'])
    if (ledger.look([...analysis, key]) !== undefined) {
      ledger.lose([...analysis, key], 'a router shifts by weight, and nothing else of it is told here');
      open.push(`it names ${key}: see what the router, the shadow or the routes of alerts have for it`);
    }
  return {
    format: 'flagger-canary',
    id,
    title: id,
    phases: readPhases(ledger, open),
    interval: typeof interval === 'string' ? interval : null,
    measures: toMeasures(
      ledger.each([...analysis, 'metrics']).map((metric) => readMetric(ledger, metric, open)),
      open,
    ),
    fields: ledger.fields(),
    open,
  };
}

function readPhases(ledger: FieldLedger, open: string[]): DraftPhase[] {
  const listed = ledger.take([...analysis, 'stepWeights'], 'phases');
  const step = Number(ledger.take([...analysis, 'stepWeight'], 'phases') ?? 0);
  const most = Number(ledger.take([...analysis, 'maxWeight'], 'phases') ?? 100);
  const counted = step > 0 ? Array.from({ length: Math.floor(most / step) }, (_, at) => (at + 1) * step) : [];
  const weights = Array.isArray(listed) ? listed.map(Number) : counted;
  if (weights.length === 0) {
    ledger.lose([...analysis, 'iterations'], 'traffic by header or cookie has no weight');
    open.push('it names no weights: it sends users by a match. Choose phases, or flip a flag file');
    return [];
  }
  // Flagger promotes after its last weight: from there, all traffic goes to the new version.
  return [...weights.filter((weight) => weight < 100).map((weight) => ({ weight })), { weight: 100 }];
}

function readMetric(
  ledger: FieldLedger,
  { path, value }: ReturnType<FieldLedger['each']>[number],
  open: string[],
): [string, DraftMeasure] {
  const name = ledger.takeText([...path, 'name'], 'name of the measure');
  const id = toMeasureId(name);
  ledger.lose([...path, 'interval'], 'the interval of the rollout holds for all measures');
  const range = (value['thresholdRange'] ?? {}) as JsonObject;
  const least = range['min'] ?? (name === 'request-success-rate' ? value['threshold'] : undefined);
  if (name === 'request-success-rate' && least !== undefined) {
    for (const key of ['thresholdRange', 'threshold']) ledger.take([...path, key], 'cap');
    open.push(`${id}: write total and bad, with $arm; the meshes count under names of their own`);
    return [id, { source: '', cap: `${round(100 - Number(least))}%` }];
  }
  for (const key of ['thresholdRange', 'threshold'])
    ledger.lose([...path, key], 'slow is what is beyond the stable arm, and no number of milliseconds');
  const limit = [range['max'], range['min'], value['threshold']].map(toScalarText).find((text) => text !== '');
  open.push(
    `${id}: write buckets and quantile, or total and bad, with $arm${limit === undefined ? '' : `; its limit was ${limit}`}`,
  );
  return [id, { source: '' }];
}

function round(value: number): number {
  return Number(value.toFixed(6));
}
