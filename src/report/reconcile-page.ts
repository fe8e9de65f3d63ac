import type { ReconcileReport } from '../core/dataset/reconcile/reconcile-report.ts';
import { decisionPageStyle } from './decision-page-style.ts';
import { escapeHtml } from './escape-html.ts';
import { summarizeReconcile } from './reconcile-summary.ts';
import type { ReportTable } from './reconcile-summary.ts';

/** Returns a comparison as one HTML page that needs nothing else: no script, no request, legible in the dark. */
export function toReconcilePage(report: ReconcileReport): string {
  const { title, verdict, reason, lines, tables } = summarizeReconcile(report);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(`${report.dataset}: ${verdict}`)}</title><style>${decisionPageStyle}
table{border-collapse:collapse;display:block;overflow-x:auto}td,th{padding:2px 12px 2px 0;text-align:left;vertical-align:top}</style></head>
<body><main><h1>${escapeHtml(title)}</h1><p><strong>${escapeHtml(verdict)}</strong>: ${escapeHtml(reason)}</p>
<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>
${tables.map(toTable).join('\n')}
<p>${escapeHtml(`${report.canon}, ${report.startedAt} to ${report.endedAt}, seed ${report.seed}`)}</p></main></body></html>
`;
}

function toTable({ title, head, rows }: ReportTable): string {
  return `<h2>${escapeHtml(title)}</h2><table tabindex="0" aria-label="${escapeHtml(title)}"><thead>${toRow('th', head)}</thead><tbody>${rows.map((row) => toRow('td', row)).join('')}</tbody></table>`;
}

function toRow(tag: 'th' | 'td', row: readonly string[]): string {
  return `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
}
