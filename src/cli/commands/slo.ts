import type { JsonObject } from '@tminus/verify';

import { burnPairs } from '../../core/slo/objective.ts';
import type { BudgetLevel } from '../../core/slo/objective.ts';
import { readBudgets } from '../../engine/slo/read-budgets.ts';
import type { BudgetLine } from '../../engine/slo/read-budgets.ts';
import { loadPlan } from '../../engine/load-plan.ts';
import { toScene } from '../../engine/scene.ts';
import type { CommandResult } from '../command-result.ts';
import { formatDuration } from '../format-duration.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import type { Shell } from '../shell.ts';
import type { Palette } from '../terminal.ts';

/** Shows what is left of every error budget, and how fast it burns. Exit 0 where a deploy may go on, perhaps with a vote, 1 where one is frozen, spent or burns too fast, 2 where one is unknown. */
export async function slo(shell: Shell, options: GlobalOptions): Promise<CommandResult> {
  const plan = await loadPlan(toDirectory(shell, options), await shell.loadReaders());
  const { launch, environment, directory } = await toScene(plan, options.environment ?? null);
  const lines = await readBudgets({ launch, environment, workspace: directory, now: () => Date.now() });
  const none = `${launch.id} declares no objective: write objectives in the front matter\n`;
  const json = lines.map(({ objective: { id, title, goal, windowMs }, reading }) => ({
    id,
    title,
    goal,
    windowMs,
    ...reading,
  }));
  const text = lines.map((line) => renderLine(line, shell.terminal.palette)).join('');
  return { exit: exitOf(lines), json: { environment: environment.id, objectives: json }, text: text || none };
}

function exitOf(lines: readonly BudgetLine[]): number {
  if (lines.length === 0 || lines.some(({ reading }) => reading.state === 'unreadable')) return 2;
  return lines.some(({ reading }) => reading.state === 'readable' && stops(reading.facts)) ? 1 : 0;
}

const [fast, slow] = burnPairs;

/** Whether the gate of a deploy would be shut, by the expectations that hold where a document names none. */
function stops(facts: JsonObject): boolean {
  const isFrozen = facts['level'] === 'freeze' || facts['level'] === 'incident';
  return isFrozen || burnsTooFast(facts);
}

function burnsTooFast(facts: JsonObject): boolean {
  return Number(facts['burn1h']) > fast!.factor || Number(facts['burn6h']) > slow!.factor;
}

const meaning: { readonly [level in BudgetLevel]: string } = {
  green: 'deploy',
  approval: 'deploy with an approval',
  freeze: 'no deploy without an override',
  incident: 'no deploy but one that ends the incident',
};

function renderLine({ objective, reading }: BudgetLine, palette: Palette): string {
  const { bold, dim, yellow } = palette;
  const head = `${bold(objective.id)}  ${toInert(objective.title, false)}, ${percent(objective.goal)} over ${formatDuration(objective.windowMs)}`;
  if (reading.state === 'unreadable')
    return `${head}\n  ${yellow('unknown')}  ${toInert(reading.trouble.message, false)}\n`;
  const { facts } = reading;
  const level = facts['level'] as BudgetLevel;
  const paint = { green: palette.green, approval: yellow, freeze: palette.red, incident: palette.red }[level];
  const advice = burnsTooFast(facts) ? 'no deploy while it burns so fast' : meaning[level];
  const counted = `${Number(facts['bad'])} bad of ${Number(facts['total'])}, counted over ${formatDuration(Number(facts['coveredMs']))}`;
  return `${head}\n  ${paint(level)}  ${percent(Number(facts['left']))} of the budget left: ${advice}\n  ${dim(counted)}\n  ${burns(facts)}\n`;
}

function burns(facts: JsonObject): string {
  const rates = (['1h', '5m', '6h', '30m', '3d'] as const).map(
    (name) => `${name} ${Number(facts[`burn${name}`]).toFixed(2)}x`,
  );
  const burning = facts['burning'];
  return `burns ${rates.join(', ')}${
    Array.isArray(burning) && burning.length > 0
      ? `: too fast (${JSON.stringify(burning)
          .replaceAll(/[[\]"]/g, '')
          .replaceAll(',', ', ')})`
      : ''
  }`;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(3))} %`;
}
