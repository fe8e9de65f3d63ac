import { judgeRules } from '../../core/dataset/rules/rules-report.ts';
import type { RulesReport } from '../../core/dataset/rules/rules-report.ts';
import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { findRepaired } from '../../engine/data/fix/fix-setting.ts';
import { evaluateRules } from '../../kinds/checks/data-rules/evaluate-rules.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { openFixSetting } from '../open-fix-setting.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireReader } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import type { Palette } from '../terminal.ts';
import { withSession } from '../with-session.ts';

export interface RulesOptions extends GlobalOptions, Partial<SignerOptions> {
  rule?: string[];
  samples?: string;
}

/** Asks the rules of a dataset, for somebody who may see its rows. Exit 0 where all hold, 1 where one is broken, 2 where that could not be found out. */
export async function rules(shell: Shell, id: string, options: RulesOptions): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const about = `rules ${id}`;
    const { person } = await requireReader(shell, session, { options, permission: 'check.run', subject: about });
    const { setting, end } = await openFixSetting(shell, session, {
      by: person.id,
      about,
      isJson: options.json === true,
    });
    try {
      const samples = Number(options.samples ?? '10');
      const wish = { rules: options.rule ?? null, samples, keep: samples };
      const { report } = await evaluateRules(findRepaired(setting, id), wish, { ...setting.data, ...setting });
      const judged = judgeRules(report);
      const exit = { holds: 0, violated: 1, inconclusive: 2 }[judged.verdict];
      return { exit, json: { ...report, ...judged }, text: render(report, shell.terminal.palette) };
    } catch (error) {
      throw error instanceof DatastoreTrouble ? toUsage(error) : error;
    } finally {
      end();
    }
  });
}

function toUsage(error: DatastoreTrouble): ProductError {
  const hint = 'no rule was asked: see that the datastores can be read';
  return new ProductError('usage', error.message, { hint, cause: error });
}

function render(report: RulesReport, palette: Palette): string {
  const { verdict, reason } = judgeRules(report);
  const paint = { holds: palette.green, violated: palette.red, inconclusive: palette.yellow }[verdict];
  const head = `${paint(verdict)}  ${report.dataset}: ${reason}`;
  const place = palette.dim(`  ${report.on} ${report.table}, ${report.rows} rows`);
  return `${[head, place, ...report.rules.flatMap((rule) => renderRule(rule, report.key))].map((line) => toInert(line, false)).join('\n')}\n`;
}

function renderRule(
  { rule, text, applies, violations, samples, note }: RulesReport['rules'][number],
  key: string[],
): string[] {
  const outcome = violations === null ? 'not asked' : violations === 0 ? 'holds' : `broken ${violations} times`;
  const about = applies === null ? '' : ` (it is about ${applies} rows)`;
  const shown = samples.map((sample) => `      ${key.map((name, at) => `${name} ${sample[at] ?? 'null'}`).join(', ')}`);
  return ['', `  ${rule}: ${outcome}${about}${note === null ? '' : `; ${note}`}`, `    ${text}`, ...shown];
}
