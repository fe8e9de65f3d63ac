/** Why an expectation cannot be read; `column` counts from 1 inside the expectation's own text. */
export interface ExpectationFault {
  column: number;
  expected: string;
  got: string;
  hint: string;
}

/** Thrown by a `Cursor` and caught by `readExpectation` only. */
export class ExpectationRefusal extends Error {
  readonly fault: ExpectationFault;

  constructor(fault: ExpectationFault) {
    super(`expected ${fault.expected}, got ${fault.got}`);
    this.fault = fault;
  }
}

/** A place in the text of one expectation, moved forward by sticky patterns. */
export class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** First group of `pattern` (which must be sticky) or the whole match, moving behind it; null where it does not match here. */
  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (!match) return null;
    this.at += match[0].length;
    return match[1] ?? match[0];
  }

  skipSpace(): void {
    this.take(/\s*/y);
  }

  isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** What stands here, short enough for a message. */
  rest(): string {
    if (this.isAtEnd()) return 'the end';
    const rest = this.text.slice(this.at);
    return rest.length > 40 ? `${rest.slice(0, 39)}…` : rest;
  }

  /** Ends the reading with a fault at this place, or at `at`. */
  refuse(expected: string, hint: string, at = this.at): never {
    this.at = at;
    throw new ExpectationRefusal({ column: at + 1, expected, got: this.rest(), hint });
  }
}
