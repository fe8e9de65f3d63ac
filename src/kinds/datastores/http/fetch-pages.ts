import type { JsonValue } from '@tminus/verify';

import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { DatastoreContext } from '../../../core/dataset/datastore-kind.ts';
import type { EgressGuard } from '../../checks/guarded-lookup.ts';
import { isObject, parseJson } from '../../checks/parse-json.ts';
import { portOf, sendRequest } from '../../checks/send-request.ts';
import { createStepGuard } from '../../steps/guard-hosts.ts';
import { createTargetPolicy } from '../../target-policy.ts';
import type { TargetPolicy } from '../../target-policy.ts';

export interface HttpOptions {
  /** Names of members on the way to the list of a page; empty where a page is the list. */
  list: readonly string[];
  /** Where the next page is: header Link, a member that holds a cursor or link, or the number of the page. */
  next:
    | { by: 'link' }
    | { by: 'member'; path: readonly string[]; parameter: string }
    | { by: 'page'; parameter: string };
  /** Where a page says how many records there are; null where it does not. */
  total: { by: 'member'; path: readonly string[] } | { by: 'header'; name: string } | null;
  /** Header that carries the token, and what stands before it. */
  token: { header: string; prefix: string };
}

/** One page as it came. */
export interface Page {
  body: Uint8Array;
  value: JsonValue;
  total: number | null;
  /** Null behind the last one. */
  next: URL | null;
}

const largestPage = 64 * 1024 ** 2;
const mostPages = 100_000;
const mostRedirects = 5;

/** Yields the pages of one list. Throws where a page cannot be had, leads to another host, or comes twice: what was read of a list that has more is no list. */
export async function* fetchPages(first: URL, options: HttpOptions, context: DatastoreContext): AsyncGenerator<Page> {
  const client: Client = {
    options,
    context,
    policy: createTargetPolicy(),
    guard: createStepGuard(context),
    origin: first.origin,
  };
  assertReachable(first, client);
  const seen = new Set<string>();
  let url: URL | null = first;
  while (url !== null) {
    if (seen.has(url.href))
      throw new DatastoreTrouble('pages_loop', `${url.host}: expected another page, got one again that was read`);
    if (seen.size >= mostPages)
      throw new DatastoreTrouble('too_large', `${url.host}: expected at most ${mostPages} pages, got more`);
    seen.add(url.href);
    const page: Page = await fetchPage(url, client);
    yield page;
    url = page.next;
  }
}

interface Client {
  options: HttpOptions;
  context: DatastoreContext;
  policy: TargetPolicy;
  /** Also refuses the addresses behind names of production. */
  guard: EgressGuard;
  origin: string;
}

/** What would be refused at each try is refused before the first. */
function assertReachable(url: URL, { context: { allow, password }, guard }: Client): void {
  try {
    guard.assertLiteral(url.hostname, portOf(url));
  } catch (error) {
    throw new DatastoreTrouble('host_forbidden', (error as Error).message);
  }
  const isAllowed = [url.hostname, url.host].some((name) => allow.includes(name));
  if (password !== null && url.protocol !== 'https:' && !isAllowed)
    throw new DatastoreTrouble('token_in_clear', `${url.host}: expected https where a token is sent, got http`);
}

async function fetchPage(start: URL, client: Client): Promise<Page> {
  let url = start;
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const { status, headers, body } = await request(url, client);
    const location = headers['location'];
    if (status >= 300 && status < 400 && typeof location === 'string') {
      url = sameOrigin(URL.parse(location, url.href), client.origin, url.host);
      continue;
    }
    if (status !== 200) throw new DatastoreTrouble('status', `${url.host}: expected status 200, got ${status}`);
    return readPage({ url, headers, body }, client);
  }
  throw new DatastoreTrouble('redirects', `${start.host}: expected a page, got more than ${mostRedirects} redirects`);
}

interface Answer {
  status: number;
  retryAfter: string | null;
  headers: { [name: string]: string | string[] };
  body: Uint8Array;
}

