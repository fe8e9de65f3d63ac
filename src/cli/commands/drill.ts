import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { drillReportPath } from '../../engine/rehearsal/report-path.ts';
import { drillRollback } from '../../engine/rollback/drill.ts';
import type { EndedDrill } from '../../engine/rollback/drill.ts';
import { makeFolder, writeNewFile } from '../../engine/write-file.ts';
import type { CommandResult } from '../command-result.ts';
import { formatDuration } from '../format-duration.ts';
import { toDirectory } from '../global-options.ts';
import { toInertValue } from '../inert.ts';
import { openProgress } from '../progress.ts';
import { readSigner } from '../read-signer.ts';
import type { Shell } from '../shell.ts';
import { startShellWorker } from '../start-shell-worker.ts';
import type { Palette } from '../terminal.ts';
import { withRunSession } from '../with-run-session.ts';
import { withSession } from '../with-session.ts';
import { rehearseCommand } from './rehearse.ts';
import type { RehearseOptions } from './rehearse.ts';

/** Drills one way back where the procedure says that it is one, else rehearses the procedure with its own way back; exit 0 only where it passed. */
export async function drillCommand(
  shell: Shell,
  procedure: string | undefined,
  options: RehearseOptions,
): Promise<CommandResult> {
  let isOne = false;
  await withSession(shell, options, ({ scene }) => {
    isOne = scene.launch.procedures.some(({ id, goesBack }) => id === procedure && goesBack !== undefined);
    return Promise.resolve({ exit: 0, json: null, text: '' });
  });
  return isOne && procedure !== undefined
    ? drillOne(shell, procedure, options)
    : rehearseCommand(shell, procedure, options);
}

function drillOne(shell: Shell, procedure: string, options: RehearseOptions): Promise<CommandResult> {
  return withRunSession(shell, options, async ({ scene, engine }) => {
    const { person } = readSigner(shell, scene, options);
    const named = options.out === undefined ? null : resolve(shell.directory, options.out);
    if (named !== null && existsSync(named))
      throw new ProductError('output_exists', `${named}: expected no such file, got one`, {
        hint: 'name another file with --out; a report is never overwritten',
      });
    const progress = openProgress(shell.terminal, options.json === true);
    const at = { directory: toDirectory(shell, options), slots: 2, environment: null };
    const worker = await startShellWorker(shell, engine, at);
    try {
      const ended = await drillRollback(engine, scene, {
        procedure,
        requester: person.id,
        inPlace: options.inPlace === true,
        kinds: await shell.loadStepKinds(),
        signal: shell.signal,
        onPart: (part, number) => progress.update(number, 3, part),
      }).finally(() => progress.end());
      const out = named ?? drillReportPath(scene.directory, ended.report.id);
      makeFolder(dirname(out));
      writeNewFile(out, ended.file);
      const json = { ...withoutLogs(ended), file: out };
      return { exit: ended.judgement.passed ? 0 : 4, json, text: render(ended, out, shell.terminal.palette) };
    } finally {
      await worker.stop({ graceSeconds: 2 });
    }
  });
}

/** The report without the events, which stand in its file. */
function withoutLogs({ report, judgement }: EndedDrill): object {
  const { forward: _f, ledgerBefore: _l, controls, back, ...shown } = report;
  return { ...shown, run: back.run, stoodIn: back.stoodIn, controls: controls.map(({ step }) => step), judgement };
}

function render(ended: EndedDrill, out: string, { bold, green, red, yellow, dim }: Palette): string {
  const { report, judgement } = ended;
  const { findings, partial, tookMs, changedMs, steps } = toInertValue(judgement);
  const { id, kind, procedure, environment, withinMs, back, ledger, observer } = report;
  return [
    `${bold(id)}  ${kind} way back ${procedure} in ${environment}: ${judgement.passed ? green('passed') : red('did not pass')}`,
    `  taken back ${toLength(changedMs)} after the trigger, verified after ${toLength(tookMs)}; allowed are ${formatDuration(withinMs)}`,
    ...steps.map(
      ({ step, state, beganMs, endedMs }) =>
        `    ${step.padEnd(28)} ${state.replaceAll('_', ' ')}${beganMs === null || endedMs === null ? '' : `, from ${formatDuration(beganMs)} to ${formatDuration(endedMs)}`}`,
    ),
    ...(ledger === null ? [] : [`  ledger ${ledger}: counted before the trigger and after`]),
    ...(back.stoodIn.length === 0
      ? []
      : [yellow(`  people were stood in for, and their time is not in it: ${toInertValue(back.stoodIn).join(', ')}`)]),
    ...findings.map((finding) => `  ${red(finding)}`),
    ...(partial === null ? [] : [yellow(`  it counts for nothing: ${partial}`)]),
    ...(observer == null || !judgement.passed
      ? []
      : [yellow(`  it counts once ${observer} has watched it and says so: tminus attest ${id} --as PERSON`)]),
    `report ${out}`,
    dim(`run ${back.run}, plan ${report.planHash.slice(0, 12)}: it counts for this plan and candidate only`),
    '',
  ].join('\n');
}

/** What was not seen is said, and never shown as zero. */
function toLength(ms: number | null): string {
  return ms === null ? 'not measured' : formatDuration(ms);
}
