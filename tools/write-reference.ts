import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { toOpenApi } from '../src/api/to-open-api.ts';
import { checkReaders } from '../src/kinds/checks/readers.ts';
import { routerKinds } from '../src/kinds/routers/kinds.ts';
import { stepReaders } from '../src/kinds/steps/readers.ts';
import { toChecksPage } from './reference/checks-page.ts';
import { toCommandsPage } from './reference/commands-page.ts';
import { toErrorsPage } from './reference/errors-page.ts';
import { toRoutersPage } from './reference/routers-page.ts';
import { toClassTable, toRunsPage } from './reference/runs-page.ts';
import { toStepsPage } from './reference/steps-page.ts';

const folder = join(import.meta.dirname, '../docs/reference');

/** Every generated page of docs/reference by its file name. The same code gives the same text. */
export async function toReferencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ['checks.md', toChecksPage(checkReaders)],
    ['commands.md', toCommandsPage()],
    ['errors.md', toErrorsPage()],
    ['openapi.json', await toOpenApi()],
    ['routers.md', toRoutersPage(routerKinds)],
    ['runs.md', toRunsPage()],
    ['steps.md', toStepsPage({ checks: checkReaders, steps: stepReaders }, toClassTable())],
  ]);
}

/** Names of pages whose text on disk, as `read` gives it, is not what the code says. */
export function findStalePages(pages: ReadonlyMap<string, string>, read: (name: string) => string | null): string[] {
  return [...pages].filter(([name, text]) => read(name) !== text).map(([name]) => name);
}

/** Text of a page on disk; null where there is none. */
export function readPage(name: string): string | null {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return null;
  }
}

/** Writes the pages, or with `--check` says which ones are not fresh. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const pages = await toReferencePages();
  const stale = findStalePages(pages, readPage);
  if (!args.includes('--check')) {
    for (const [name, text] of pages) writeFileSync(join(folder, name), text);
    return 0;
  }
  for (const name of stale)
    process.stderr.write(
      `docs/reference/${name}: expected what the code says, got another text; run "node scripts/run.mjs tools/write-reference.ts"\n`,
    );
  return stale.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
