import { FormatError, quoteShort } from './format-error.ts';
import { decodeUtf8 } from './parse-strict-json.ts';
import { isHostOf } from './person-key.ts';

/** What the browser has to have said. */
export interface WantedClientData {
  /** base64url without padding. */
  challenge: string;
  rpId: string;
  where: string;
}

/**
 * Returns only when `clientDataJSON` says that this challenge was answered on this site, not in the frame of another:
 * W3C WebAuthn Level 3, section 7.2, steps 9 to 14. Members that browsers add (section 5.8.1) are left alone.
 */
export function readClientData(bytes: Uint8Array, { challenge, rpId, where: owner }: WantedClientData): void {
  const where = `${owner} clientDataJSON`;
  const data = parseObject(decodeUtf8(bytes, where), where);
  const refuse = (member: string, expected: string) =>
    new FormatError({ where: `${where}.${member}`, expected, got: quoteShort(JSON.stringify(data[member]) ?? 'none') });
  if (data['type'] !== 'webauthn.get') throw refuse('type', '"webauthn.get"');
  if (data['challenge'] !== challenge) throw refuse('challenge', `${challenge}, the digest of the statement`);
  const site = `an origin of ${rpId} over https`;
  if (!isOriginOf(data['origin'], rpId)) throw refuse('origin', site);
  // A page of ours in a foreign frame may have been clicked on unseen.
  if (data['crossOrigin'] !== undefined && data['crossOrigin'] !== false) throw refuse('crossOrigin', 'false');
  if (data['topOrigin'] !== undefined && !isOriginOf(data['topOrigin'], rpId)) throw refuse('topOrigin', site);
}

/** The serialized origin of a page of the site: https, or http on this very machine (Secure Contexts, section 3.1). */
function isOriginOf(value: unknown, rpId: string): boolean {
  if (typeof value !== 'string') return false;
  let url: URL;
  try {
    url = new URL(value);
  } catch {
    return false;
  }
  const isLocal = isHostOf(url.hostname, 'localhost');
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && isLocal);
  return isSecure && url.origin === value && isHostOf(url.hostname, rpId);
}

/** A JSON object in which no name stands twice: the second would be read, and the first shown. */
function parseObject(text: string, where: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FormatError({ where, expected: 'JSON', got: quoteShort(text) });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new FormatError({ where, expected: 'an object', got: quoteShort(text) });
  }
  const twice = findDoubleName(text);
  if (twice !== null) throw new FormatError({ where, expected: 'each name once', got: `${quoteShort(twice)} twice` });
  return { ...value };
}

/** The first name that stands twice in one object of well-formed JSON, or null. */
function findDoubleName(text: string): string | null {
  const open: Set<string>[] = [];
  for (const [token, name] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/gu)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (name !== undefined) {
      const read = String(JSON.parse(name));
      const names = open.at(-1);
      if (names?.has(read)) return read;
      names?.add(read);
    }
  }
  return null;
}
