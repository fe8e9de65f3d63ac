import type { ReconcileReport } from '../core/dataset/reconcile/reconcile-report.ts';
import { summarizeReconcile } from './reconcile-summary.ts';
import type { ReportTable } from './reconcile-summary.ts';

/** Returns a comparison as Markdown (GFM); values of rows cannot become markup. */
export function toReconcileMarkdown(report: ReconcileReport): string {
  const { title, verdict, reason, lines, tables } = summarizeReconcile(report);
  const head = [
    `# ${inert(title)}`,
    '',
    `**${verdict}**: ${inert(reason)}`,
    '',
    ...lines.map((line) => `- ${inert(line)}`),
  ];
  return `${[...head, ...tables.flatMap(toTable)].join('\n')}\n`;
}

function toTable({ title, head, rows }: ReportTable): string[] {
  return ['', `## ${title}`, '', toLine(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(toLine)];
}

function toLine(cells: readonly string[]): string {
  return `| ${cells.map(inert).join(' | ')} |`;
}

function inert(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]<>|#!&]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ');
}
