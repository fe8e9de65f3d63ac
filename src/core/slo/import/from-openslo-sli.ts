import type { JsonObject, JsonValue } from '@tminus/verify';

import { FieldLedger, toScalarText } from '../../rollout/import/field-ledger.ts';
import { toMeasureId } from '../../rollout/import/imported-rollout.ts';
import { nothingLikeIt } from './imported-objectives.ts';
import type { ImportedObjectives } from './imported-objectives.ts';
import { readOpenSloCounters } from './read-openslo-counters.ts';

/** Returns an SLI of OpenSLO (`openslo/v1`) as what becomes of its fields: its counters stand in the drafts of the SLOs that name it. */
export function fromOpenSli(document: JsonObject, all: readonly JsonValue[]): ImportedObjectives {
  const ledger = new FieldLedger(document, nothingLikeIt);
  const open: string[] = [];
  for (const key of ['apiVersion', 'kind']) ledger.take([key], 'what it is');
  const name = ledger.takeText(['metadata', 'name'], 'what SLOs call it');
  const id = toMeasureId(name);
  const isNamed = all.some((one) => isObject(one) && one['kind'] === 'SLO' && nameOf(one) === name);
  if (!isNamed) open.push(`${id}: no SLO of the file names it: write the objective that it is for`);
  if (findIndicators(all, name).length > 1) open.push(`${id}: two are called so: say which is meant`);
  readOpenSloCounters(ledger, ['spec', 'ratioMetric'], (why) => isNamed || open.push(`${id}: ${why}`));
  return { format: 'openslo-sli', id, objectives: [], checks: [], fields: ledger.fields(), open };
}

/** Returns the SLIs of a name among documents. */
export function findIndicators(all: readonly JsonValue[], name: string): JsonObject[] {
  return all
    .filter(isObject)
    .filter((one) => one['kind'] === 'SLI' && one['apiVersion'] === 'openslo/v1')
    .filter((one) => isObject(one['metadata']) && toScalarText(one['metadata']['name']) === name);
}

function nameOf({ spec }: JsonObject): string {
  return isObject(spec) ? toScalarText(spec['indicatorRef']) : '';
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
