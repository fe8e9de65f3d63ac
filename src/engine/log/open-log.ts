import { toSpanContext } from '../../core/trace/trace-ids.ts';

/** How much a line matters: `warn` and above is what somebody should know of. */
export type LogLevel = 'info' | 'warn' | 'error';

/** What a line is about; the ids by which it is found beside events, traces and requests. */
export interface LogFields {
  run?: string;
  step?: string;
  attempt?: number;
  shift?: string;
  /** Id of the HTTP request. */
  request?: string;
  /** Code of an error of the product. */
  code?: string;
  [name: string]: string | number | boolean | undefined;
}

/** One line as it is written. */
export interface LogLine {
  time: string;
  level: LogLevel;
  message: string;
  fields: { [name: string]: string | number | boolean };
}

/** Where a process writes what it does. Never throws, and nobody waits for it. */
export interface Log {
  write(level: LogLevel, message: string, fields?: LogFields): void;
  /** Lines since the process began, by level. */
  counts(): { [level in LogLevel]: number };
}

/** What a log is made of. */
export interface LogParts {
  /** Gets each line, masked; what it throws is lost. */
  sinks: readonly ((line: LogLine) => void)[];
  maskText: (text: string) => string;
  now: () => Date;
}

/** The one place of a process where lines are made: every text of them is masked, and what names a run names its trace. */
export function openLog({ sinks, maskText, now }: LogParts): Log {
  const counts = { info: 0, warn: 0, error: 0 };
  return {
    counts: () => ({ ...counts }),
    write(level, message, fields = {}) {
      counts[level] += 1;
      try {
        const line = {
          time: now().toISOString(),
          level,
          message: maskText(message),
          fields: toFields(fields, maskText),
        };
        for (const sink of sinks) sink(line);
      } catch {
        // A line that cannot be written says less than the work that goes on.
      }
    },
  };
}

function toFields(fields: LogFields, maskText: (text: string) => string): LogLine['fields'] {
  const { run, step, attempt, shift } = fields;
  const subject = run ?? shift;
  const place = step !== undefined && attempt !== undefined ? { step, attempt } : null;
  const all: LogFields = { ...fields, ...(subject !== undefined && toSpanContext(subject, place)) };
  const masked: LogLine['fields'] = {};
  for (const [name, value] of Object.entries(all))
    if (value !== undefined) masked[name] = typeof value === 'string' ? maskText(value) : value;
  return masked;
}

/** Returns an error as a line says it: what happened in one line, and the code where it has one. */
export function toLogError(error: unknown): { message: string; fields: LogFields } {
  if (!(error instanceof Error)) return { message: String(error), fields: {} };
  const { code } = error as { code?: unknown };
  const message = (error.message || error.name).replaceAll(/\s*\n\s*/gu, '; ');
  return { message, fields: typeof code === 'string' ? { code } : {} };
}
