import { hash } from 'node:crypto';

import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import type { DatastoreSession } from '../../../core/dataset/datastore-kind.ts';
import type { PlannedTable } from '../../../core/dataset/trello/board-tables.ts';
import { planCsvImport } from '../../../core/dataset/trello/plan-csv-import.ts';
import type { CsvPlan, CsvTask } from '../../../core/dataset/trello/plan-csv-import.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import { splitLines } from '../archive/split-lines.ts';
import { findImported } from '../import/open-ground.ts';
import type { ImportSetting } from '../import/open-ground.ts';
import { createSecretFinder } from './find-secret-spans.ts';
import { withPlanned } from './planned-source.ts';

/** The account of a list of tasks (D36), and the import of what is left of it. */
export interface TaskListPlan {
  report: Omit<CsvPlan, 'outcomes'> & { lines: number };
  settings: ImportSetting[];
}

/** What a line may say; a column that is not there is empty. Names are compared without case. */
const cells = ['description', 'date', 'status', 'proof'] as const;

/** Lists of people are held whole; longer ones are no lists of people. */
const mostLines = 100_000;

/** Returns what an import of a list of tasks would create; reads the list, and changes no byte. */
export async function planTaskList(
  name: string,
  wish: Omit<ImportSetting, 'dataset' | 'terms'>,
): Promise<TaskListPlan> {
  const found = findImported(wish.scene.launch, name);
  const { on, table } = found.dataset.source;
  const session = await wish.openDatastore(on, 'read', wish.signal);
  try {
    const { outcomes, ...report } = planCsvImport(await readTasks(session, table), createSecretFinder());
    const tables = new Map([[table, toTable(outcomes)]]);
    const openDatastore = withPlanned(wish.openDatastore, { on, tables, workspace: wish.scene.directory });
    return { report: { ...report, lines: outcomes.length }, settings: [{ ...wish, ...found, openDatastore }] };
  } finally {
    await session.close();
  }
}

async function readTasks(session: DatastoreSession, table: string): Promise<CsvTask[]> {
  const { columns } = await session.describe(table);
  const there = cells.flatMap((cell) => columns.find(({ name }) => name.toLowerCase() === cell) ?? []);
  if (there[0]?.name.toLowerCase() !== 'description')
    throw new ProductError('usage', `${table}: expected a column description, got none`, {
      hint: `name the columns of the list ${cells.join(', ')}`,
    });
  const asked = there.map(({ name, type, scale }) => ({ name, type, scale }));
  const tasks: CsvTask[] = [];
  const query = { table, columns: asked, key: [], where: [], order: 'any', after: null } as const;
  for await (const batch of splitLines(session.stream(query)))
    for (const { bytes } of batch) {
      if (tasks.length >= mostLines)
        throw new ProductError('usage', `${table}: expected at most ${mostLines} lines, got more`, {
          hint: 'import it as an ordinary dataset',
        });
      tasks.push(toTask(parseCanonLine(bytes.toString('utf8')), asked, tasks.length + 2));
    }
  return tasks;
}

/** The first line of the file has the names. */
function toTask(row: CanonRow, columns: readonly { name: string }[], line: number): CsvTask {
  const cell = (wanted: string): string => row[columns.findIndex(({ name }) => name.toLowerCase() === wanted)] ?? '';
  return { line, description: cell('description'), date: cell('date'), status: cell('status'), proof: cell('proof') };
}

/** Ids follow from what a line says, so that a second run creates nothing; lines that say the same are counted through. */
function toTable(outcomes: CsvPlan['outcomes']): PlannedTable {
  const seen = new Map<string, number>();
  const rows = outcomes
    .filter(({ outcome }) => outcome === 'created')
    .map(({ description, day, recurring, line }) => {
      const key = hash('sha256', JSON.stringify([description, day, recurring]), 'hex').slice(0, 20);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return [`task-${key}${count === 1 ? '' : `-${count}`}`, description, day, recurring, String(line)];
    });
  return {
    columns: [
      { name: 'id', type: 'text' },
      { name: 'description', type: 'text' },
      { name: 'day', type: 'date' },
      { name: 'recurring', type: 'text' },
      { name: 'source_line', type: 'integer' },
    ],
    rows,
  };
}
