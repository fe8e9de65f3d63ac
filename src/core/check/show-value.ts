import type { JsonValue } from '@tminus/verify';

const longest = 200;
/** C0, C1, format characters (bidi overrides, zero width), line separators and lone surrogates: all that a terminal or reader may not show. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** One line of at most 200 characters in which every character can be seen; foreign text is hostile and reaches terminals. */
export function toShownText(text: string): string {
  // A longer head than is kept: cutting before making visible bounds the work on a text of many megabytes.
  const head = text.slice(0, longest * 2).replaceAll(unseen, (character) => escapeOf(character));
  const characters = Array.from(head);
  if (text.length <= longest * 2 && characters.length <= longest) return head;
  const mark = `… (${text.length} characters)`;
  return characters.slice(0, longest - mark.length).join('') + mark;
}

/** The value as it is shown beside an expectation: texts in quotes, everything else as JSON. */
export function toShownValue(value: JsonValue): string {
  if (typeof value === 'string')
    return toShownText(JSON.stringify(value.length > longest * 4 ? `${value.slice(0, longest * 4)}…` : value));
  if (Array.isArray(value) && value.length > 100) return `a list of ${value.length}`;
  return toShownText(JSON.stringify(value));
}

function escapeOf(character: string): string {
  if (character === '\n') return String.raw`\n`;
  if (character === '\t') return String.raw`\t`;
  if (character === '\r') return String.raw`\r`;
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
