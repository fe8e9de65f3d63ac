/**
 * Returns an address in the form in which two are the same: its domain in lower case (RFC 5321 section 2.4), its local part as it is. Null for what no server takes:
 * several addresses, a display name, a line break, a domain without a dot.
 */
export function normalizeAddress(text: string): string | null {
  const match =
    /^([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64})@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9])$/.exec(
      text.trim(),
    );
  if (match === null || match[2]!.length > 253 || /^\.|\.$|\.\./.test(match[1]!)) return null;
  return `${match[1]}@${match[2]!.toLowerCase()}`;
}
