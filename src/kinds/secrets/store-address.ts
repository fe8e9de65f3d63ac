const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The address of a store, or why it is refused: a token or a secret goes over TLS, or does not leave this machine. */
export function readStoreAddress(written: string): { ok: true; url: URL } | { ok: false; says: string } {
  if (!URL.canParse(written))
    return { ok: false, says: 'expected an address such as https://vault.example.org:8200, got something else' };
  const url = new URL(written);
  if (url.username !== '' || url.password !== '')
    return { ok: false, says: 'expected an address, got one with a password in it' };
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname))) return { ok: true, url };
  return { ok: false, says: `expected https, got ${url.protocol.slice(0, -1)} to another machine` };
}
