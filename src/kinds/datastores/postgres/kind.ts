import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';
import { urlFaults } from '../server-of-url.ts';

/** Postgres 14 and later, by COPY. */
export const postgresKind: DatastoreKind = {
  kind: 'postgres',
  summary: 'Tables and views of Postgres 14 or later, read in one snapshot by COPY',
  faults: (url) => urlFaults(url, 'postgres'),
  open: async (url, _options, context) => {
    const { openPostgresSession } = await import('./session.ts');
    return await openPostgresSession(url, context);
  },
};
