/**
 * What a terminal obeys or is turned around by: C0 but tab and line feed, DEL, C1 (a second spelling of the escape sequences), line separators
 * and the bidirectional controls.
 */
const obeyed = '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]';
const anyControl = new RegExp(obeyed, 'gu');
/** The colours of the palette, and nothing else that begins with an escape. */
const colorOrControl = new RegExp(`\\u001b\\[(?:[12]|22|3[0-9])m|${obeyed}`, 'gu');
const anyControlOrBreak = new RegExp(`${obeyed}|[\\t\\n]`, 'gu');

/** Text that only prints: what a terminal would obey stands as `\u001b`. In JSON that is the same value in another spelling. */
export function toInert(text: string, color: boolean): string {
  return text.replaceAll(color ? colorOrControl : anyControl, (found) => (found.length > 1 ? found : spell(found)));
}

/** A value with every text in it inert and on one line, for text of documents and targets that is printed among colours of our own. */
export function toInertValue<Value>(value: Value): Value {
  return mapText(value) as Value;
}

function mapText(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(anyControlOrBreak, spell);
  if (Array.isArray(value)) return value.map(mapText);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapText(each)]));
}

function spell(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
