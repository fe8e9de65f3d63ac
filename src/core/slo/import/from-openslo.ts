import type { JsonObject, JsonValue } from '@tminus/verify';

import { FieldLedger, toScalarText } from '../../rollout/import/field-ledger.ts';
import { toMeasureId } from '../../rollout/import/imported-rollout.ts';
import { findIndicators } from './from-openslo-sli.ts';
import { nothingLikeIt } from './imported-objectives.ts';
import type { DraftObjective, ImportedObjectives } from './imported-objectives.ts';
import { readGoal } from './read-goal.ts';
import { readOpenSloCounters } from './read-openslo-counters.ts';

type Path = readonly (string | number)[];
type Item = ReturnType<FieldLedger['each']>[number];

/** What is said of all objectives of a document. */
interface Said {
  name: string;
  title: string;
  isVague: boolean;
  counted: Pick<DraftObjective, 'total' | 'bad' | 'good'> | null;
  window: Pick<DraftObjective, 'window'>;
  open: string[];
}

/** Returns an SLO of OpenSLO (`openslo/v1`, `openslo/v1alpha`) as drafts of objectives, one for each of its own. */
export function fromOpenSlo(document: JsonObject, all: readonly JsonValue[]): ImportedObjectives {
  const ledger = new FieldLedger(document, nothingLikeIt);
  const open: string[] = [];
  for (const key of ['apiVersion', 'kind']) ledger.take([key], 'what it is');
  const name = toMeasureId(ledger.takeText(['metadata', 'name'], 'id'));
  const display = ledger.takeText(['metadata', 'displayName'], 'title');
  const title = display || ledger.takeText(['spec', 'description'], 'title') || name;
  ledger.lose(['spec', 'service'], 'the launch is the service');
  ledger.lose(
    ['spec', 'alertPolicies'],
    'the alerts of an objective are made of its burn rates, and told by the routes of the launch',
  );
  const ask = (why: string): void => void open.push(`${name}: ${why}`);
  const said: Said = {
    name,
    title,
    isVague: !readMethod(ledger, ask),
    counted: readIndicator(ledger, all, ask),
    window: readWindow(ledger, ask),
    open,
  };
  const objectives = ledger
    .each(['spec', 'objectives'])
    .map((item, at) => readObjective(ledger, item, { ...said, name: at === 0 ? name : `${name}-${at + 1}` }));
  if (objectives.length === 0) ask('it has no objectives: write goal');
  return { format: 'openslo', id: name, objectives, checks: [], fields: ledger.fields(), open };
}

/** A share of good time slices is no share of good events: the same number allows another amount of errors. */
function readMethod(ledger: FieldLedger, ask: (why: string) => void): boolean {
  const method = toScalarText(ledger.look(['spec', 'budgetingMethod']));
  if (method === 'Occurrences') {
    ledger.take(['spec', 'budgetingMethod'], 'a share of events, which every objective is');
    return true;
  }
  ledger.lose(['spec', 'budgetingMethod'], 'an objective is a share of events, and not of time slices');
  ask(`its budget is of ${method || 'an unknown kind'}, ours of events: write the goal that is meant`);
  return false;
}

function readIndicator(
  ledger: FieldLedger,
  all: readonly JsonValue[],
  ask: (why: string) => void,
): Pick<DraftObjective, 'total' | 'bad' | 'good'> | null {
  if (ledger.look(['spec', 'indicatorRef']) !== undefined) {
    const name = toScalarText(ledger.look(['spec', 'indicatorRef']));
    const [named, ...others] = findIndicators(all, name);
    if (named !== undefined && others.length === 0) {
      ledger.take(['spec', 'indicatorRef'], 'total, and bad or good, of the SLI of this name');
      return readOpenSloCounters(new FieldLedger(named, nothingLikeIt), ['spec', 'ratioMetric'], ask);
    }
    ledger.lose(['spec', 'indicatorRef'], 'the SLI that it names is not in this file, once');
    ask(`write total and bad of the SLI ${name}, or put it into the file`);
    return {};
  }
  const spec: Path = ['spec', 'indicator', 'spec'];
  if (ledger.look(spec) === undefined) return null;
  return readOpenSloCounters(ledger, [...spec, 'ratioMetric'], ask);
}

