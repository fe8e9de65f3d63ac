import type { ObserveContext } from '../../../core/check/check.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import { originOf, redirectReportFormat, toAbsolute } from '../../../core/dataset/redirects/redirect.ts';
import type { RedirectAnswer, RedirectExpectation, RedirectReport } from '../../../core/dataset/redirects/redirect.ts';
import { toHost } from '../egress.ts';
import { createEgressGuard } from '../guarded-lookup.ts';
import type { ResolveHost } from '../guarded-lookup.ts';
import { portOf } from '../send-request.ts';
import { askUrls } from './ask-urls.ts';
import { collectExpectations } from './collect-expectations.ts';
import { confirmAnswers } from './confirm-answers.ts';
import type { AskFor } from './confirm-answers.ts';
import { noSuchPage } from './named-urls.ts';
import { openAsker } from './open-asker.ts';
import type { RedirectsSpec } from './schema.ts';

/** Requests that a connection is given before it has answered the first, where nothing limits the rate. */
const mostInARow = 8;

/** Asks for every URL that the spec names and returns what was expected beside what was answered. Throws `DatastoreTrouble`. */
export async function compareRedirects(
  spec: RedirectsSpec,
  context: ObserveContext,
  resolve?: ResolveHost,
): Promise<RedirectReport> {
  const hosts = ownHosts(spec);
  const startedAt = new Date(context.now()).toISOString();
  const { expectations, sources } = await collectExpectations(spec, context);
  refuseOthers(expectations, hosts);
  const controls = toControls(expectations, spec);
  const { connections, rate, seed, base } = spec;
  const { signal } = context;
  const guard = createEgressGuard(context.allow, resolve);
  const questions = [...controls, ...expectations].map((one) =>
    typeof one === 'string'
      ? { url: one, markers: [], hop: 0 }
      : { url: one.from, markers: one.identity === null ? [] : [one.identity], hop: 0 },
  );
  const progress = (done: number, total: number): void => context.progress?.(done, total, 'URLs');
  const askFor: AskFor = async (some, inARow) => {
    const asker = openAsker({ hosts, guard, connections, inARow, timeoutMs: spec.timeout, signal });
    try {
      return await askUrls(some, asker, { rate, atOnce: connections * inARow, signal, progress });
    } finally {
      await asker.close();
    }
  };
  const toReport = (answers: RedirectAnswer[]): RedirectReport => {
    const run = { base, seed, rate, connections, startedAt, endedAt: new Date(context.now()).toISOString() };
    return { format: redirectReportFormat, ...run, sources, expectations, controls, answers };
  };
  // Who asks politely waits for each answer.
  if (rate > 0) return toReport(await askFor(questions, 1));
  const report = toReport(await askFor(questions, mostInARow));
  return toReport(await confirmAnswers(report, { questions, askFor, hops: spec.hops, cache: spec.cache ?? null }));
}

/** Hosts of the check itself, `host:port`, and those that it names beside them. */
function ownHosts({ base, target, hosts }: RedirectsSpec): string[] {
  const own = [base, target ?? base].map((text) => {
    const url = toAbsolute(text, 'none:');
    if (url === null)
      throw new DatastoreTrouble('url_invalid', `base: expected an absolute http or https URL, got ${text}`);
    return new URL(url);
  });
  return [...own.map((url) => `${toHost(url.hostname)}:${portOf(url)}`), ...hosts.map((host) => host.toLowerCase())];
}

/** Nobody is asked who was not named: a list from elsewhere must not make us knock on other doors. */
function refuseOthers(expectations: readonly RedirectExpectation[], hosts: readonly string[]): void {
  const others = new Set(
    [...new Set(expectations.map(({ from }) => originOf(from)))].filter((origin) => {
      const url = new URL(origin);
      return !hosts.includes(`${toHost(url.hostname)}:${portOf(url)}`) && !hosts.includes(toHost(url.hostname));
    }),
  );
  const other = expectations.find(({ from }) => others.has(originOf(from)));
  if (other !== undefined)
    throw new DatastoreTrouble(
      'other_host',
      `expected URLs of ${hosts.join(', ')}, got one of ${new URL(other.from).host}; name it under hosts`,
    );
}

/** One URL that cannot exist, for each origin that a page may lie on. */
function toControls(expectations: readonly RedirectExpectation[], { base, target, seed }: RedirectsSpec): string[] {
  const urls = [base, target ?? base, ...expectations.flatMap(({ from, to }) => (to === null ? [from] : [from, to]))];
  const origins = new Set(urls.map(originOf));
  return [...origins].map((origin) => `${origin}${noSuchPage(seed)}`);
}
