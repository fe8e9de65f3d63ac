/** Methods that change nothing (RFC 9110, 9.2.1). */
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a request may act with the cookies that came with it (A22): it changes nothing, or a browser says that a page of ours made it. A request that
 * names a bearer token instead of a cookie passes: no page of another site can make a browser send one. Chromium leaves `Origin` out of changes without a
 * body that our own pages make; then its `Sec-Fetch-Site` (Fetch Metadata, section 2.1), which no page can set, has to say that. A change with neither is refused.
 */
export function allowsOrigin(baseUrl: string, { method, headers }: { method: string; headers: Headers }): boolean {
  if (safeMethods.has(method)) return true;
  if (headers.get('cookie') === null && /^bearer /i.test(headers.get('authorization') ?? '')) return true;
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  if (origin === null) return site === 'same-origin';
  return origin === baseUrl && (site === null || site === 'same-origin');
}
