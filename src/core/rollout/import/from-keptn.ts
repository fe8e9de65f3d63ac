import type { JsonObject, JsonValue } from '@tminus/verify';

import { FieldLedger, toScalarText } from './field-ledger.ts';
import { toMeasureId, toMeasures } from './imported-rollout.ts';
import type { DraftMeasure, ImportedRollout } from './imported-rollout.ts';

type Item = ReturnType<FieldLedger['each']>[number];

/** Returns an SLO file of Keptn's quality gates (spec_version 0.1.x or 1.0) as a draft: which measures gate, and a question for each criterion, since none is a ratio of counters. */
export function fromKeptn(document: JsonObject): ImportedRollout {
  const ledger = new FieldLedger(document);
  const open = ['it has no phases: Keptn evaluates once, when a deployment is through', 'it has no name: choose an id'];
  ledger.take(['spec_version'], 'what it is');
  ledger.lose(['comparison'], 'the canary is held against the stable arm of now, and not against earlier evaluations');
  ledger.lose(['total_score'], 'scores are not added up: every measure that gates has to pass');
  const filter = ledger.look(['filter']);
  ledger.lose(['filter'], 'which requests are meant is said by the labels of a selector');
  if (filter !== undefined && filter !== null)
    open.push(`it looks only at ${toWords(filter)}: put that into every selector`);
  const measures = ledger.each(['objectives']).map((item) => readObjective(ledger, item, open));
  if (measures.length === 0) open.push('it has no objectives: write measures');
  return {
    format: 'keptn-slo',
    id: 'keptn',
    title: 'keptn',
    phases: [],
    interval: null,
    measures: toMeasures(measures, open),
    fields: ledger.fields(),
    open,
  };
}

function readObjective(ledger: FieldLedger, { path, value }: Item, open: string[]): [string, DraftMeasure] {
  const id = toMeasureId(ledger.takeText([...path, 'sli'], 'name of the measure'));
  const title = ledger.takeText([...path, 'displayName'], 'title');
  ledger.lose([...path, 'weight'], 'scores are not added up: every measure that gates has to pass');
  ledger.take([...path, 'key_sli'], 'gating: every measure that gates has to pass');
  ledger.lose([...path, 'warning'], 'half a score is none: only PASS goes on');
  ledger.lose([...path, 'pass'], 'a measure is a share of bad events, and no value that is held against a limit');
  const passes = readCriteria(value['pass']);
  open.push(
    passes === ''
      ? `${id}: it is only written down there; write total and bad, or buckets, or leave it out`
      : `${id}: it passed at ${passes}; write total and bad, or buckets, and a cap or margin that is as strict`,
  );
  // What Keptn only stores has to stop nobody here either, and what it judges has to gate.
  const gating = passes === '' ? { gating: false } : {};
  return [id, { source: '', ...(title === '' ? {} : { title }), ...gating, ...quantileOf(id) }];
}

/** Lists of criteria are alternatives; what stands in one of them has to hold together. */
function readCriteria(pass: JsonValue | undefined): string {
  if (!Array.isArray(pass)) return '';
  const alternatives = pass.map((one) => {
    const criteria = (one as JsonObject | null)?.['criteria'];
    return Array.isArray(criteria) ? criteria.map(toScalarText).join(' and ') : '';
  });
  return alternatives.filter((text) => text !== '').join(', or ');
}

/** `request_latency_p95` names its quantile. */
function quantileOf(id: string): Pick<DraftMeasure, 'quantile'> {
  const [, digits] = /[._-]p(\d{2,3})$/i.exec(id) ?? [];
  return digits === undefined ? {} : { quantile: Number(`0.${digits}`) };
}

function toWords(value: JsonValue): string {
  return JSON.stringify(value).replaceAll(/["{}]/g, '').replaceAll(':', ' ').replaceAll(',', ', ');
}
