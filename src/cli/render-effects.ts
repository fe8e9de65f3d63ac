import type { Plan } from '../core/procedure/plan.ts';
import type { StepEffects } from '../engine/runs/plan-run.ts';
import type { Palette } from './terminal.ts';

/** What a run would do, step by step, and the digest that an approval signs. */
export function renderEffects(plan: Plan, effects: readonly StepEffects[], sha256: string, palette: Palette): string {
  const { bold, dim, yellow } = palette;
  const lines = effects.flatMap(({ step, part, by, effects: all }) => [
    `  ${part === 'undo' ? dim('undo ') : ''}${bold(step)}  ${dim(by)}`,
    ...all.map(({ does, target, text }) => `      ${does === 'read' ? does : yellow(does)} ${target}: ${text}`),
  ]);
  const environment = `${plan.environment.id}${plan.environment.production ? yellow(' (production)') : ''}`;
  return [
    `${bold(plan.title)} in ${environment}: what it would do. Nothing was asked, nothing was written.`,
    ...lines,
    dim(`dry run ${sha256}`),
    '',
  ].join('\n');
}
