import type { JsonObject, JsonValue } from '@tminus/verify';

import { FieldLedger, toScalarText } from './field-ledger.ts';
import type { DraftPhase, ImportedRollout } from './imported-rollout.ts';

const canary = ['spec', 'strategy', 'canary'] as const;

/** Returns an Argo Rollout (argoproj.io/v1alpha1) as a draft. */
export function fromArgoRollout(document: JsonObject): ImportedRollout {
  const ledger = new FieldLedger(document);
  const open: string[] = [];
  const id = takeName(ledger);
  for (const key of ['template', 'selector', 'replicas', 'revisionHistoryLimit'])
    ledger.lose(['spec', key], 'what runs is the business of the cluster');
  if (ledger.look(['spec', 'strategy', 'blueGreen']) !== undefined) {
    ledger.lose(['spec', 'strategy', 'blueGreen'], 'a flip between two services has no weights between 0 and 100');
    open.push('it flips from blue to green: choose phases, or one phase of weight 100 with a router that flips');
  }
  ledger.lose([...canary, 'analysis'], 'its templates are imported by themselves');
  if (ledger.look([...canary, 'analysis']) !== undefined)
    open.push('import the AnalysisTemplates that it names, and take over their measures');
  const phases = readSteps(ledger, open);
  open.push('it has no measures of its own');
  return { format: 'argo-rollout', id, title: id, phases, interval: null, measures: {}, fields: ledger.fields(), open };
}

function readSteps(ledger: FieldLedger, open: string[]): DraftPhase[] {
  const phases: DraftPhase[] = [];
  for (const { path, value } of ledger.each([...canary, 'steps'])) {
    if (value['setWeight'] !== undefined)
      phases.push({ weight: Number(ledger.take([...path, 'setWeight'], 'weight of a phase')) });
    else if (value['pause'] !== undefined && phases.length > 0) readPause(ledger, path, phases.at(-1)!);
    else loseStep(ledger, { path, value }, open);
  }
  if (phases.length > 0 && phases.at(-1)!.weight < 100) phases.push({ weight: 100 });
  if (phases.some(({ weight }, at) => at > 0 && weight <= phases[at - 1]!.weight))
    open.push('its weights fall again: a rollout only rises, and goes back by its way back');
  return phases;
}

/** Steps that judge, or that ask a person before there is any traffic, are not left behind in silence. */
function loseStep(ledger: FieldLedger, { path, value }: ReturnType<FieldLedger['each']>[number], open: string[]): void {
  ledger.lose(path, 'a phase has only a weight and the time that it is held for');
  const [kind = 'nothing'] = Object.keys(value);
  if (kind === 'analysis' || kind === 'experiment')
    open.push(
      `it judges by an ${kind} at ${JSON.stringify(path.at(-1))}: import its templates, and let their measures gate`,
    );
  if (kind === 'pause') open.push('it pauses before the first weight: write a phase of weight 0, or a gate');
}

function readPause(ledger: FieldLedger, path: readonly (string | number)[], phase: DraftPhase): void {
  const duration = ledger.look([...path, 'pause', 'duration']);
  if (duration === undefined) {
    ledger.take([...path, 'pause'], 'note: somebody has to say that it may go on');
    phase.note = 'may it go on?';
    return;
  }
  ledger.take([...path, 'pause', 'duration'], 'minTime of a phase');
  phase.minTime = toDuration(duration);
}

/** A number counts seconds (Argo Rollouts, RolloutPause). */
function toDuration(value: JsonValue): string {
  const text = toScalarText(value);
  return /^\d+$/.test(text) ? `${text}s` : text;
}

/** Returns the name of an Argo object, and notes what it is. */
export function takeName(ledger: FieldLedger): string {
  for (const key of ['apiVersion', 'kind']) ledger.take([key], 'what it is');
  return ledger.takeText(['metadata', 'name'], 'id');
}
