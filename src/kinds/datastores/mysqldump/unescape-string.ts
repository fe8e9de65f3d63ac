const escapes: { readonly [character: string]: string } = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u{1a}',
  '%': '\\%',
  _: '\\_',
};

const backslash = 92;

/** Returns what a quoted string stands for (MySQL, String Literals, Table 9.1). `\%` and `\_` keep their backslash outside of patterns. */
export function unescapeString(text: string, quote: string, backslashEscapes: boolean): string {
  if (!backslashEscapes) return text.replaceAll(quote + quote, quote);
  const quoteCode = quote.charCodeAt(0);
  let plain = '';
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== backslash && code !== quoteCode) continue;
    // Behind a backslash stands what is meant; of two quotes the second.
    if (at + 1 >= text.length || (code === quoteCode && text.charCodeAt(at + 1) !== quoteCode)) continue;
    const character = text[at + 1] ?? '';
    plain += text.slice(from, at) + (code === backslash ? (escapes[character] ?? character) : quote);
    at += 1;
    from = at + 1;
  }
  return plain + text.slice(from);
}
