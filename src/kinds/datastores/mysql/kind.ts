import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';
import { urlFaults } from '../server-of-url.ts';

/** MySQL 8 and MariaDB 10.5 and later. */
export const mysqlKind: DatastoreKind = {
  kind: 'mysql',
  summary: 'Tables and views of MySQL or MariaDB, every value as the text that the server sent',
  faults: (url) => urlFaults(url, 'mysql'),
  open: async (url, _options, context) => {
    const { openMysqlSession } = await import('./session.ts');
    return await openMysqlSession(url, context);
  },
};
