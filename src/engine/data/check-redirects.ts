import { judgeRedirects } from '../../core/dataset/redirects/judge-redirects.ts';
import type { RedirectJudgement } from '../../core/dataset/redirects/judge-redirects.ts';
import type { RedirectReport } from '../../core/dataset/redirects/redirect.ts';
import type { ObserveContext, JsonObject } from '../../core/check/check.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { compareRedirects } from '../../kinds/checks/redirects/compare-redirects.ts';
import { redirectsSchema } from '../../kinds/checks/redirects/schema.ts';
import type { RedirectsSpec } from '../../kinds/checks/redirects/schema.ts';
import { redirectsReader } from '../../kinds/checks/redirects/reader.ts';

/** What was asked, what was answered, and what it comes to. */
export interface CheckedRedirects {
  report: RedirectReport;
  judgement: RedirectJudgement;
}

/**
 * Asks for old URLs as the check would, from what somebody wrote on a command line. Hosts have to be those of the environment, or to be named: nobody else's servers are
 * asked by mistake. Throws `usage`.
 */
export async function checkRedirects(
  written: JsonObject,
  context: ObserveContext,
  own: { url: string | null; allow: readonly string[] },
): Promise<CheckedRedirects> {
  const spec = readSpec(written);
  for (const url of [spec.base, spec.target ?? spec.base]) refuseOthers(url, [...own.allow, ...spec.hosts], own.url);
  const report = await compareRedirects(spec, context);
  return { report, judgement: judgeRedirects(report, { hops: spec.hops, cache: spec.cache ?? null }) };
}

function readSpec(written: JsonObject): RedirectsSpec {
  const read = redirectsReader.readSpec(written);
  if (read.ok) return redirectsSchema.parse(read.spec);
  const [fault] = read.faults;
  throw new ProductError(
    'usage',
    `${fault!.path.join('.') || 'redirects'}: expected ${fault!.expected}, got ${fault!.got}`,
    {
      hint: fault!.hint,
    },
  );
}

function refuseOthers(text: string, named: readonly string[], environment: string | null): void {
  const url = URL.parse(text);
  const hosts = [...named, ...(environment === null ? [] : [URL.parse(environment)?.host ?? ''])];
  if (url !== null && hosts.some((host) => host === url.host || host === url.hostname)) return;
  throw new ProductError('usage', `${text}: expected a host of the environment, got another one`, {
    hint: 'name it with --host, or under allow of the environment',
  });
}
