import type { JsonObject } from '@tminus/verify';

import { FieldLedger, toScalarText } from '../../rollout/import/field-ledger.ts';
import { toMeasureId } from '../../rollout/import/imported-rollout.ts';
import { nothingLikeIt } from './imported-objectives.ts';
import type { DraftAlertCheck, DraftObjective, ImportedObjectives } from './imported-objectives.ts';
import { listRatioRecords, toObjectiveOf } from './ratio-records.ts';
import { toAlertQuestions } from './to-alert-checks.ts';

type Item = ReturnType<FieldLedger['each']>[number];

/** Returns a file of Prometheus rules, or a PrometheusRule of its operator, as drafts: objectives of recorded ratios, and checks of alerts. */
export function fromPrometheusRules(document: JsonObject): ImportedObjectives {
  const ledger = new FieldLedger(document, nothingLikeIt);
  const open: string[] = [];
  for (const key of ['apiVersion', 'kind']) ledger.take([key], 'what it is');
  const root = document['groups'] === undefined ? ['spec', 'groups'] : ['groups'];
  const groups = ledger.each(root);
  const names = groups.map(({ path }) => ledger.takeText([...path, 'name'], 'what it is about'));
  for (const { path } of groups) ledger.lose([...path, 'interval'], 'a check is asked when its gate is');
  const rules = groups.flatMap(({ path }) => ledger.each([...path, 'rules']));
  const checks = uniqueIds(rules.flatMap((rule) => readAlert(ledger, rule, open)));
  if (checks.length > 0)
    open.push('a check is unknown where its series are only there while something is wrong: ask for all of them then');
  return {
    format: 'prometheus-rules',
    id: ledger.takeText(['metadata', 'name'], 'what it is about') || names.join(', '),
    objectives: readRecords(ledger, rules, open),
    checks,
    fields: ledger.fields(),
    open,
  };
}

/** Several records of one ratio over different times are one objective. */
function readRecords(ledger: FieldLedger, rules: readonly Item[], open: string[]): DraftObjective[] {
  const alerts = rules.map(({ value }) => toScalarText(value['alert'] === undefined ? '' : value['expr']));
  const found = new Map<string, DraftObjective>();
  for (const rule of rules.filter(({ value }) => value['record'] !== undefined)) {
    const [ratio] = listRatioRecords(rule.value);
    const draft = ratio === undefined ? null : toObjectiveOf(ratio, alerts);
    const id = toMeasureId(toScalarText(rule.value['record']));
    if (draft === null || typeof draft === 'string') {
      ledger.lose(rule.path, draft ?? 'it records no share of two rates');
      if (draft !== null) open.push(`${id}: ${draft}`);
      continue;
    }
    ledger.take([...rule.path, 'record'], 'id');
    ledger.take([...rule.path, 'expr'], 'total and bad: their raw counters');
    ledger.lose([...rule.path, 'labels'], 'labels of rules are the launch and the objective');
    const key = JSON.stringify([draft.total, draft.bad, draft.good]);
    if (found.has(key)) continue;
    found.set(key, { ...draft, id });
    if (draft.goal === undefined) open.push(`${id}: write goal; no alert says which share of bad events is allowed`);
    open.push(`${id}: a record names no window of a budget: ours is 30 days where none is written`);
  }
  return [...found.values()];
}

function readAlert(ledger: FieldLedger, { path, value }: Item, open: string[]): DraftAlertCheck[] {
  if (value['alert'] === undefined) return [];
  const name = toScalarText(value['alert']);
  const asked = toAlertQuestions(toScalarText(value['expr']));
  if (asked === null) {
    const why = 'its expression cannot be turned into one that answers while all is well';
    ledger.lose(path, why);
    open.push(`${name}: ${why}: ask Prometheus for what has to hold instead`);
    return [];
  }
  ledger.take([...path, 'alert'], 'id and words of a criterion');
  ledger.take([...path, 'expr'], 'query of a prometheus check');
  ledger.lose([...path, 'for'], 'a check looks at one moment, and fails at once');
  if (value['keep_firing_for'] !== undefined) {
    ledger.lose([...path, 'keep_firing_for'], 'a check looks at one moment');
    open.push(
      `${name}: it goes on firing for ${toScalarText(value['keep_firing_for'])} after it is well: say whether a look at one moment will do`,
    );
  }
  ledger.lose([...path, 'labels'], 'who is told is the business of the routes of the launch');
  ledger.lose([...path, 'annotations'], 'words of an alert are filled in by Prometheus');
  return asked.map((question) => ({ id: toMeasureId(name), title: `${name} does not fire`, ...question }));
}

function uniqueIds(checks: readonly DraftAlertCheck[]): DraftAlertCheck[] {
  const met = new Map<string, number>();
  return checks.map((check) => {
    const count = (met.get(check.id) ?? 0) + 1;
    met.set(check.id, count);
    return count === 1 ? check : { ...check, id: `${check.id}-${count}` };
  });
}
