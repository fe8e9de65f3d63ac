import type { JsonObject, JsonValue } from '@tminus/verify';

/** What became of one field of an imported document. */
export type ImportedField =
  | { path: string; became: 'mapped'; to: string }
  | { path: string; became: 'lost'; why: string };

/** Path of a field, such as `['spec', 'strategy', 'canary']`. */
type Path = readonly (string | number)[];

/**
 * Accounts for every field of a document: what nobody takes and nobody gives a reason for is lost, by name. A mapping cannot forget a field, because it does not list
 * what it leaves.
 */
export class FieldLedger {
  readonly #document: JsonValue;
  readonly #otherwise: string;
  readonly #became = new Map<string, ImportedField>();

  /** `otherwise` is why a field is lost that nobody spoke of. */
  constructor(document: JsonValue, otherwise = 'a rollout has nothing like it') {
    this.#document = document;
    this.#otherwise = otherwise;
  }

  /** Returns the value at a path, and notes what it became. Nothing is noted where there is none. */
  take(path: Path, to: string): JsonValue | undefined {
    const value = this.look(path);
    this.#note(path, (leaf) => ({ path: leaf, became: 'mapped', to }));
    return value;
  }

  /** The same for a text or a number; an empty text where there is none. */
  takeText(path: Path, to: string): string {
    return toScalarText(this.take(path, to));
  }

  /** Notes why a field is left behind. */
  lose(path: Path, why: string): void {
    this.#note(path, (leaf) => ({ path: leaf, became: 'lost', why }));
  }

  /** Returns the value at a path and notes nothing. */
  look(path: Path): JsonValue | undefined {
    let value: JsonValue | undefined = this.#document;
    for (const key of path) {
      if (typeof value !== 'object' || value === null) return undefined;
      value = (value as { [key: string]: JsonValue })[key];
    }
    return value;
  }

  /** Returns the elements of a list at a path with their paths; none where there is no list. */
  each(path: Path): { path: Path; value: JsonObject }[] {
    const list = this.look(path);
    if (!Array.isArray(list)) return [];
    return list.map((value, index) => ({ path: [...path, index], value: (value ?? {}) as JsonObject }));
  }

  /** Returns what became of every field, in the order of the document. */
  fields(): ImportedField[] {
    return leavesOf(this.#document, []).map(
      (leaf) => this.#became.get(leaf) ?? { path: leaf, became: 'lost', why: this.#otherwise },
    );
  }

  #note(path: Path, toField: (leaf: string) => ImportedField): void {
    const value = this.look(path);
    if (value === undefined) return;
    for (const leaf of leavesOf(value, path)) this.#became.set(leaf, toField(leaf));
  }
}

/** Returns a text or a number as a text, and an empty one for anything else. */
export function toScalarText(value: JsonValue | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** An empty list or mapping is a field, too: `pause: {}` says something. */
function leavesOf(value: JsonValue, path: Path): string[] {
  const entries: [string | number, JsonValue][] = Array.isArray(value)
    ? [...value.entries()]
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  return entries.length === 0 ? [toText(path)] : entries.flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

function toText(path: Path): string {
  return path.map((key, at) => (typeof key === 'number' ? `[${key}]` : at === 0 ? key : `.${key}`)).join('');
}
