import type { JsonObject } from '@tminus/verify';

import { FieldLedger, toScalarText } from './field-ledger.ts';
import { toMeasureId } from './imported-rollout.ts';
import type { ImportedRollout } from './imported-rollout.ts';

/** Returns a canary config of Spinnaker's Kayenta as a draft. Its metrics are gauges or sums without a total: each is a question, and none is made up. */
export function fromKayenta(document: JsonObject): ImportedRollout {
  const ledger = new FieldLedger(document);
  const open: string[] = ['it has no phases: Spinnaker keeps them in the pipeline'];
  const id = ledger.takeText(['name'], 'id');
  ledger.take(['description'], 'title');
  ledger.lose(['judge'], 'the judge is our own');
  ledger.lose(['classifier'], 'scores are not added up: every measure that gates has to pass');
  const names = ledger.each(['metrics']).map((item) => readMetric(ledger, item, open));
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) open.push(`two metrics are both called ${twice}: say which is meant`);
  return {
    format: 'kayenta-canary-config',
    id,
    title: toScalarText(document['description']) || id,
    phases: [],
    interval: null,
    measures: {},
    fields: ledger.fields(),
    open,
  };
}

/** Points of a gauge depend on those before them, and ranks take them for independent: what Kayenta does with them is no proof of either side. */
const gauge =
  'it is a gauge, whose points are not independent: ranks of them prove nothing, and a measure counts events';

function readMetric(
  ledger: FieldLedger,
  { path, value }: ReturnType<FieldLedger['each']>[number],
  open: string[],
): string {
  const name = toScalarText(value['name']);
  const own = ledger.look([...path, 'analysisConfigurations', 'canary']) ?? {};
  const { muted, direction, critical } = own as JsonObject;
  ledger.lose(path, muted === true ? 'it is muted: it counted for nothing' : gauge);
  if (muted === true) return name;
  const failed = direction === 'increase' || direction === 'decrease' ? direction : 'change either way';
  open.push(
    `${toMeasureId(name)}: ${critical === true ? 'one that is critical must not' : 'it must not'} ${failed}; write total and bad, or buckets, or a check of a criterion`,
  );
  return name;
}
