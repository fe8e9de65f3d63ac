import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';
import { urlFaults } from '../server-of-url.ts';

/** Database files of SQLite inside the launch repository. */
export const sqliteKind: DatastoreKind = {
  kind: 'sqlite',
  summary: 'A database file of SQLite inside the launch repository, whole numbers exact',
  faults: (url) => urlFaults(url, 'sqlite'),
  open: async (url, _options, context) => {
    const { openSqliteSession } = await import('./session.ts');
    return await openSqliteSession(url, context);
  },
};
