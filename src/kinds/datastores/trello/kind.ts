import { createHmac } from 'node:crypto';

import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';
import { findFileInputs } from '../records/open-file-input.ts';
import { openRecordSession } from '../records/open-record-session.ts';
import { findOptionFaults } from '../records/option-faults.ts';
import { openTrelloSource } from './trello-source.ts';

/** The export of a Trello board. */
export const trelloKind: DatastoreKind = {
  kind: 'trello',
  summary: 'The JSON export of a Trello board: cards, checklists, comments and so on as tables, people by pseudonym.',
  faults: (url, options) => findOptionFaults(url, options, {}),
  async open(url, _options, context) {
    const [input, ...others] = await findFileInputs(url, ['.json'], context);
    if (!input || others.length > 0)
      throw new DatastoreTrouble('file_missing', `${url}: expected one export, got ${input ? 'several' : 'none'}`);
    const key = context.password?.exposeBytes();
    if (key === undefined)
      throw new DatastoreTrouble(
        'key_missing',
        `${url}: expected a secret as key of the pseudonyms, got none; declare password`,
      );
    const pseudonym = (id: string): string =>
      `person-${createHmac('sha256', key).update(id).digest('hex').slice(0, 16)}`;
    return openRecordSession(openTrelloSource(input, pseudonym), context);
  },
};
