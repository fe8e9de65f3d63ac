/** What became of a link: kept in short, or left out with the rule that did it. */
export type CleanUrl =
  | { kept: string; rule: 'kept' | 'query' | 'card' }
  | { kept: null; rule: 'invalid' | 'scheme' | 'internal' | 'signed' | 'upload' | 'board' };

const signed =
  /^(?:x-(?:amz|goog|ms)-|sig$|signature$|token$|access_token$|auth|key$|apikey$|api_key$|code$|se$|sv$|sp$|expires$|policy$|password$|secret$|jwt$)/i;
const internalName = /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|corp|home|private|test|invalid)$/i;
const uploads = /^(?:trello-attachments\.s3\.amazonaws\.com|trello-[a-z]+\.s3\.amazonaws\.com|api\.trello\.com)$/i;

/**
 * Returns a link as it may leave a board: scheme, host and the words of its path, never its query, fragment or user. Links that grant something by themselves
 * (signatures, tokens), lead into private networks or to uploads are left out. `ownId` turns the short link of a card into the id it is imported under.
 */
export function cleanUrl(text: string, ownId: (shortLink: string) => string | null): CleanUrl {
  const url = URL.parse(text);
  if (url === null || url.hostname === '') return { kept: null, rule: 'invalid' };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return { kept: null, rule: 'scheme' };
  if (url.hostname === 'trello.com') return cleanTrello(url, ownId);
  if (uploads.test(url.hostname)) return { kept: null, rule: 'upload' };
  if (isInternal(url.hostname)) return { kept: null, rule: 'internal' };
  const isSigned = [...url.searchParams.keys(), ...fragmentKeys(url)].some((name) => signed.test(name));
  if (isSigned || url.username !== '' || url.password !== '') return { kept: null, rule: 'signed' };
  return {
    kept: `${url.protocol}//${url.host}${classOf(url.pathname)}`,
    rule: url.search + url.hash === '' ? 'kept' : 'query',
  };
}

function cleanTrello(url: URL, ownId: (shortLink: string) => string | null): CleanUrl {
  const [, kind, shortLink = ''] = url.pathname.split('/');
  if (kind === '1') return { kept: null, rule: 'upload' };
  const id = kind === 'c' ? ownId(shortLink) : null;
  return id === null ? { kept: null, rule: 'board' } : { kept: id, rule: 'card' };
}

/** A literal address is never a place for everybody; a name without a point, or under a private end, is none of the internet. */
function isInternal(host: string): boolean {
  return /^\[|^[\d.]+$/.test(host) || !host.includes('.') || internalName.test(host);
}

function fragmentKeys({ hash }: URL): string[] {
  return [...new URLSearchParams(hash.slice(1)).keys()];
}

/** Words stay; whatever could name a person, a document or a secret is a star. */
function classOf(path: string): string {
  return path
    .split('/')
    .slice(0, 8)
    .map((part) => (/^[a-z]{0,24}(?:-[a-z]{1,24}){0,5}$/i.test(part) ? part : '*'))
    .join('/');
}
