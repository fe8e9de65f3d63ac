/** What was being read, what was wanted there and what was found; the form of every refusal in this package. */
export interface FormatFault {
  /** The file, line or field, as a person would look for it: `checkpoint line 2`, `entries.jsonl entry 17`. */
  where: string;
  expected: string;
  got: string;
}

/**
 * Input does not have the form that the format asks for.
 * Everything this package reads may be hostile, so a refusal says where, and quotes at most a short piece of what it found.
 */
export class FormatError extends Error {
  readonly fault: FormatFault;

  constructor(fault: FormatFault) {
    super(`${fault.where}: expected ${fault.expected}, got ${fault.got}`);
    this.name = 'FormatError';
    this.fault = fault;
  }
}

/** A short, one-line, printable rendering of hostile text for an error message. */
export function quoteShort(text: string, limit = 60): string {
  const piece = text.length > limit ? `${text.slice(0, limit)}...` : text;
  return JSON.stringify(piece.toWellFormed()).replaceAll(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/gu, '?');
}
