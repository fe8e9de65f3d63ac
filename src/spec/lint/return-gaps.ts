import type { Launch, Procedure, Step } from '../../core/launch/launch.ts';
import { findStepWork } from '../../core/step/find-step-work.ts';
import type { StepReader } from '../../core/step/step-kind.ts';
import type { Finding, Severity } from './finding.ts';

/** What keeps records of users behind the point of no return, and what it can lack; `findReturnGaps` finds it. */
export const returnRules: readonly { code: string; severity: Severity; summary: string; why: string }[] = [
  {
    code: 'return-unkept',
    severity: 'warning',
    summary: 'What is run behind the point of no return exports nothing of what users wrote since the switch.',
    why: 'It takes users back to a side that never saw what they wrote, and nobody has it in a file (C17).',
  },
  {
    code: 'export-undated',
    severity: 'blocking',
    summary: 'A step exports what was written in a window of a dataset that does not say when a record was written.',
    why: 'It is refused when it is begun: in the way back, at the worst moment.',
  },
];

/** Returns what keeps too little of what users write on the new side. */
export function findReturnGaps(launch: Launch, kinds: readonly StepReader[]): Finding[] {
  return launch.procedures.flatMap((procedure) => [
    ...findUnkept(launch, procedure, kinds),
    ...procedure.steps.flatMap((step) => findUndated(launch, step, kinds)),
  ]);
}

function findUnkept({ procedures }: Launch, procedure: Procedure, kinds: readonly StepReader[]): Finding[] {
  const { id, goesBack } = procedure;
  if (goesBack === undefined || goesBack.afterReturn === null || goesBack.unkept !== null) return [];
  const { afterReturn } = goesBack;
  const run = afterReturn === 'same' ? procedure : procedures.find((one) => one.id === afterReturn);
  if (run === undefined || run.steps.some((step) => windowOf(step, kinds) !== null)) return [];
  return [
    toFinding('return-unkept', procedure, {
      message: `behind the point of no return way back ${id} runs ${run.id}, which exports nothing of what users wrote`,
      expected: `a step of kind export with since: switch in ${run.id}, or unkept: with the reason`,
      got: 'neither',
      hint: 'add the step, and partial: { by: COLUMN } to its datasets',
    }),
  ];
}

/** Datasets of which a step exports a window; null where it exports none. */
function windowOf({ action }: Step, kinds: readonly StepReader[]): string[] | null {
  const work = action === null ? 'none' : findStepWork(kinds, action);
  if (typeof work === 'string' || work.kind.kind !== 'export' || typeof work.spec['since'] !== 'string') return null;
  return work.spec['datasets'] as string[];
}

function findUndated({ datasets }: Launch, step: Step, kinds: readonly StepReader[]): Finding[] {
  const named = windowOf(step, kinds) ?? [];
  return datasets
    .filter(({ id, partial }) => partial === null && named.includes(id))
    .map(({ id }) =>
      toFinding('export-undated', step, {
        message: `step ${step.id} exports a window of dataset ${id}, which does not say when a record was written`,
        expected: `partial: in dataset ${id}`,
        got: 'none',
        hint: 'write partial: { by: created_at } with the column of the target that says it',
      }),
    );
}

type Told = Pick<Finding, 'message' | 'expected' | 'got' | 'hint'>;

function toFinding(code: string, { at: { file, line, column } }: Pick<Step, 'at'>, told: Told): Finding {
  const severity = returnRules.find((rule) => rule.code === code)?.severity ?? 'blocking';
  return { code, severity, ...told, file, line, column, related: [] };
}
