/** What proves that a page is the one that was meant, and not a fallback with status 200. */
export interface IdentityMarker {
  /** `title`: the whole title of an HTML page. `text`: somewhere in the body. `json`: a field, `at` its dotted path. `header`: a field of the answer, `at` its name. */
  by: 'title' | 'text' | 'json' | 'header';
  at: string;
  equals: string;
}

/** Where an expectation comes from. */
export type RedirectOrigin = 'template' | 'table' | 'list' | 'log' | 'sitemap' | 'gone' | 'negative';

/**
 * What has to become of one URL. `redirect`: that status, that target, and the target is the page meant. `page`: 200 at once, and the page meant. `gone`: 410.
 * `stay`: no redirect, whatever else. `settle`: somebody asked for it before, so it ends at a page.
 */
export interface RedirectExpectation {
  from: string;
  origin: RedirectOrigin;
  wants: 'redirect' | 'page' | 'gone' | 'stay' | 'settle';
  /** Of `redirect`; else null. */
  status: number | null;
  /** Absolute, of `redirect`; else null. */
  to: string | null;
  identity: IdentityMarker | null;
}

/** What a server answered when a URL was asked for, once. */
export interface RedirectAnswer {
  url: string;
  /** Null where there was no answer. */
  status: number | null;
  location: string | null;
  cacheControl: string | null;
  /** Of the body, as far as it was read; null where nobody needed it. */
  sha256: string | null;
  /** What stood where markers are looked for, by `markerKey`; null where nothing did. */
  seen: { readonly [marker: string]: string | null };
  /** Why there was no answer. */
  trouble: string | null;
}

/** How much a source gave, and how much of it was looked at. */
export interface RedirectSource {
  origin: RedirectOrigin;
  name: string;
  population: number;
  taken: number;
}

export const redirectReportFormat = 'tminus-redirects/1';

/** What was expected and what was seen; whether it is right is judged from this, and stands nowhere in it. */
export interface RedirectReport {
  format: typeof redirectReportFormat;
  base: string;
  seed: number;
  /** Requests a second at most, and how many at once. */
  rate: number;
  connections: number;
  startedAt: string;
  endedAt: string;
  sources: RedirectSource[];
  expectations: RedirectExpectation[];
  /** URLs of which nobody has ever heard, one for each host: what they answer proves nothing of a page. */
  controls: string[];
  answers: RedirectAnswer[];
}

/** What holds for every URL of a report. */
export interface RedirectTerms {
  /** Most redirects from a URL to its page. */
  hops: number;
  /** What Cache-Control of each redirect has to contain; null where that does not matter. */
  cache: string | null;
}

/** Statuses that send a reader elsewhere (RFC 9110 section 15.4). */
export const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

/** Returns the name under which an answer keeps what was seen for a marker. */
export function markerKey({ by, at, equals }: IdentityMarker): string {
  return by === 'text' ? `text ${equals}` : `${by} ${at}`;
}

/** A path that stands in a URL as it is written: nothing in it is escaped, resolved or cut off (WHATWG URL, section 4.4). */
const plainPath = /^\/(?!\/)(?:[\w~!$*,;:@=+/-]|(?<!\/)\.)*$/;

/** Returns an absolute URL in the spelling that is compared (WHATWG URL), without its fragment; null where there is none. */
export function toAbsolute(text: string, base: string): string | null {
  // Nearly every path is plain, and parsing it costs as much as asking for it.
  const origin = plainOriginOf(base);
  if (origin !== null && plainPath.test(text)) return origin + text;
  if (origin !== null && text.startsWith('http')) {
    const own = plainOriginOf(text);
    if (own !== null && text.startsWith(own) && plainPath.test(text.slice(own.length))) return text;
  }
  const url = URL.parse(text, base);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  url.hash = '';
  return url.href;
}

/** Returns the origin of a URL that `toAbsolute` gave. */
export function originOf(url: string): string {
  return plainOriginOf(url) ?? new URL(url).origin;
}

const mostOrigins = 1_000;
const origins = new Map<string, string | null>();
/** Nearly all that follow one another lie on one host. */
let last: { head: string; origin: string | null } = { head: 'none:', origin: null };

/** Null where a path could not be put behind it: of another scheme, with a name and password, of none. */
function plainOriginOf(url: string): string | null {
  if (url.startsWith(last.head) && url[last.head.length] === '/') return last.origin;
  const end = url.indexOf('/', url.indexOf('//') + 2);
  const head = end === -1 ? url : url.slice(0, end);
  const known = origins.get(head);
  const origin = known === undefined ? readOrigin(url, head) : known;
  if (origins.size >= mostOrigins) origins.clear();
  origins.set(head, origin);
  // A head that is no more than a scheme would be that of every URL.
  if (head.includes('//')) last = { head, origin };
  return origin;
}

function readOrigin(url: string, head: string): string | null {
  const origin = head.includes('@') ? null : (URL.parse(url)?.origin ?? null);
  return origin !== null && /^https?:/.test(origin) ? origin : null;
}
