import type { DatastoreSession } from '../../../core/dataset/datastore-kind.ts';
import { openPostgresAt } from '../../../kinds/datastores/postgres/session.ts';
import { readMigrations } from '../../../store/migrate.ts';
import { readNow } from '../../../store/open-store.ts';
import type { Store } from '../../../store/open-store.ts';
import { toOwnInputs } from './own-inputs.ts';
import { ownOmitted, ownTables } from './own-tables.ts';
import type { ArchiveInput } from './spool-entity.ts';
import { writeArchive } from './write-archive.ts';
import type { ArchivePlan, ArchiveWriting, WrittenArchive } from './write-archive.ts';

/** What is written about the place that the data comes from. */
export interface ExportOrigin {
  environment: string;
  appGitSha: string | null;
}

/** Writes an archive of everything that Tminus keeps, from one snapshot: whoever goes on writing changes nothing in it. Keys and secrets are not in it. */
export async function exportOwn(
  store: Store,
  origin: ExportOrigin,
  file: string,
  writing: ArchiveWriting,
): Promise<WrittenArchive> {
  const session = await openOwnSession(store.database.url, writing.signal);
  try {
    const inputs = await toOwnInputs(session);
    return await writeArchive(
      toOwnPlan(session, inputs, { ...origin, generatedAt: await readNow(store) }),
      file,
      writing,
    );
  } finally {
    await session.close();
  }
}

/** Returns a session that reads a store in one snapshot, by its connection string. */
export function openOwnSession(url: string, signal: AbortSignal): Promise<DatastoreSession> {
  return openPostgresAt({ connectionString: url }, { signal, access: 'read' });
}

function toOwnPlan(
  session: DatastoreSession,
  inputs: readonly ArchiveInput[],
  { environment, appGitSha, generatedAt }: ExportOrigin & { generatedAt: string },
): ArchivePlan {
  const { snapshot: _, ...versions } = session.versions;
  const reason = 'a secret of an account';
  return {
    source: { environment, launch: null, versions, snapshot: 'one', schema: readMigrations().length },
    appGitSha,
    generatedAt,
    inputs,
    redactions: ownTables.flatMap(({ table, redacted = '' }) =>
      redacted
        .split(' ')
        .filter((name) => name !== '')
        .map((field) => ({ entity: table.replace(/^tminus\./, ''), field, reason })),
    ),
    omittedFields: [{ entity: 'blob', field: 'size', reason: 'computed by the database' }],
    window: null,
    omittedEntities: [
      ...Object.entries(ownOmitted).map(([table, why]) => ({ entity: table.replace(/^tminus\./, ''), reason: why })),
      {
        entity: 'pgboss',
        reason: 'queued work: sent again by the runs that are restored, once a person has looked at them',
      },
    ],
  };
}
