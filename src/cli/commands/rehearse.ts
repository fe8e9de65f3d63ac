import { rehearse } from '../../engine/rehearsal/rehearse.ts';
import type { PassReport, RehearsalReport } from '../../engine/rehearsal/rehearse.ts';
import { planRun } from '../../engine/runs/plan-run.ts';
import type { CommandResult } from '../command-result.ts';
import { formatDuration } from '../format-duration.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { openProgress } from '../progress.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { startShellWorker } from '../start-shell-worker.ts';
import type { Palette } from '../terminal.ts';
import { withRunSession } from '../with-run-session.ts';

export interface RehearseOptions extends GlobalOptions, SignerOptions {
  quick?: boolean;
  inPlace?: boolean;
}

/** Rehearses a procedure where it harms nobody; exit 0 only where every pass went as it has to. */
export async function rehearseCommand(
  shell: Shell,
  procedure: string | undefined,
  options: RehearseOptions,
): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ scene, engine }) => {
    const signer = readSigner(shell, scene, options);
    const plan = planRun(scene, procedure ?? null);
    const progress = openProgress(shell.terminal, options.json === true);
    const worker = await startShellWorker(shell, engine, { directory: toDirectory(shell, options), slots: 3 });
    let told = '';
    try {
      const report = await rehearse(engine, scene, {
        plan,
        requester: signer.person.id,
        depth: options.quick === true ? 'quick' : 'full',
        inPlace: options.inPlace === true,
        signal: shell.signal,
        onPass(pass, run) {
          const steps = Object.values(run?.steps ?? {});
          const done = steps.filter(({ state }) => state === 'done').length;
          const line = `${pass.id} ${done}`;
          if (line !== told) progress.update(done, steps.length, pass.title);
          told = line;
        },
      }).finally(() => progress.end());
      return { exit: report.passed ? 0 : 4, json: report, text: renderRehearsal(report, shell.terminal.palette) };
    } finally {
      await worker.stop({ graceSeconds: 2 });
    }
  });
}

function renderRehearsal(report: RehearsalReport, palette: Palette): string {
  const { bold, green, red, dim } = palette;
  const verdict = report.passed ? green('passed') : red('did not pass');
  return [
    `${bold(report.id)}  ${report.procedure} in ${report.environment}: ${bold(verdict)}`,
    ...report.passes.flatMap((pass) => renderPass(pass, palette)),
    dim(
      `plan ${report.planHash.slice(0, 12)}, candidate ${report.candidateSha256.slice(0, 12)}: it counts for these only`,
    ),
    '',
  ].join('\n');
}

function renderPass(pass: PassReport, { green, red, dim }: Palette): string[] {
  const mark = pass.passed ? green('✓') : red('✗');
  const stood = pass.stoodIn.length === 0 ? '' : `, ${pass.stoodIn.length} acts of people stood in for`;
  const lasted = `${formatDuration(pass.lastedMs)} of its clock in ${formatDuration(pass.tookMs)}`;
  const back = pass.wayBack === null ? [] : [`      taken back in ${formatDuration(pass.wayBack.rollbackMs ?? 0)}`];
  return [
    `  ${mark} ${pass.title.padEnd(60)} ${dim(`${pass.state.replaceAll('_', ' ')}, ${lasted}${stood}  ${pass.run}`)}`,
    ...back.map((line) => dim(line)),
    ...pass.findings.map((finding) => `      ${red(finding)}`),
  ];
}
