import type { Place } from '../launch/place.ts';
import type { ErrorCode } from './error-codes.ts';

/** An error in the form in which it is stored, sent and printed with `--json`. */
export interface ErrorReport {
  code: ErrorCode;
  message: string;
  hint: string;
  at: Place | null;
}

/**
 * The work could not be done. Results that are merely bad (a failing check, a NO-GO) are values, never this.
 * `message` is lower case without a full stop and names the thing, what was expected and what was got; `hint` is one imperative sentence.
 */
export class ProductError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly at: Place | null;

  constructor(code: ErrorCode, message: string, detail: { hint: string; at?: Place | null; cause?: unknown }) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ProductError';
    this.code = code;
    this.hint = detail.hint;
    this.at = detail.at ?? null;
  }

  toReport(): ErrorReport {
    return { code: this.code, message: this.message, hint: this.hint, at: this.at };
  }
}
