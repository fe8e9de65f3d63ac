import { readOptionText } from '../../option-text.ts';
import { shorten } from '../paper/line-marks.ts';
import type { Paper } from '../paper/paper.ts';
import type { Noted, NotedMetric, NotedOption } from './understanding.ts';

const targetAlert = /^(.*?)\s*\(?target:\s*([^,;)]+)[,;]\s*alert:\s*([^)]+)\)?/i;

/** Returns metrics with target and alert, from list lines and from tables that have such columns. */
export function noteMetrics(paper: Paper): NotedMetric[] {
  const metrics: NotedMetric[] = [];
  for (const item of paper.items) {
    const match = item.text.includes('arget') ? targetAlert.exec(item.text) : null;
    if (match !== null)
      metrics.push({
        text: shorten(match[1] ?? ''),
        line: item.line,
        column: item.column,
        target: (match[2] ?? '').trim(),
        alert: (match[3] ?? '').trim(),
      });
  }
  for (const table of paper.tables) {
    const names = table.header.map((cell) => cell.text.replace(/\*/g, '').toLowerCase());
    const target = names.indexOf('target');
    if (target === -1 || !/^(?:metric|kpi|sli|slo|indicator|measure|check)/.test(names[0] ?? '')) continue;
    const alert = names.findIndex((name) => name.startsWith('alert'));
    for (const row of table.rows) {
      const name = row[0];
      if (name === undefined) continue;
      metrics.push({
        text: shorten(name.text.replace(/\*/g, '')),
        line: name.line,
        column: name.column,
        target: row[target]?.text ?? null,
        alert: alert === -1 ? null : (row[alert]?.text ?? null),
      });
    }
  }
  return metrics.toSorted((left, right) => left.line - right.line);
}

const bound =
  /(?:[<>≤≥]=?\s*~?\d|\b(?:at least|at most|less than|more than|over|under|below|above)\s+\d)[\d.,]*\s*(?:%|ms|s\b|sec\w*|min\w*|h\b|hours?|days?|\/sec)?/i;

/** Returns lines that hold a bound: `error rate < 1%`, `>15 tickets`. */
export function noteThresholds(paper: Paper): Noted[] {
  const noted: Noted[] = [];
  for (const line of paper.lines) {
    const text = line.kind === 'code' && /[│|□•]/.test(line.text) ? line.text.replace(/[│|]/g, ' ') : line.prose;
    if (text === '' || !/[<>≤≥]|\b(?:least|most|than|over|under|below|above) \d/i.test(text)) continue;
    const match = bound.exec(text);
    if (match !== null) noted.push({ text: shorten(text), line: line.number, column: line.column + match.index });
  }
  return noted;
}

/** Returns options that stand side by side (`A - ...`, `Option B: ...`), with the one that is marked as recommended. */
export function noteOptions(paper: Paper): NotedOption[] {
  const options: NotedOption[] = [];
  for (const item of paper.items) {
    const option = readOptionText(item.text);
    if (option === null) continue;
    const { recommended } = option;
    options.push({ text: shorten(item.text), line: item.line, column: item.column, recommended });
  }
  return options;
}
