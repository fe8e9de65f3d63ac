import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';
import type { Strategy } from '../../core/dataset/reconcile/choose-strategy.ts';
import { judgeReconcile, reconcileReportFormat } from '../../core/dataset/reconcile/reconcile-report.ts';
import type { ReconcileReport } from '../../core/dataset/reconcile/reconcile-report.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { keepCompared, readReconcile } from '../../engine/data/begin-reconcile.ts';
import { openDataOf } from '../../engine/data/data-desk.ts';
import { reconcileDataset } from '../../engine/data/reconcile-dataset.ts';
import { writeNewFile } from '../../engine/write-file.ts';
import { toReconcileMarkdown } from '../../report/reconcile-markdown.ts';
import { toReconcilePage } from '../../report/reconcile-page.ts';
import { summarizeReconcile } from '../../report/reconcile-summary.ts';
import type { ReportTable } from '../../report/reconcile-summary.ts';
import { readClock } from '../../store/store-clock.ts';
import type { CompareOptions } from '../../kinds/checks/reconcile/compare-dataset.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { openProgress } from '../progress.ts';
import { readLength } from '../read-length.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireReader } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import type { Palette } from '../terminal.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

export interface ReconcileOptions extends GlobalOptions, Partial<SignerOptions> {
  strategy?: Strategy | 'auto';
  full?: boolean;
  sample?: string;
  seed?: string;
  recheck?: string[];
  since?: string;
  html?: string;
  markdown?: string;
}

/** Compares a dataset on both sides, for somebody who may see its rows. Exit 0 where they are the same, 1 where they differ, 2 where that could not be found out. */
export async function reconcile(shell: Shell, dataset: string, options: ReconcileOptions): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const { person } = await requireReader(shell, session, {
      options,
      permission: 'check.run',
      subject: `reconcile ${dataset}`,
    });
    const report = await compare(shell, session, { dataset, options, by: person.id });
    if (options.html !== undefined) writeNewFile(resolve(shell.directory, options.html), toReconcilePage(report));
    if (options.markdown !== undefined)
      writeNewFile(resolve(shell.directory, options.markdown), toReconcileMarkdown(report));
    const { verdict } = judgeReconcile(report);
    return {
      exit: verdict === 'differs' ? 1 : verdict === 'inconclusive' ? 2 : 0,
      json: { ...report, ...judgeReconcile(report) },
      text: renderReport(report, shell.terminal.palette),
    };
  });
}

async function compare(
  shell: Shell,
  { scene, store }: Session,
  { dataset, options, by }: { dataset: string; options: ReconcileOptions; by: string },
): Promise<ReconcileReport> {
  const kept = { launch: scene.launch.id, environment: scene.environment.id, dataset };
  const now = await readClock(store);
  const data = await openDataOf(store, scene, { by, purpose: `reconcile ${dataset}` });
  const progress = openProgress(shell.terminal, options.json === true);
  const startedAt = performance.now();
  try {
    const { report } = await reconcileDataset(data, dataset, {
      options: toCompareOptions(options, await readPrevious(shell, store, { options, kept })),
      scene: {
        now,
        signal: shell.signal,
        progress: (done, total, text) =>
          total === null
            ? progress.tell(toInert(text, false))
            : progress.update(done, total, `${text}${rateOf(done, startedAt)}`),
      },
    });
    shell.signal.throwIfAborted();
    await keepCompared(store, scene, { dataset, by, report });
    return report;
  } catch (error) {
    if (!(error instanceof DatastoreTrouble)) throw error;
    throw new ProductError('usage', error.message, {
      hint: 'nothing was compared: see that both datastores can be read',
      cause: error,
    });
  } finally {
    progress.end();
  }
}

/** The report that changed parts are told from: the one that was named, else the newest that is kept. */
async function readPrevious(
  shell: Shell,
  store: Session['store'],
  { options, kept }: { options: ReconcileOptions; kept: Parameters<typeof readReconcile>[1] },
): Promise<ReconcileReport | null> {
  if (options.since !== undefined) return readReport(resolve(shell.directory, options.since));
  return (await readReconcile(store, kept))?.report ?? null;
}

function toCompareOptions(options: ReconcileOptions, previous: ReconcileReport | null): CompareOptions {
  return {
    strategy: options.strategy ?? 'auto',
    full: options.full === true,
    sampleSize: Number(options.sample ?? '2000'),
    seed: Number(options.seed ?? '1'),
    samples: 10,
    rechecks: (options.recheck ?? []).map((length) => readLength('--recheck', length)),
    previous,
  };
}

function rateOf(rows: number, startedAt: number): string {
  const seconds = (performance.now() - startedAt) / 1_000;
  return rows === 0 || seconds < 1 ? '' : `, ${Math.round(rows / seconds).toLocaleString('en')} a second`;
}

function readReport(path: string): ReconcileReport {
  const read = JSON.parse(readFileSync(path, 'utf8')) as { format?: string };
  if (read.format === reconcileReportFormat) return read as ReconcileReport;
  throw new ProductError('usage', `${path}: expected a report of ${reconcileReportFormat}, got another file`, {
    hint: 'give a file that "tminus reconcile DATASET --json" printed',
  });
}

function renderReport(report: ReconcileReport, palette: Palette): string {
  const { title, verdict, reason, lines, tables } = summarizeReconcile(report);
  const paint = { equal: palette.green, differs: palette.red }[verdict] ?? palette.yellow;
  const told = [
    `${paint(verdict)}  ${toInert(title, false)}`,
    `  ${toInert(reason, false)}`,
    ...lines.map((line) => palette.dim(`  ${toInert(line, false)}`)),
  ];
  return `${[...told, ...tables.flatMap((table) => renderTable(table, palette))].join('\n')}\n`;
}

function renderTable({ title, head, rows }: ReportTable, palette: Palette): string[] {
  const all = [head, ...rows].map((row) => row.map((cell) => toInert(cell, false)));
  const widths = head.map((_, at) => Math.max(...all.map((row) => (row[at] ?? '').length)));
  const [first = '', ...rest] = all.map((row) =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd(),
  );
  return ['', title, palette.dim(first), ...rest];
}
