/**
 * Returns the answer of the library as a page may read it: without the session and its token, which travel in a cookie that scripts cannot read, and
 * with what we ask of authenticators.
 */
export function toAnswer(status: number, headers: Headers, body: Record<string, unknown> | null): Response {
  const kept = new Headers({ 'cache-control': 'no-store' });
  for (const name of ['location', 'content-type']) {
    const value = headers.get(name);
    if (value !== null) kept.set(name, value);
  }
  for (const cookie of headers.getSetCookie()) kept.append('set-cookie', cookie);
  return new Response(body === null ? null : JSON.stringify(toPublic(body)), { status, headers: kept });
}

function toPublic(body: Record<string, unknown>): Record<string, unknown> {
  const { token: _token, session: _session, user, ...rest } = body;
  if (typeof rest['challenge'] !== 'string') return rest;
  // The library cannot be told: a verified user is half of what makes a passkey a second factor, and launch documents declare keys for ES256 only (COSE -7).
  if (!Array.isArray(rest['pubKeyCredParams'])) return { ...rest, userVerification: 'required' };
  // Here `user` is what the authenticator keeps the passkey under, and no account.
  return { ...rest, user, pubKeyCredParams: [{ type: 'public-key', alg: -7 }] };
}
