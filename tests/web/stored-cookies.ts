/** A cookie in the form in which a browser's context is opened with it. */
export interface StoredCookie {
  name: string;
  value: string;
  domain: string;
  path: string;
  expires: number;
  httpOnly: boolean;
  secure: boolean;
  sameSite: 'Lax';
}

/** The cookies of a `cookie` header, for a browser that goes to that address. */
export function toStoredCookies(header: string, url: string): StoredCookie[] {
  const rest = { domain: new URL(url).hostname, path: '/', expires: -1, httpOnly: true, secure: false };
  return header.split('; ').map((pair) => {
    const at = pair.indexOf('=');
    return { name: pair.slice(0, at), value: pair.slice(at + 1), ...rest, sameSite: 'Lax' };
  });
}
