/** Windows-1252 where it is not Latin-1 (WHATWG Encoding, index-windows-1252): how UTF-8 looks once it was read as the other. */
const windows1252 =
  '\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178';
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Returns a text as it looks when its UTF-8 is taken for Windows-1252; null where nothing would change. */
export function misread(text: string): string | null {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length === text.length) return null;
  return Array.from(bytes, (byte) =>
    byte >= 0x80 && byte < 0xa0 ? (windows1252[byte - 0x80] ?? '') : String.fromCodePoint(byte),
  ).join('');
}

/** Returns the text that was misread, once; null where this one cannot have come about that way. */
export function undoMisreading(text: string): string | null {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const place = windows1252.indexOf(character);
    if (code >= 0x100 && place === -1) return null;
    bytes.push(place === -1 ? code : 0x80 + place);
  }
  try {
    const read = strict.decode(Uint8Array.from(bytes));
    return read === text ? null : read;
  } catch {
    return null;
  }
}
