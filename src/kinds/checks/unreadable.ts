import type { JsonObject, Reading } from '../../core/check/check.ts';

/** Why a source cannot be taken at its word. Thrown inside a parser and turned into a `Reading` at its edge, never seen outside. */
export class Unreadable extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'Unreadable';
    this.code = code;
  }
}

/**
 * Returns the facts that `read` finds, or the reason why there are none.
 * Any other error is a fault of the parser and goes on: a fault must not look like bad input.
 */
export function toReading(read: () => JsonObject): Reading {
  try {
    return { state: 'readable', facts: read() };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { state: 'unreadable', trouble: { code: error.code, message: toPlainText(error.message, 500) } };
  }
}

/**
 * Returns foreign text as it may stand in facts and messages: one line, no control characters, no lone surrogates
 * (RFC 8785 cannot write them), at most `length` characters.
 */
export function toPlainText(text: string, length = 200): string {
  const plain = text
    .slice(0, length * 4)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = [...plain];
  return characters.length <= length ? plain : `${characters.slice(0, length - 1).join('')}…`;
}

/** Returns the first 20 of `names` as they may stand in facts. */
export function firstNames(names: readonly string[]): string[] {
  return names.slice(0, 20).map((name) => toPlainText(name));
}
