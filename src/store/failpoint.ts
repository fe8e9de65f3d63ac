/** Told of every failpoint that is passed; `what` says what is under way there, for handlers that choose by it. */
export type FailpointHandler = (name: string, what: unknown) => void;

let handler: FailpointHandler | null = null;

/**
 * A place at which a process may die and nothing may be lost: before, between and after what is written. Does nothing unless a test has put a handler
 * on; no setting, variable or message of a running system can. It stands in the store, because everything that writes is above it.
 */
export function failpoint(name: string, what?: unknown): void {
  if (handler !== null) handler(name, what);
}

/** Puts a handler on for this process, for tests; null takes it off. */
export function setFailpointHandler(next: FailpointHandler | null): void {
  handler = next;
}
