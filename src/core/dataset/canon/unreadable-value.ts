/** A value that has no canonical text as the type that was asked for. The message says what was expected and never holds the value. */
export class UnreadableValue extends Error {
  readonly expected: string;
  constructor(expected: string) {
    super(`expected ${expected}, got something else`);
    this.name = 'UnreadableValue';
    this.expected = expected;
  }
}
