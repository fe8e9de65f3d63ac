import { meetsConditions } from '../../core/dataset/canon/meets-conditions.ts';
import { parseCanonLine } from '../../core/dataset/canon-line.ts';
import type { CanonColumn, CanonRow } from '../../core/dataset/canon.ts';
import type { DataAccess } from '../../core/dataset/data-access.ts';
import type { Dataset, TableReference } from '../../core/dataset/dataset.ts';
import type { DatastoreSession } from '../../core/dataset/datastore-kind.ts';
import { ProductError } from '../../core/error/product-error.ts';
import type { Mailout, MailoutPlan, Recipient } from '../../core/mailout/mailout.ts';
import { namedColumns, planMailout } from '../../core/mailout/plan-mailout.ts';
import { readAddresses } from '../../core/mailout/read-addresses.ts';
import { loadWorkspaceText } from '../../kinds/checks/workspace-file.ts';

/** More are no mailout but a newsletter, and their mails are held in memory. */
const mostRecipients = 500_000;

/** Reads who is meant from the dataset, as it is now, and returns who gets a mail and who does not. */
export async function planFromData(
  mailout: Mailout,
  { data, workspace, signal }: { data: DataAccess; workspace: string; signal: AbortSignal },
): Promise<MailoutPlan> {
  const unwanted = {
    unsubscribed: await loadAddresses(workspace, mailout.unsubscribed),
    bounced: await loadAddresses(workspace, mailout.bounced),
  };
  const { dataset, table } = findTable(mailout, data);
  const session = await data.open(table.on, 'read', signal);
  try {
    const columns = await toColumns(session, table.table, mailout);
    const rows = await readRows(session, {
      table: table.table,
      columns,
      where: mailout.side === 'target' ? dataset.targetWhere : [],
    });
    const isMeant = meetsConditions(mailout.where, columns);
    const reasons = mailout.skip.map(({ reason, when }) => ({ reason, holds: meetsConditions(when, columns) }));
    const rowOf = new Map<Recipient, CanonRow>();
    for (const row of rows)
      if (isMeant(row)) rowOf.set(new Map(columns.map(({ name }, at) => [name, row[at] ?? null])), row);
    const reasonOf = (recipient: Recipient): string | null =>
      reasons.find(({ holds }) => holds(rowOf.get(recipient)!))?.reason ?? null;
    return planMailout(mailout, rowOf.keys(), { reasonOf, unwanted });
  } finally {
    await session.close();
  }
}

function findTable(
  { name, dataset: wanted, side }: Mailout,
  { datasets }: DataAccess,
): { dataset: Dataset; table: TableReference } {
  const dataset = datasets.find(({ id }) => id === wanted);
  const table = side === 'source' ? dataset?.source : dataset?.target;
  if (dataset && table) return { dataset, table };
  const hint =
    dataset === undefined
      ? 'name a dataset that a yaml dataset fence declares'
      : 'write "side: source" where the records of the source are meant, or give the dataset a target';
  throw new ProductError('dataset_unknown', `mailout ${name}: expected a dataset with a ${side}, got ${wanted}`, {
    hint,
  });
}

async function toColumns(session: DatastoreSession, table: string, mailout: Mailout): Promise<CanonColumn[]> {
  const shape = await session.describe(table);
  const texts = [mailout.subject, mailout.text, mailout.unsubscribe]
    .flatMap(namedColumns)
    .filter((name) => name !== 'email');
  const asked = [...mailout.where, ...mailout.skip.flatMap(({ when }) => when)].map(({ column }) => column);
  return [...new Set([mailout.email, ...texts, ...asked, ...shape.key])].map((name) => {
    const column = shape.columns.find((one) => one.name === name);
    if (column) return { name, type: column.type, scale: column.scale };
    throw new ProductError(
      'dataset_unknown',
      `mailout ${mailout.name}: expected the column ${name} in ${table}, got none of that name`,
      {
        hint: 'name a column of the side that is read',
      },
    );
  });
}

async function readRows(
  session: DatastoreSession,
  {
    table,
    columns,
    where,
  }: { table: string; columns: CanonColumn[]; where: Parameters<DatastoreSession['stream']>[0]['where'] },
): Promise<CanonRow[]> {
  const rows: CanonRow[] = [];
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const chunk of session.stream({ table, columns, key: [], where, order: 'any', after: null })) {
    for (const line of decoder.decode(chunk).split('\n')) if (line !== '') rows.push(parseCanonLine(line));
    if (rows.length > mostRecipients)
      throw new ProductError('usage', `table ${table}: expected at most ${mostRecipients} records, got more`, {
        hint: 'write to fewer at a time',
      });
  }
  return rows;
}

async function loadAddresses(workspace: string, path: string | null): Promise<ReadonlySet<string>> {
  if (path === null) return new Set();
  const loaded = await loadWorkspaceText(workspace, path, 64 * 1024 * 1024);
  const found = loaded.ok ? readAddresses(loaded.text) : null;
  if (found !== null) return found;
  throw new ProductError(
    'document_unreadable',
    `${path}: expected addresses or delivery reports, got ${loaded.ok ? 'other lines' : loaded.trouble.code}`,
    {
      hint: 'write one address a line: without this list nobody can say whom not to write to',
    },
  );
}