function readObjective(ledger: FieldLedger, { path, value }: Item, said: Said): DraftObjective {
  const { name, title, isVague, window, open } = said;
  const ask = (why: string): void => void open.push(`${name}: ${why}`);
  const own = ledger.takeText([...path, 'displayName'], 'title');
  // Older documents (v1alpha) count in each objective by itself.
  const counted = said.counted ?? readOpenSloCounters(ledger, [...path, 'ratioMetrics'], ask);
  for (const key of ['op', 'value', 'lte', 'gte'])
    ledger.lose([...path, key], 'bad events are counted, and no value is held against a limit');
  if (value['value'] !== undefined)
    ask(
      `an event is good where its value is ${toScalarText(value['op'])} ${toScalarText(value['value'])}: write bad for the others`,
    );
  for (const key of ['timeSliceWindow', 'timeSliceTarget'])
    ledger.lose([...path, key], 'an objective is a share of events, and not of time slices');
  const goal = readTarget(ledger, path);
  if (goal === null) ask('write goal; its target cannot be read as a share');
  return {
    id: name,
    title: own === '' ? title : `${title}: ${own}`,
    ...counted,
    // Left out, so that reading the draft asks for it.
    ...(goal === null || isVague ? {} : { goal }),
    ...window,
  };
}

function readTarget(ledger: FieldLedger, path: Path): string | null {
  const share = ledger.take([...path, 'target'], 'goal');
  const percent = ledger.take([...path, 'targetPercent'], 'goal');
  const wanted = typeof share === 'number' ? share * 100 : percent;
  return typeof wanted === 'number' ? readGoal(Number(wanted.toPrecision(12))) : null;
}

const units: { [unit: string]: string } = {
  Minute: 'm',
  Hour: 'h',
  Day: 'd',
  Week: 'w',
  m: 'm',
  h: 'h',
  d: 'd',
  w: 'w',
};

function readWindow(ledger: FieldLedger, ask: (why: string) => void): Pick<DraftObjective, 'window'> {
  const path: Path =
    ledger.look(['spec', 'timeWindow', 0]) === undefined ? ['spec', 'timeWindows', 0] : ['spec', 'timeWindow', 0];
  const [, count, unit] = /^(\d+)(\w+)$/.exec(writtenWindow(ledger, path)) ?? [];
  if (count === undefined || unit === undefined) {
    ask('it names no window that can be read: write window');
    return { window: 'unknown' };
  }
  readRolling(ledger, path, ask);
  const letter = units[unit];
  // A month and a quarter have no fixed length, and what cannot be read is refused where the draft is.
  const window = letter === 'w' ? `${Number(count) * 7}d` : `${count}${letter ?? unit}`;
  if (letter === undefined || letter === 'm')
    ask(`its window is ${count}${unit}; ours is an hour to 90 days: write window`);
  return { window };
}

function writtenWindow(ledger: FieldLedger, path: Path): string {
  const duration: JsonValue | undefined = ledger.take([...path, 'duration'], 'window');
  if (duration !== undefined) return toScalarText(duration);
  return ledger.takeText([...path, 'count'], 'window') + ledger.takeText([...path, 'unit'], 'window');
}

function readRolling(ledger: FieldLedger, path: Path, ask: (why: string) => void): void {
  const isRolling = ledger.look([...path, 'isRolling']);
  if (isRolling === false || ledger.look([...path, 'calendar']) !== undefined) {
    ledger.lose([...path, 'isRolling'], 'every window rolls');
    ledger.lose([...path, 'calendar'], 'every window rolls');
    ask('its window begins anew by the calendar, ours rolls: say whether that is meant');
  } else ledger.take([...path, 'isRolling'], 'every window rolls');
}
