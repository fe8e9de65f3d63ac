import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import type { Run } from '../../core/procedure/run.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { isBlind } from '../../core/rehearsal/judge-rehearsal.ts';
import type { ControlReport, PassReport, RehearsalReport } from '../../core/rehearsal/rehearsal-report.ts';
import { rehearse } from '../../engine/rehearsal/rehearse.ts';
import { rehearsalReportPath } from '../../engine/rehearsal/report-path.ts';
import { planRun } from '../../engine/runs/plan-run.ts';
import { makeFolder, writeNewFile } from '../../engine/write-file.ts';
import type { CommandResult } from '../command-result.ts';
import { formatDuration } from '../format-duration.ts';
import { toDirectory } from '../global-options.ts';
import type { GlobalOptions } from '../global-options.ts';
import { openProgress } from '../progress.ts';
import type { Progress } from '../progress.ts';
import { readSigner } from '../read-signer.ts';
import type { SignerOptions } from '../read-signer.ts';
import { toInert } from '../inert.ts';
import type { Shell } from '../shell.ts';
import { startShellWorker } from '../start-shell-worker.ts';
import type { Palette } from '../terminal.ts';
import { withRunSession } from '../with-run-session.ts';

export interface RehearseOptions extends GlobalOptions, SignerOptions {
  quick?: boolean;
  inPlace?: boolean;
  out?: string;
}

/** Rehearses a procedure where it harms nobody; exit 0 only where every pass went as it has to. */
export async function rehearseCommand(
  shell: Shell,
  procedure: string | undefined,
  options: RehearseOptions,
): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ scene, engine }) => {
    const signer = readSigner(shell, scene, options);
    const plan = planRun(scene, procedure ?? null, await shell.loadStepKinds());
    const named = options.out === undefined ? null : resolve(shell.directory, options.out);
    // A rehearsal is long: whoever waited for it must not lose its report to a name that is taken.
    if (named !== null && existsSync(named)) throw nameTaken(named);
    const progress = openProgress(shell.terminal, options.json === true);
    const worker = await startShellWorker(shell, engine, {
      directory: toDirectory(shell, options),
      slots: 3,
      environment: null,
    });
    try {
      const { report, partial, file } = await rehearse(engine, scene, {
        plan,
        requester: signer.person.id,
        depth: options.quick === true ? 'quick' : 'full',
        inPlace: options.inPlace === true,
        checks: (await shell.loadReaders()).checks,
        signal: shell.signal,
        onPass: toTeller(progress),
      }).finally(() => progress.end());
      const out = named ?? rehearsalReportPath(scene.directory, report.id);
      makeFolder(dirname(out));
      writeNewFile(out, file);
      const text = renderRehearsal(report, partial, { out, palette: shell.terminal.palette });
      return { exit: report.passed ? 0 : 4, json: { ...toShown(report), partial, file: out }, text };
    } finally {
      await worker.stop({ graceSeconds: 2 });
    }
  });
}

/** Tells how far a pass is, each time that another step of it is done. */
function toTeller(progress: Progress): (pass: { id: string; title: string }, run: Run | null) => void {
  let told = '';
  return (pass, run) => {
    const steps = Object.values(run?.steps ?? {});
    const done = steps.filter(({ state }) => state === 'done').length;
    const line = `${pass.id} ${done}`;
    if (line !== told) progress.update(done, steps.length, pass.title);
    told = line;
  };
}

function nameTaken(file: string): ProductError {
  return new ProductError('output_exists', `${file}: expected no such file, got one`, {
    hint: 'name another file with --out; a report is never overwritten',
  });
}

/** The report without the events, which stand in its file. */
function toShown(report: RehearsalReport): object {
  return { ...report, passes: report.passes.map(withoutLog) };
}

function withoutLog(pass: PassReport): Omit<PassReport, 'log'> {
  const { log: _, ...shown } = pass;
  return shown;
}

function renderRehearsal(
  report: RehearsalReport,
  partial: string | null,
  { out, palette }: { out: string; palette: Palette },
): string {
  const { bold, green, red, yellow, dim } = palette;
  const verdict = report.passed ? green('passed') : red('did not pass');
  return [
    `${bold(report.id)}  ${report.procedure} in ${report.environment}: ${bold(verdict)}`,
    ...report.passes.flatMap((pass) => renderPass(pass, palette)),
    ...renderControls(report.controls, palette),
    ...(partial === null ? [] : [yellow(`  it counts for nothing: ${partial}`)]),
    ...renderUncommitted(report, palette),
    `report ${out}`,
    dim(
      `plan ${report.planHash.slice(0, 12)}, candidate ${report.candidateSha256.slice(0, 12)}${partial === null ? ': it counts for these only' : ''}`,
    ),
    '',
  ].join('\n');
}

/** They were rehearsed, and whoever reads the report later cannot see what they held. */
function renderUncommitted({ uncommitted }: RehearsalReport, { yellow }: Palette): string[] {
  if (uncommitted === null)
    return [yellow('  whether its files are those of the commit cannot be told: no Git that could be read')];
  if (uncommitted.length === 0) return [];
  const named = uncommitted.slice(0, 5).map((path) => toInert(path, false));
  const more = uncommitted.length > named.length ? ' …' : '';
  const count = uncommitted.length === 1 ? '1 file that is' : `${uncommitted.length} files that are`;
  return [yellow(`  rehearsed with ${count} not committed: ${named.join(', ')}${more}`)];
}

function renderPass(pass: PassReport, { green, red, dim }: Palette): string[] {
  const mark = pass.passed ? green('✓') : red('✗');
  const stood = pass.stoodIn.length === 0 ? '' : `, ${pass.stoodIn.length} acts of people stood in for`;
  const lasted = `${formatDuration(pass.lastedMs)} of its clock in ${formatDuration(pass.tookMs)}`;
  const back = pass.wayBack === null ? [] : [`      ${renderWayBack(pass.wayBack)}`];
  return [
    `  ${mark} ${pass.title.padEnd(60)} ${dim(`${pass.state.replaceAll('_', ' ')}, ${lasted}${stood}  ${pass.run}`)}`,
    ...back.map((line) => dim(line)),
    ...pass.findings.map((finding) => `      ${red(finding)}`),
  ];
}

/** Computed from the events of the pass. */
function renderWayBack({ detectionMs, rollbackMs, verifyMs }: NonNullable<PassReport['wayBack']>): string {
  return `detected: ${toLength(detectionMs)}, taken back: ${toLength(rollbackMs)}, verified: ${toLength(verifyMs)}`;
}

/** What was not seen is said, and never shown as zero. */
function toLength(ms: number | null): string {
  return ms === null ? 'not measured' : formatDuration(ms);
}

function renderControls(controls: readonly ControlReport[], { green, red, dim }: Palette): string[] {
  if (controls.length === 0) return [];
  const blind = controls.filter(isBlind);
  const notJudged = controls.filter(({ outcome }) => outcome === 'not_judged');
  const mark = blind.length + notJudged.length === 0 ? green('✓') : red('✗');
  const named = controls.map(({ of, outcome }) => `${of}: ${outcome}`).join(', ');
  return [
    `  ${mark} ${'every gate on a broken target'.padEnd(60)} ${dim(named)}`,
    ...blind.map(
      ({ of, kind }) => `      ${red(`${of}: the ${kind} check passes on a broken target, too: it cannot fail`)}`,
    ),
    ...notJudged.map(({ of, reason }) => `      ${red(`${of}: it was not tried: ${reason}`)}`),
  ];
}
