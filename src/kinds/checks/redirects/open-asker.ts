import { hash } from 'node:crypto';

import { originOf } from '../../../core/dataset/redirects/redirect.ts';
import type { RedirectAnswer } from '../../../core/dataset/redirects/redirect.ts';
import { toHost } from '../egress.ts';
import type { EgressGuard } from '../guarded-lookup.ts';
import { toNetworkTrouble } from '../network-trouble.ts';
import { portOf } from '../send-request.ts';
import type { Question } from './ask-urls.ts';
import { openLanes } from './open-lanes.ts';
import type { Lanes } from './open-lanes.ts';
import { readMarkers } from './read-markers.ts';

/** Asks for URLs over connections that stay open. */
export interface Asker {
  ask(question: Question): Promise<RedirectAnswer>;
  close(): Promise<void>;
}

/** Under which limits it is asked. */
export interface AskerLimits {
  /** Hosts that may be asked, `host` or `host:port`; redirects to any other are noted and not followed. */
  hosts: readonly string[];
  guard: EgressGuard;
  connections: number;
  /** Requests that a connection is given before it has answered the first of them; 1 for one at a time. */
  inARow: number;
  timeoutMs: number;
  signal: AbortSignal;
}

/** A page is told by its head; what lies beyond is read by nobody. */
const mostBytes = 512 * 1024;

/** Opens connections to each origin that may be asked, every one of them through the egress guard: a name is resolved and judged whenever a connection is made. */
export function openAsker(limits: AskerLimits): Asker {
  const sites: Sites = new Map();
  // Requests that wait for an answer end with their connections.
  const cut = (): void => void closeAll(sites);
  limits.signal.addEventListener('abort', cut, { once: true });
  const siteOf = (origin: string): Site | Promise<Site> => {
    const known = sites.get(origin);
    if (known !== undefined) return known;
    const url = new URL(origin);
    if (!isAmong(limits.hosts, url)) return null;
    const opened = openLanes(url, { ...limits, mostBytes });
    sites.set(origin, opened);
    // A promise that is awaited for each URL costs as much as half of an answer.
    void opened.then(
      (site) => sites.set(origin, site),
      () => undefined,
    );
    return opened;
  };
  return {
    ask: (question) => ask(question, limits, siteOf),
    close: async () => {
      limits.signal.removeEventListener('abort', cut);
      await closeAll(sites);
    },
  };
}

/** The connections to an origin; null where it may not be asked. */
type Site = Lanes | null;
type Sites = Map<string, Site | Promise<Site>>;

async function closeAll(sites: Sites): Promise<void> {
  await Promise.all(
    [...sites.values()].map(async (opened) => await (await Promise.resolve(opened).catch(() => null))?.close()),
  );
}

const nothing = {};

async function ask(
  { url, markers }: Question,
  { signal }: AskerLimits,
  siteOf: (origin: string) => Site | Promise<Site>,
): Promise<RedirectAnswer> {
  const origin = originOf(url);
  const silent = { url, status: null, location: null, cacheControl: null, sha256: null, seen: nothing };
  try {
    signal.throwIfAborted();
    const opened = siteOf(origin);
    const site = opened instanceof Promise ? await opened : opened;
    if (site === null) return { ...silent, trouble: 'other_host' };
    const answer = await getOf(site, pathOf(url), signal);
    const { status, location, cacheControl, bytes } = answer;
    return {
      url,
      status,
      location,
      cacheControl,
      sha256: bytes === null ? null : hash('sha256', bytes, 'hex'),
      seen:
        bytes === null || markers.length === 0
          ? nothing
          : readMarkers(markers, { headers: answer.fields(), body: Buffer.from(bytes).toString('utf8') }),
      trouble: null,
    };
  } catch (error) {
    signal.throwIfAborted();
    return { ...silent, trouble: toNetworkTrouble(error, origin).code };
  }
}

/** A connection that ends among what it was asked in a row leaves open what of it the server did not bear: from then on it is asked for one at a time, and for this once more. */
async function getOf(site: Lanes, path: string, signal: AbortSignal): ReturnType<Lanes['get']> {
  const { isInARow } = site;
  try {
    return await site.get(path);
  } catch (error) {
    if (signal.aborted || !isInARow) throw error;
    site.slowDown();
    return await site.get(path);
  }
}

/** Of a URL in the spelling that `toAbsolute` gives. */
function pathOf(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2));
}

function isAmong(hosts: readonly string[], url: URL): boolean {
  const plain = toHost(url.hostname);
  return hosts.some((host) => host === plain || host === `${plain}:${portOf(url)}`);
}
