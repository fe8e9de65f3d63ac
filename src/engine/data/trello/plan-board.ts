import type { Dataset } from '../../../core/dataset/dataset.ts';
import type { OpenDatastore } from '../../../core/dataset/datastore-kind.ts';
import { boardTables, toBoardTables } from '../../../core/dataset/trello/board-tables.ts';
import { planTrelloImport } from '../../../core/dataset/trello/plan-trello-import.ts';
import type { TrelloRules } from '../../../core/dataset/trello/plan-trello-import.ts';
import type { RedactedBoard } from '../../../core/dataset/trello/redact-board.ts';
import type { TrelloReport } from '../../../core/dataset/trello/trello-report.ts';
import { ProductError } from '../../../core/error/product-error.ts';
import type { Launch } from '../../../core/launch/launch.ts';
import { findImported } from '../import/open-ground.ts';
import type { ImportSetting } from '../import/open-ground.ts';
import { withPlanned } from './planned-source.ts';

/** What of a board goes where, by the rules of its launch. */
export interface BoardWish extends Omit<ImportSetting, 'dataset' | 'terms'> {
  board: RedactedBoard;
  /** Ids of datasets, parents first. */
  datasets: readonly string[];
  rules: Pick<TrelloRules, 'activeLists' | 'knownAssignees' | 'workflowTypes'>;
}

/** The account of the whole board, and an import for each dataset. */
export interface BoardPlan {
  report: TrelloReport;
  settings: ImportSetting[];
}

/** Returns what an import of a board would do, with every item accounted for; reads the targets, and changes no byte. */
export async function planBoard({ board, datasets: names, rules, ...wish }: BoardWish): Promise<BoardPlan> {
  const { launch } = wish.scene;
  const imported = names.map((name) => findBoardDataset(launch, name));
  const on = imported[0]!.dataset.source.on;
  const carried = new Set(imported.map(({ dataset }) => boardTables[dataset.source.table]!));
  const whole = planTrelloImport(board, { ...rules, carried, existing: new Set() });
  const tables = toBoardTables(board, whole, rules.workflowTypes);
  const existing = new Set<string>();
  for (const { dataset } of imported) {
    const ids = (tables.get(dataset.source.table)?.rows ?? []).map(([id]) => id ?? '');
    for (const id of await findThere(dataset, ids, wish)) existing.add(id);
  }
  const { report } = planTrelloImport(board, { ...rules, carried, existing });
  const openDatastore = withPlanned(wish.openDatastore, { on, tables, workspace: wish.scene.directory });
  return { report, settings: imported.map((one) => ({ ...wish, ...one, openDatastore })) };
}

/** The dataset of that name; throws `dataset_unknown` where its source is no table of a board. */
function findBoardDataset(launch: Launch, name: string): ReturnType<typeof findImported> {
  const found = findImported(launch, name);
  const { source } = found.dataset;
  const isBoard = launch.datastores.some(({ id, kind }) => id === source.on && kind === 'trello');
  if (isBoard && Object.hasOwn(boardTables, source.table)) return found;
  const tables = Object.keys(boardTables).join(', ');
  throw new ProductError('dataset_unknown', `dataset ${name}: expected a source of a board (${tables}), got another`, {
    hint: 'declare a datastore of kind trello and name one of these tables under source',
  });
}

const atOnce = 1000;

/** Returns which of these ids the target of a dataset has already. */
async function findThere(
  { source, target, map }: Dataset,
  ids: readonly string[],
  { openDatastore, signal }: { openDatastore: OpenDatastore; signal: AbortSignal },
): Promise<string[]> {
  const name = map.length === 0 ? 'id' : map.find(({ from }) => from === 'id')?.to;
  if (target === null || name === undefined)
    throw new ProductError(
      'dataset_unknown',
      `${source.table}: expected the id to be carried over, got a map without`,
      {
        hint: 'map id to a column of the target, and name it as key',
      },
    );
  const session = await openDatastore(target.on, 'read', signal);
  const found: string[] = [];
  try {
    const columns = [{ name, type: 'text' as const, scale: null }];
    const query = { table: target.table, columns, key: [name], where: [], order: 'any' as const, after: null };
    for (let from = 0; from < ids.length; from += atOnce) {
      const keys = ids.slice(from, from + atOnce).map((id) => [id]);
      for (const [id] of await session.rows(query, keys)) if (id != null) found.push(id);
    }
    return found;
  } finally {
    await session.close();
  }
}