async function request(url: URL, { options, context, policy, guard }: Client): Promise<Answer> {
  const token = context.password?.exposeText();
  const headers = {
    accept: 'application/json',
    ...(token === undefined ? {} : { [options.token.header]: `${options.token.prefix}${token}` }),
  };
  const result = await policy.call<Answer>({
    host: url.host,
    repeatable: true,
    signal: context.signal,
    async send(signal) {
      const sent = await sendRequest({
        method: 'GET',
        url,
        headers,
        body: null,
        ca: null,
        limit: largestPage,
        guard,
        signal,
      });
      if (!sent.ok) throw new DatastoreTrouble(sent.trouble.code, sent.trouble.message);
      const after = sent.response.headers['retry-after'];
      return { ...sent.response, retryAfter: typeof after === 'string' ? after : null };
    },
  });
  if (result.kind === 'answered') return result.reply;
  context.signal.throwIfAborted();
  if (result.kind === 'failed' && result.error instanceof DatastoreTrouble) throw result.error;
  throw new DatastoreTrouble(
    'unreachable',
    `${url.host}: expected an answer, got ${result.kind === 'refused' ? 'a request to wait' : 'none'}`,
  );
}

function sameOrigin(url: URL | null, origin: string, host: string): URL {
  if (url?.origin === origin) return url;
  throw new DatastoreTrouble(
    'other_host',
    `${host}: expected pages of one host, got a link to ${url?.host ?? 'nowhere'}`,
  );
}

function readPage({ url, headers, body }: Omit<Answer, 'status' | 'retryAfter'> & { url: URL }, client: Client): Page {
  let value: JsonValue;
  try {
    value = parseJson(body);
  } catch {
    // The words of the parser quote what it read.
    throw new DatastoreTrouble('page_malformed', `${url.host}: expected a page of JSON, got something else`);
  }
  const list = memberOf(value, client.options.list);
  if (!Array.isArray(list))
    throw new DatastoreTrouble(
      'list_missing',
      `${url.host}: expected a list in the page, got none; say where it is with option list`,
    );
  const link = nextOf({ url, value, isEmpty: list.length === 0, link: headers['link'] }, client.options);
  const next = link === null ? null : sameOrigin(link, client.origin, url.host);
  return { body, value, total: totalOf(value, headers, client.options), next };
}

interface NextScene {
  url: URL;
  value: JsonValue;
  isEmpty: boolean;
  link: string | string[] | undefined;
}

function nextOf({ url, value, isEmpty, link }: NextScene, { next }: HttpOptions): URL | null {
  if (next.by === 'link') {
    // RFC 8288: parameters in any order, relations apart by blanks.
    const target = String(link ?? '')
      .split(/,\s*(?=<)/)
      .map((each) => /^\s*<([^>]*)>.*;\s*rel="?(?:[^"]*\s)?next(?:[\s"]|$)/i.exec(each)?.[1])
      .find((found) => found !== undefined);
    return target === undefined ? null : URL.parse(target, url.href);
  }
  const copy = new URL(url.href);
  if (next.by === 'page') {
    if (isEmpty) return null;
    copy.searchParams.set(next.parameter, String(Number(url.searchParams.get(next.parameter) ?? '1') + 1));
    return copy;
  }
  const cursor = memberOf(value, next.path);
  if (cursor === null || cursor === undefined || cursor === '' || cursor === false) return null;
  if (typeof cursor !== 'string' && typeof cursor !== 'number')
    throw new DatastoreTrouble('cursor', `${url.host}: expected a text or number as cursor, got something else`);
  if (/^(?:https?:\/\/|\/)/.test(String(cursor))) return URL.parse(String(cursor), url.href);
  copy.searchParams.set(next.parameter, String(cursor));
  return copy;
}

function totalOf(value: JsonValue, headers: Answer['headers'], { total }: HttpOptions): number | null {
  if (total === null) return null;
  const found = total.by === 'header' ? headers[total.name] : memberOf(value, total.path);
  const count =
    typeof found === 'number' ? found : Number(typeof found === 'string' && found !== '' ? found : Number.NaN);
  if (!Number.isSafeInteger(count) || count < 0)
    throw new DatastoreTrouble('total', 'expected a whole number as total of the list, got something else');
  return count;
}

function memberOf(value: JsonValue, path: readonly string[]): JsonValue | undefined {
  let found: JsonValue | undefined = value;
  for (const name of path) found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return found;
}
