import { DatastoreTrouble } from '../../core/dataset/datastore-kind.ts';
import type { JsonObject } from '../../core/check/check.ts';
import { ProductError } from '../../core/error/product-error.ts';
import { checkRedirects } from '../../engine/data/check-redirects.ts';
import type { RedirectExpectation } from '../../core/dataset/redirects/redirect.ts';
import type { CheckedRedirects } from '../../engine/data/check-redirects.ts';
import { openDataOf } from '../../engine/data/data-desk.ts';
import { readClock } from '../../store/store-clock.ts';
import type { CommandResult } from '../command-result.ts';
import type { GlobalOptions } from '../global-options.ts';
import { toInert } from '../inert.ts';
import { openProgress } from '../progress.ts';
import type { SignerOptions } from '../read-signer.ts';
import { requireSigner } from '../require-right.ts';
import type { Shell } from '../shell.ts';
import type { Palette } from '../terminal.ts';
import { withSession } from '../with-session.ts';
import type { Session } from '../with-session.ts';

export interface RedirectsOptions extends GlobalOptions, Partial<SignerOptions> {
  target?: string;
  dataset?: string;
  side?: string;
  from?: string;
  to?: string;
  title?: string;
  list?: string;
  log?: string;
  sitemap?: string;
  gone?: string[];
  stay?: string[];
  sample?: string;
  seed?: string;
  hops?: string;
  keepQuery?: boolean;
  cache?: string;
  rate?: string;
  connections?: string;
  host?: string[];
}

/** Asks for old URLs and says which do not lead where they should. Exit 0 where all do, 1 where one does not, 2 where that could not be found out. */
export async function redirects(shell: Shell, base: string, options: RedirectsOptions): Promise<CommandResult> {
  return withSession(shell, options, async (session) => {
    const wish = { options, permission: 'check.run', subject: 'redirects' } as const;
    const { person } = await requireSigner(shell, session, wish);
    const { report, judgement } = await ask(shell, session, { written: toWritten(base, options), by: person.id });
    return {
      exit: { correct: 0, wrong: 1, inconclusive: 2 }[judgement.verdict],
      json: { ...judgement, seed: report.seed, rate: report.rate, sources: report.sources },
      text: renderRedirects({ report, judgement }, shell.terminal.palette),
    };
  });
}

/** The spec of the check that would ask the same. Without any source of URLs the redirects tables of the launch are meant. */
function toWritten(base: string, options: RedirectsOptions): JsonObject {
  const { dataset, side, from, to, title, gone = [], stay = [], host = [], keepQuery = false } = options;
  const template = { dataset, side, from, to, identity: title === undefined ? undefined : { title } };
  const files = { list: options.list, log: options.log, sitemap: options.sitemap };
  const hasSource =
    [dataset, ...Object.values(files)].some((one) => one !== undefined) || gone.length + stay.length > 0;
  const numbers = ['sample', 'seed', 'hops', 'rate', 'connections'] as const;
  return JSON.parse(
    JSON.stringify({
      base,
      target: options.target,
      templates: dataset === undefined ? [] : [template],
      table: !hasSource,
      ...files,
      gone,
      stay,
      hosts: host,
      keepQuery,
      cache: options.cache,
      ...Object.fromEntries(
        numbers.map((name) => [name, options[name] === undefined ? undefined : Number(options[name])]),
      ),
    }),
  ) as JsonObject;
}

async function ask(
  shell: Shell,
  { scene, store }: Session,
  { written, by }: { written: JsonObject; by: string },
): Promise<CheckedRedirects> {
  const now = await readClock(store);
  const data = await openDataOf(store, scene, { by, purpose: 'redirects' });
  const progress = openProgress(shell.terminal, !shell.terminal.interactive);
  const { directory: workspace, environment } = scene;
  const { allow, url } = environment;
  try {
    const context = {
      signal: shell.signal,
      workspace,
      allow,
      now,
      data,
      progress: (done: number, total: number | null, text: string) => progress.update(done, total ?? done, text),
    };
    return await checkRedirects(written, context, { url, allow });
  } catch (error) {
    if (!(error instanceof DatastoreTrouble)) throw error;
    throw new ProductError('usage', error.message, {
      hint: 'nothing was judged: see that every source of URLs can be read',
      cause: error,
    });
  } finally {
    progress.end();
  }
}

function renderRedirects({ report, judgement }: CheckedRedirects, palette: Palette): string {
  const { verdict, reason, wrong, pages } = judgement;
  const paint = { correct: palette.green, wrong: palette.red, inconclusive: palette.yellow }[verdict];
  const rate = report.rate === 0 ? 'as fast as answered' : `at most ${report.rate} a second`;
  const found = wrong
    .slice(0, 20)
    .flatMap(({ expectation, faults, way }) => [
      `  ${faults.join(', ')}  ${expectation.from}`,
      `      expected ${describeWanted(expectation)}`,
      `      got ${way.join(' > ') || 'no answer'}`,
    ]);
  const lines = [
    `  ${pages} pages, seed ${report.seed}, ${rate}`,
    ...report.sources.map(({ origin, name, taken, population }) => `  ${origin} ${name}: ${taken} of ${population}`),
    ...found,
    ...(wrong.length > 20 ? [`  and ${wrong.length - 20} more: see --json`] : []),
  ];
  return `${[`${paint(verdict)}  ${reason}`, ...lines.map((line) => toInert(line, false))].join('\n')}\n`;
}

function describeWanted({ wants, status, to, identity }: RedirectExpectation): string {
  const wanted = {
    redirect: `${status ?? 'a redirect'} ${to ?? ''}`.trimEnd(),
    page: '200 at once',
    gone: '410',
    stay: 'no redirect',
    settle: 'a page at its end',
  }[wants];
  return identity === null ? wanted : `${wanted}, and the page that was meant`;
}
