/** One stretch of time in a trace. */
export interface Span {
  traceId: string;
  spanId: string;
  /** Null for the run or shift itself. */
  parentId: string | null;
  name: string;
  startMs: number;
  endMs: number;
  attributes: { [name: string]: string | number | boolean };
  status: 'ok' | 'error' | 'unset';
  /** Why it is an error: words of ours, and nothing that a step said. */
  message: string | null;
}
