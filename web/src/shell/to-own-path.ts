/**
 * Where to go on, as an address of this very site; home for everything else, and for what is no text. Judged as the browser would read it, because `//host`, `/\host` and
 * blanks lead elsewhere, too.
 */
export function toOwnPath(next: unknown, origin = globalThis.location.origin): string {
  if (typeof next !== 'string' || !next.startsWith('/') || !URL.canParse(next, origin)) return '/';
  const url = new URL(next, origin);
  return url.origin === origin ? `${url.pathname}${url.search}${url.hash}` : '/';
}
