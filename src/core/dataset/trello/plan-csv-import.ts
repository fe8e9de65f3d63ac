import { dayInName } from './date-of-card.ts';
import type { RedactionTools } from './redact-board.ts';

export type CsvSkip = 'blank' | 'completed-history' | 'invalid-date' | 'missing-description' | 'missing-proof';

/** A line of a list of tasks, as its columns say; empty where a column is not there. */
export interface CsvTask {
  line: number;
  description: string;
  date: string;
  status: string;
  proof: string;
}

/** How one line ended (D36). Secrets in it have given way to markers. */
export interface CsvOutcome {
  line: number;
  outcome: 'created' | 'skipped';
  reason: CsvSkip | null;
  description: string;
  day: string | null;
  /** `weekly`, `every month` ...: the line stands for many tasks; null where it stands for one. */
  recurring: string | null;
}

export interface CsvPlan {
  outcomes: CsvOutcome[];
  created: number;
  skipped: { [reason in CsvSkip]?: number };
  recurring: number;
  /** Secrets that were taken out, by rule. */
  secrets: { [rule: string]: number };
}

const done = /^(?:done|complete[d]?|closed|finished|x|yes|true)$/i;
const repeated =
  /\b(?:daily|weekly|biweekly|fortnightly|monthly|quarterly|yearly|annually|every (?:\w+ )?(?:day|week|month|quarter|year|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?)\b/i;

/** Returns how every line of a list of tasks ends. A finished line with its proof is history and stays behind; one without it is told as missing its proof. */
export function planCsvImport(tasks: readonly CsvTask[], findSecrets: RedactionTools['findSecrets']): CsvPlan {
  const secrets: { [rule: string]: number } = {};
  const outcomes = tasks.map((task): CsvOutcome => {
    const reason = skipOf(task);
    const description = mark(task.description.trim(), findSecrets, secrets);
    const day = dayInName(task.date);
    const recurring = repeated.exec(`${task.description} ${task.date}`)?.[0].toLowerCase() ?? null;
    const outcome = reason === null ? 'created' : 'skipped';
    return { line: task.line, outcome, reason, description, day: day === 'invalid' ? null : day, recurring };
  });
  const skipped: CsvPlan['skipped'] = {};
  for (const { reason } of outcomes) if (reason !== null) skipped[reason] = (skipped[reason] ?? 0) + 1;
  const created = outcomes.filter(({ outcome }) => outcome === 'created');
  return {
    outcomes,
    created: created.length,
    skipped,
    recurring: created.filter((each) => each.recurring !== null).length,
    secrets,
  };
}

function skipOf({ description, date, status, proof }: CsvTask): CsvSkip | null {
  if ([description, date, status, proof].every((cell) => cell.trim() === '')) return 'blank';
  if (description.trim() === '') return 'missing-description';
  if (done.test(status.trim())) return proof.trim() === '' ? 'missing-proof' : 'completed-history';
  const isDated = date.trim() !== '' && !repeated.test(date);
  const day = isDated ? dayInName(date) : null;
  return isDated && (day === null || day === 'invalid') ? 'invalid-date' : null;
}

function mark(text: string, findSecrets: RedactionTools['findSecrets'], secrets: CsvPlan['secrets']): string {
  let clean = text;
  for (const { start, end, rule } of findSecrets(text).toSorted((a, b) => b.start - a.start)) {
    secrets[rule] = (secrets[rule] ?? 0) + 1;
    clean = `${clean.slice(0, start)}[secret-${rule}]${clean.slice(end)}`;
  }
  return clean;
}
