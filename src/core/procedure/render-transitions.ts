import { admission, inputKinds } from './admission.ts';
import { runStates, runTransitions } from './run-transitions.ts';
import type { RunState } from './run-transitions.ts';
import { stepTransitions } from './step-transitions.ts';

/** The transition tables of run and step and the table of admissions as Markdown, as the README of this folder holds them. */
export function renderTransitions(): string {
  return [
    '### Run',
    '',
    ...movesOf(runTransitions),
    '',
    '### Step',
    '',
    ...movesOf(stepTransitions),
    '',
    '### What a run makes of an input',
    '',
    ...admissions(),
    '',
  ].join('\n');
}

function movesOf(table: { [name: string]: { from: readonly string[]; to: string; why: string } }): string[] {
  const rows = Object.entries(table).map(
    ([name, { from, to, why }]) => `| \`${name}\` | ${from.join(', ')} | ${to} | ${why} |`,
  );
  return ['| move | from | to | why |', '|---|---|---|---|', ...rows];
}

/** States that answer every input alike share a row, so that the table stays readable. */
function admissions(): string[] {
  const rows = new Map<string, RunState[]>();
  for (const state of runStates) {
    const row = inputKinds.map((kind) => `${kind}: ${admission[kind][state]}`).join('\n');
    rows.set(row, [...(rows.get(row) ?? []), state]);
  }
  const groups = [...rows.values()];
  return [
    `| input | ${groups.map((states) => states.join(', ')).join(' | ')} |`,
    `|---|${groups.map(() => '---').join('|')}|`,
    ...inputKinds.map((kind) => `| \`${kind}\` | ${groups.map(([state]) => admission[kind][state!]).join(' | ')} |`),
  ];
}
