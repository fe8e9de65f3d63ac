import type { ObserveContext } from '../../../core/check/check.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { UrlReading } from '../../../core/dataset/redirects/read-urls.ts';
import { readAccessLog, readUrlList } from '../../../core/dataset/redirects/read-urls.ts';
import { toRowExpectation } from '../../../core/dataset/redirects/redirect-row.ts';
import type { RedirectRow } from '../../../core/dataset/redirects/redirect-row.ts';
import type { RedirectExpectation, RedirectOrigin, RedirectSource } from '../../../core/dataset/redirects/redirect.ts';
import { toAbsolute } from '../../../core/dataset/redirects/redirect.ts';
import { takeSample } from '../../../core/dataset/redirects/take-sample.ts';
import { loadWorkspaceText } from '../workspace-file.ts';
import { expectFromTemplate } from './expect-from-template.ts';
import { readSitemap } from './read-sitemap.ts';
import type { RedirectsSpec } from './schema.ts';

/** Everything that is to be asked for, and how much each source gave. */
export interface Collected {
  expectations: RedirectExpectation[];
  sources: RedirectSource[];
}

/** An access log of a day of a busy site; more is sampled by whoever keeps it. */
const mostBytes = 256 * 1024 * 1024;

type Add = (
  origin: RedirectOrigin,
  name: string,
  rows: readonly RedirectRow[],
  choose?: typeof takeSample<RedirectRow>,
) => void;

/** Returns what adds a sample of a source to what was collected. */
function toAdder(collected: Collected, spec: RedirectsSpec): Add {
  const bases = { base: spec.base, target: spec.target ?? spec.base };
  return (origin, name, rows, choose = takeSample) => {
    const taken = choose(rows, spec.sample, spec.seed);
    for (const row of taken) {
      const expectation = toRowExpectation(row, origin, bases);
      if (expectation === null)
        throw new DatastoreTrouble(
          'malformed',
          `${origin} ${name}: expected "from", "from to" or "from status to", got a row of other URLs or status`,
        );
      collected.expectations.push(expectation);
    }
    collected.sources.push({ origin, name, population: rows.length, taken: taken.length });
  };
}

/** Reads every source that the check names. Throws `DatastoreTrouble` for one that cannot be read: half of what was meant is not looked at. */
export async function collectExpectations(spec: RedirectsSpec, context: ObserveContext): Promise<Collected> {
  const collected: Collected = { expectations: [], sources: [] };
  const add = toAdder(collected, spec);
  for (const template of spec.templates) {
    const made = await expectFromTemplate(template, spec, context);
    collected.expectations.push(...made.expectations);
    collected.sources.push(made.source);
  }
  const read = async <Found>(path: string, reader: (text: string) => UrlReading<Found>): Promise<Found[]> =>
    refuseFaulty(path, reader(await loadText(path, context)));
  if (spec.table) add('table', 'of the launch', (context.data?.redirects ?? []).map(toPlainRow), all);
  if (spec.list !== undefined) add('list', spec.list, await read(spec.list, readUrlList));
  if (spec.log !== undefined)
    add('log', spec.log, (await read(spec.log, readAccessLog)).map(toBare), (rows, size) => rows.slice(0, size));
  if (spec.sitemap !== undefined) add('sitemap', spec.sitemap, (await read(spec.sitemap, readSitemap)).map(toBare));
  if (spec.gone.length > 0)
    add(
      'gone',
      'of the check',
      spec.gone.map((from) => ({ from, status: '410', to: null })),
      all,
    );
  if (spec.stay.length > 0) addStaying(collected, spec);
  return { ...collected, expectations: onceEach(collected.expectations) };
}

function addStaying({ expectations, sources }: Collected, { stay, base }: RedirectsSpec): void {
  for (const path of stay) {
    const from = toAbsolute(path, base);
    if (from === null) throw new DatastoreTrouble('malformed', `stay: expected paths or URLs, got ${path}`);
    expectations.push({ from, origin: 'negative', wants: 'stay', status: null, to: null, identity: null });
  }
  sources.push({ origin: 'negative', name: 'of the check', population: stay.length, taken: stay.length });
}

/** Tables of documents carry code marks around paths. */
const toPlainRow = ({ from, status, to }: RedirectRow): RedirectRow => ({ from: from.trim(), status, to });
const all = (rows: readonly RedirectRow[]): RedirectRow[] => [...rows];
const toBare = (from: string): RedirectRow => ({ from, status: null, to: null });

function onceEach(expectations: readonly RedirectExpectation[]): RedirectExpectation[] {
  const known = new Map<string, RedirectExpectation[]>();
  return expectations.filter((one) => {
    const others = known.get(one.from);
    if (others === undefined) known.set(one.from, [one]);
    else if (others.some((other) => JSON.stringify(other) === JSON.stringify(one))) return false;
    else others.push(one);
    return true;
  });
}

async function loadText(path: string, { workspace }: ObserveContext): Promise<string> {
  const loaded = await loadWorkspaceText(workspace, path, mostBytes);
  if (!loaded.ok) throw new DatastoreTrouble(loaded.trouble.code, loaded.trouble.message);
  return loaded.text;
}

function refuseFaulty<Found>(path: string, { found, faulty }: UrlReading<Found>): Found[] {
  if (faulty.length === 0) return found;
  throw new DatastoreTrouble(
    'malformed',
    `${path}: expected lines of its format, got ${faulty.length} others, the first is line ${faulty[0]}`,
  );
}
