import type { FieldLedger } from '../../rollout/import/field-ledger.ts';
import { readRate } from '../../rollout/import/read-query.ts';
import type { DraftObjective } from './imported-objectives.ts';
import { readCounter } from './to-bad.ts';
import { toCounted } from './to-counted.ts';

type Path = readonly (string | number)[];

/** Where a query stands: below the source of the metric (v1), or beside its name (v1alpha). */
const places: readonly Path[] = [['metricSource', 'spec', 'query'], ['query']];

/** Returns the counters of a ratio of OpenSLO, where both are a sum of one rate; otherwise nothing, and a question. */
export function readOpenSloCounters(
  ledger: FieldLedger,
  ratio: Path,
  ask: (why: string) => void,
): Pick<DraftObjective, 'total' | 'bad' | 'good'> {
  const [total, bad, good] = ['total', 'bad', 'good'].map((key) => readCounter(readQueryAt(ledger, [...ratio, key])));
  const totalText = readQueryAt(ledger, [...ratio, 'total']);
  const badText = bad ? readQueryAt(ledger, [...ratio, 'bad']) : null;
  // A ratio says by itself that what is good is a part of the total.
  const counted = badText !== null ? { bad: badText } : total && good ? toCounted(total, good, true) : null;
  if (!total || totalText === null || counted === null) {
    ask('write total and bad as raw counters; its queries do not name them');
    return {};
  }
  ledger.take([...ratio, 'total'], 'total: its raw counter');
  ledger.take([...ratio, 'bad'], 'bad: its raw counter');
  ledger.take(
    [...ratio, 'good'],
    'good' in counted ? 'good: its raw counter' : 'bad: the same with its condition turned round',
  );
  return { total: totalText, ...counted };
}

/** Returns what a query of rates counts; null where there is none, or where something else than PromQL is asked. */
function readQueryAt(ledger: FieldLedger, path: Path): string | null {
  const query = places.map((place) => ledger.look([...path, ...place])).find((value) => typeof value === 'string');
  return typeof query === 'string' ? readRate(query) : null;
}
