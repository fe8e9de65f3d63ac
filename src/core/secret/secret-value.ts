const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A secret that does not print itself: as text, in JSON, in a template, in an inspection or a clone it is only its name. The bytes come out by
 * `exposeBytes` and `exposeText`, so that every place that takes them can be found by searching for these words.
 */
export class SecretValue {
  readonly name: string;
  readonly #bytes: Uint8Array;

  /** Takes the bytes over: whoever hands them in keeps no copy, since `wipe` clears these only. */
  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.#bytes = bytes;
  }

  /** A copy of the bytes. */
  exposeBytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }

  /** The bytes as UTF-8. Texts cannot be wiped: take the bytes where they will do. */
  exposeText(): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.#bytes);
  }

  /** Overwrites the bytes with zeros. Copies that were taken stay with whoever took them. */
  wipe(): void {
    this.#bytes.fill(0);
  }

  toString(): string {
    return `[secret ${this.name}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.toPrimitive](): string {
    return this.toString();
  }

  [inspect](): string {
    return this.toString();
  }
}
