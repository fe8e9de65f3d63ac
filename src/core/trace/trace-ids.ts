import { sha256Hex } from '@tminus/verify';

/** Returns the id of the trace of a run or shift: the same in every process, so that whoever takes over continues it (W3C Trace Context, 16 bytes). */
export function traceIdOf(subject: string): string {
  return sha256Hex(`tminus trace ${subject}`).slice(0, 32);
}

/** Returns the id of a span within a trace, which follows from what it is about (8 bytes). */
export function spanIdOf(subject: string, part: string): string {
  return sha256Hex(`tminus span ${subject} ${part}`).slice(0, 16);
}

/** What the span of an attempt is derived from. */
export function attemptPart(step: string, attempt: number): string {
  return `step ${step} ${attempt}`;
}

/** Returns the context that a program of an attempt continues (W3C Trace Context section 3.2). */
export function toTraceparent(run: string, step: string, attempt: number): string {
  return `00-${traceIdOf(run)}-${spanIdOf(run, attemptPart(step, attempt))}-01`;
}

/** Returns the ids by which a line of a log is found in its trace, in the names of OpenTelemetry. */
export function toSpanContext(
  subject: string,
  attempt: { step: string; attempt: number } | null,
): { trace_id: string; span_id?: string } {
  const trace_id = traceIdOf(subject);
  if (attempt === null) return { trace_id };
  return { trace_id, span_id: spanIdOf(subject, attemptPart(attempt.step, attempt.attempt)) };
}
