import type { JsonObject } from '@tminus/verify';

import { FieldLedger } from '../../rollout/import/field-ledger.ts';
import { toMeasureId } from '../../rollout/import/imported-rollout.ts';
import { readQuery, readRate } from '../../rollout/import/read-query.ts';
import { nothingLikeIt } from './imported-objectives.ts';
import type { DraftObjective, ImportedObjectives } from './imported-objectives.ts';
import { readGoal } from './read-goal.ts';
import { readCounter } from './to-bad.ts';
import { readRest, readRestOfShare } from './to-counted.ts';

type Path = readonly (string | number)[];
type Item = ReturnType<FieldLedger['each']>[number];

/** Where a key of the command line's format stands in the Kubernetes one, and the other way round. */
const names = {
  error: ['error_query', 'errorQuery'],
  total: ['total_query', 'totalQuery'],
  ratio: ['error_ratio_query', 'errorRatioQuery'],
  page: ['page_alert', 'pageAlert'],
  ticket: ['ticket_alert', 'ticketAlert'],
} as const;

/** Returns a Sloth document (`prometheus/v1`, or `PrometheusServiceLevel` of sloth.slok.dev/v1) as drafts of objectives. */
export function fromSloth(document: JsonObject): ImportedObjectives {
  const ledger = new FieldLedger(document, nothingLikeIt);
  const open: string[] = [];
  for (const key of ['version', 'apiVersion', 'kind']) ledger.take([key], 'what it is');
  const root: Path = document['spec'] === undefined ? [] : ['spec'];
  const service = ledger.takeText([...root, 'service'], 'the beginning of each id');
  ledger.lose([...root, 'labels'], 'labels of rules are the launch and the objective');
  const objectives = ledger.each([...root, 'slos']).map((item) => readSlo(ledger, item, { service, open }));
  return { format: 'sloth', id: service, objectives, checks: [], fields: ledger.fields(), open };
}

function readSlo(
  ledger: FieldLedger,
  { path }: Item,
  { service, open }: { service: string; open: string[] },
): DraftObjective {
  const id = toMeasureId(`${service}-${ledger.takeText([...path, 'name'], 'the end of the id')}`);
  const draft: DraftObjective = {
    id,
    title: ledger.takeText([...path, 'description'], 'title') || id,
    ...readEvents(ledger, [...path, 'sli'], (why) => open.push(`${id}: ${why}`)),
  };
  const percent = ledger.take([...path, 'objective'], 'goal');
  const goal = typeof percent === 'number' ? readGoal(percent) : null;
  if (goal === null) open.push(`${id}: write goal; its objective is ${JSON.stringify(percent ?? null)}`);
  else draft.goal = goal;
  open.push(`${id}: it names no window: the generator of Sloth is told one, and ours is 30 days where none is written`);
  loseAlerting(ledger, [...path, 'alerting'], (why) => open.push(`${id}: ${why}`));
  ledger.lose([...path, 'labels'], 'labels of rules are the launch and the objective');
  return draft;
}

function readEvents(
  ledger: FieldLedger,
  sli: Path,
  ask: (why: string) => void,
): Pick<DraftObjective, 'total' | 'bad' | 'good'> {
  const counted = readErrors(ledger, sli);
  if (counted !== null) return counted;
  ledger.lose(sli, 'it is no counter of bad events and no counter of all: an objective counts both');
  ask('write total and bad as raw counters; its queries are no sum of one rate each');
  return {};
}

function readErrors(ledger: FieldLedger, sli: Path): Pick<DraftObjective, 'total' | 'bad' | 'good'> | null {
  const text = (group: string, keys: readonly string[]): string | null => {
    const found = keys.map((key) => ledger.look([...sli, group, key])).find((value) => typeof value === 'string');
    return typeof found === 'string' ? found : null;
  };
  const [error, total] = [text('events', names.error), text('events', names.total)];
  const ratio = text('raw', names.ratio);
  const pair =
    error !== null && total !== null
      ? { bad: readRate(error), total: readRate(total) }
      : { bad: null, total: null, ...(ratio === null ? null : readQuery(ratio)) };
  const rest = ratio === null ? null : readRestOfShare(ratio);
  const good = error !== null && pair.total ? readRest(error, pair.total) : (rest?.good ?? null);
  const all = pair.total ?? rest?.total;
  if (good !== null && all) {
    for (const key of [...names.error, ...names.ratio])
      for (const group of ['events', 'raw'])
        ledger.take([...sli, group, key], 'good: the raw counter of what it takes away');
    for (const key of names.total) ledger.take([...sli, 'events', key], 'total: its raw counter');
    return { total: all, good };
  }
  if (!pair.bad || !pair.total || readCounter(pair.bad) === null || readCounter(pair.total) === null) return null;
  for (const key of [...names.error, ...names.ratio])
    for (const group of ['events', 'raw']) ledger.take([...sli, group, key], 'bad: its raw counter');
  for (const key of names.total) ledger.take([...sli, 'events', key], 'total: its raw counter');
  return { total: pair.total, bad: pair.bad };
}

/** Rules that are made here tell people of each pair of burn rates; what was silent there is loud here. */
function loseAlerting(ledger: FieldLedger, alerting: Path, ask: (why: string) => void): void {
  ledger.lose(alerting, 'the alerts of an objective are made of its burn rates, and told by the routes of the launch');
  const isSilent = [names.page, names.ticket].every((keys) =>
    keys.some((key) => ledger.look([...alerting, key, 'disable']) === true),
  );
  if (isSilent) ask('its alerts are switched off there; rules that are made of it here do alert: say whether they may');
}
