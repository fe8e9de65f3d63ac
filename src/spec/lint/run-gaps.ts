import type { Launch, Procedure, Step } from '../../core/launch/launch.ts';
import { actionClasses } from '../../core/procedure/action-classes.ts';
import { findStepWork } from '../../core/step/find-step-work.ts';
import { recurringProcedures, requesterOf } from '../../core/schedule/recurring.ts';
import type { RecurringProcedure } from '../../core/schedule/recurring.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import type { Finding, Severity } from './finding.ts';

/** What a runbook that reads without a problem can still lack, for the reference page; `findRunGaps` finds it. */
export const runRules: readonly { code: string; severity: Severity; summary: string; why: string }[] = [
  {
    code: 'step-without-undo',
    severity: 'warning',
    summary: 'A step of the runbook writes and says neither how it is taken back nor that it cannot be.',
    why: 'The way back would stop at it, and nobody approved that.',
  },
  {
    code: 'undo-ends-at-return',
    severity: 'warning',
    summary:
      'A step has an undo, the launch has a point of no return, and nothing says what takes the step back past it.',
    why: 'Past that point only what is declared for it runs: the step would stay as it is.',
  },
  {
    code: 'hold-without-release',
    severity: 'warning',
    summary: 'A planned hold does not say whether the clock or a person ends it.',
    why: 'It ends by itself then, whoever is still missing.',
  },
  {
    code: 'recurring-without-owner',
    severity: 'warning',
    summary: 'A procedure recurs, and neither it nor the launch says in whose name.',
    why: 'Nothing can begin, and each time it is missed.',
  },
  {
    code: 'recurring-without-proof',
    severity: 'warning',
    summary: 'A procedure recurs, and a step of people in it leaves no proof.',
    why: 'What is done every day is soon ticked off without being done.',
  },
];

/** Returns what a run of the launch would miss on its way forward or back. */
export function findRunGaps(launch: Launch, kinds: readonly StepReader[]): Finding[] {
  const runbooks = launch.procedures.filter(({ kind }) => kind === 'runbook');
  return [
    ...runbooks.flatMap((runbook) => [
      ...runbook.steps.flatMap((step) => findUndoGaps(launch, step, kinds)),
      ...runbook.holds.filter(({ release }) => release === null).map(toEndless),
    ]),
    ...recurringProcedures(launch).flatMap((procedure) => findRecurringGaps(launch, procedure)),
  ];
}

function findRecurringGaps(launch: Launch, procedure: RecurringProcedure): Finding[] {
  const ownerless = requesterOf(launch, procedure) === null ? [toOwnerless(procedure)] : [];
  const proofless = procedure.steps.filter(({ human, action, proof }) => (human || action === null) && proof === null);
  return [...ownerless, ...proofless.map(toProofless)];
}

function toOwnerless(procedure: RecurringProcedure): Finding {
  return toFinding('recurring-without-owner', procedure, {
    message: `nobody asks for the runs of ${procedure.id}`,
    expected: 'as= with a person beside every=, or an owner of the launch',
    got: 'neither',
    hint: 'write as= with somebody who may start runs',
  });
}

function toProofless(step: Step): Finding {
  return toFinding('recurring-without-proof', step, {
    message: `step ${step.id} recurs and leaves no proof`,
    expected: 'proof= with url, file, artifact, comment or external-status',
    got: 'none',
    hint: 'write proof=comment for what was seen, or proof=url for where it stands',
  });
}

function findUndoGaps({ pointsOfNoReturn }: Launch, step: Step, kinds: readonly StepReader[]): Finding[] {
  const { id, undo, reversible, rules } = step;
  if (!reversible) return [];
  if (undo === null)
    return mayWrite(step) && !isUndoneByKind(step, kinds)
      ? [
          toFinding('step-without-undo', step, {
            message: `nothing takes step ${id} back`,
            expected: 'undo= with the step that does, or reversible=no',
            got: 'neither',
            hint: `write the way back under Rollback and name it with undo=; say class=long_read if the step changes nothing`,
          }),
        ]
      : [];
  if (pointsOfNoReturn.length === 0 || rules.undoAfterReturn !== null) return [];
  return [
    toFinding('undo-ends-at-return', step, {
      message: `nothing takes step ${id} back past the point of no return`,
      expected: 'undo-after-return= with same, or with a step that keeps what was written since',
      got: `undo=${undo} alone`,
      hint: `write undo-after-return=same if ${undo} destroys nothing that others wrote`,
    }),
  ];
}

/** Some kinds know what takes a step back from the step alone: the `undo` request of http, the old records of dns. */
function isUndoneByKind({ action }: Step, kinds: readonly StepReader[]): boolean {
  const work = action === null ? 'no action' : findStepWork(kinds, action);
  return typeof work !== 'string' && work.kind.undoSpec(work.spec) !== null;
}

/** What people do outside is theirs to take back; a machine's step writes unless its class only reads. */
function mayWrite({ human, action, rules: { actionClass } }: Step): boolean {
  return !human && action !== null && (actionClass === null || actionClasses[actionClass].writes);
}

function toEndless(hold: Procedure['holds'][number]): Finding {
  return toFinding('hold-without-release', hold, {
    message: `hold ${hold.id} does not say what ends it`,
    expected: 'release=clock or release=person beside hold=',
    got: 'neither, so the clock does',
    hint: 'write release=person where somebody has to say go',
  });
}

type Told = Pick<Finding, 'message' | 'expected' | 'got' | 'hint'>;

function toFinding(code: string, { at: { file, line, column } }: Pick<Step, 'at'>, told: Told): Finding {
  return { code, severity: 'warning', ...told, file, line, column, related: [] };
}
