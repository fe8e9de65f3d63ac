import { globSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/** Which tests name a row: row id -> `file: test name`. Ids stand at the start of test names, several may follow each other. */
export function findRowTests(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const title = /\b(?:it|test|describe)(?:\.[a-zA-Z]+(?:\([^)]*\))?)*\(\s*(['"`])((?:(?!\1).)*)\1/gu;
  for (const [file, text] of files) {
    for (const match of text.matchAll(title)) {
      const name = match[2] ?? '';
      for (const id of new Set(name.match(/\b[DTFCO][0-9]{2}\b/gu) ?? [])) {
        found.set(id, [...(found.get(id) ?? []), `${file}: ${name}`]);
      }
    }
  }
  return found;
}

/** Row ids of requirements.md in their order, each with the first words of its text. */
export function readRows(requirements: string): { id: string; title: string }[] {
  return [...requirements.matchAll(/^- ([DTFCO][0-9]{2}) ([^.]*)\./gmu)].map((match) => ({
    id: match[1] ?? '',
    title: match[2] ?? '',
  }));
}

function printRows(): void {
  const root = resolve(import.meta.dirname, '..');
  const patterns = ['src/**/*.test.ts', 'verify/**/*.test.ts', 'tests/**/*.test.ts', 'tools/**/*.test.ts'];
  const tests = new Map(
    globSync(patterns, { cwd: root }).map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  );
  const byRow = findRowTests(tests);
  let rows: { id: string; title: string }[];
  try {
    rows = readRows(readFileSync(join(root, '../shared/requirements.md'), 'utf8'));
  } catch {
    console.log(
      `the list of requirements is not at ${relative(root, join(root, '../shared'))}/requirements.md: only rows that tests name are listed`,
    );
    rows = [...byRow.keys()].toSorted().map((id) => ({ id, title: '' }));
  }
  for (const { id, title } of rows) {
    const names = byRow.get(id) ?? [];
    console.log(`${id}  ${names.length === 0 ? 'no test' : `${names.length} tests`}  ${title}`);
    for (const name of names) console.log(`       ${name}`);
  }
  console.log(`${rows.filter(({ id }) => byRow.has(id)).length} of ${rows.length} rows are named by a test`);
}

if (import.meta.main) printRows();
