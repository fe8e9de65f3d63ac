import type { PlannedCheck } from '../../core/check/plan-checks.ts';
import { runChecks } from '../../engine/run-checks.ts';
import type { CheckRun } from '../../engine/run-checks.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInertValue } from '../inert.ts';
import { openProgress } from '../progress.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireSigner } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import type { Palette } from '../terminal.ts';
import { withSession } from '../with-session.ts';

export interface CheckOptions extends GlobalOptions, Partial<SignerOptions> {
  force?: boolean;
  dryRun?: boolean;
}

/** Runs the due checks of a launch, for a machine, or for somebody who may where one is named; exit 0 where everything stands, 4 where something does not, 5 where a named criterion waits for a person. */
export async function check(shell: Shell, criteria: string[], options: CheckOptions): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { scene, store } = session;
    if (options.as !== undefined)
      await requireSigner(shell, session, { options, permission: 'check.run', subject: 'check' });
    const progress = openProgress(shell.terminal, options.json === true);
    const { planned, runs } = await runChecks({
      store,
      scene,
      kinds: await shell.loadKinds(),
      signal: shell.signal,
      ...(criteria.length > 0 ? { only: criteria } : {}),
      force: options.force === true,
      dryRun: options.dryRun === true,
      onDone: (run, done, total) =>
        progress.update(done, total, `${run.record.judgement.outcome} ${run.planned.criterion}`),
    }).finally(() => progress.end());
    return {
      exit: toExit(planned, runs, criteria.length > 0),
      json: { planned: planned.map(toPlanJson), runs: runs.map(({ id, index, record }) => ({ id, index, record })) },
      text: renderChecks(toInertValue(planned), toInertValue(runs), shell.terminal.palette, options.dryRun === true),
    };
  });
}

/**
 * 0 only where all that was asked for stands: every run passed and could have failed, nothing is blocked or without a check, no simulation.
 * A criterion named on the command line that waits for a person is 5: nothing was run, and nothing passed.
 */
function toExit(planned: readonly PlannedCheck[], runs: readonly CheckRun[], named: boolean): number {
  const stands = runs.every(
    ({ record }) => record.judgement.outcome === 'pass' && record.control.outcome !== 'pass' && record.mode === 'real',
  );
  if (!stands || planned.some(({ state }) => state === 'blocked' || state === 'undeclared')) return 4;
  return named && planned.some(({ state }) => state === 'waiting') ? 5 : 0;
}

function toPlanJson({ criterion, gate, state, reason }: PlannedCheck): object {
  return { criterion, gate, state, reason };
}

function renderChecks(
  planned: readonly PlannedCheck[],
  runs: readonly CheckRun[],
  palette: Palette,
  dryRun: boolean,
): string {
  const byCriterion = new Map(runs.map((run) => [run.planned.criterion, run]));
  const lines = planned.flatMap((each) => {
    const run = byCriterion.get(each.criterion);
    return run
      ? renderRun(run, palette)
      : [
          `${palette.dim((dryRun && each.state === 'due' ? 'would run' : each.state).padEnd(12))}${each.criterion}: ${each.reason}`,
        ];
  });
  return `${lines.join('\n')}\n`;
}

function renderRun({ planned, record, id }: CheckRun, palette: Palette): string[] {
  const { outcome, findings } = record.judgement;
  const paint = outcome === 'pass' ? palette.green : outcome === 'fail' ? palette.red : palette.yellow;
  const head = `${paint(outcome.padEnd(12))}${planned.criterion}  ${palette.dim(`ev-${id.slice(0, 8)}, ${record.durationMs} ms`)}`;
  const trouble = record.trouble ? [`            ${record.trouble.message}`] : [];
  const bad = findings
    .filter((finding) => finding.outcome !== 'pass')
    .map(({ rule, expected, got }) => `            ${rule}: expected ${expected}, got ${got}`);
  const simulated =
    record.mode === 'simulated' ? ['            seen in a simulated environment, so it does not count'] : [];
  const blunt =
    record.control.outcome === 'pass'
      ? ['            this check cannot fail: it passes on its negative control, so it does not count']
      : [];
  return [head, ...(trouble.length > 0 ? trouble : bad), ...blunt, ...simulated];
}
