import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { JsonObject } from '@tminus/verify';

import type { CanonColumn } from '../../../core/dataset/canon.ts';
import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { DatastoreContext } from '../../../core/dataset/datastore-kind.ts';
import { openJsonSource } from '../json/json-source.ts';
import { toInput } from '../records/open-file-input.ts';
import type { RecordSource } from '../records/record-source.ts';
import type { HttpOptions } from './fetch-pages.ts';
import { keepPages } from './keep-pages.ts';

export interface HttpSourceOptions extends HttpOptions {
  /** Paths below the url, each a list. */
  tables: readonly string[];
  /** Added to the first request of each list. */
  query: string;
  types: ReadonlyMap<string, CanonColumn>;
  key: readonly string[];
}

/** Returns the lists of an API as tables. Each is fetched once in a session, to its end, and read from the copy that was kept; `versions.pages` has its digest. */
export function openHttpSource(url: string, options: HttpSourceOptions, context: DatastoreContext): RecordSource {
  const pages: { [table: string]: JsonObject } = {};
  const lists = new Map<string, Promise<RecordSource>>();
  let folder: Promise<string> | null = null;
  const fetchList = async (table: string): Promise<RecordSource> => {
    folder ??= mkdtemp(join(tmpdir(), 'tminus-pages-'));
    const path = join(await folder, `${options.tables.indexOf(table)}.ndjson`);
    const { path: _, ...kept } = await keepPages(toUrl(url, table, options.query), path, { options, context });
    pages[table] = kept;
    const input = { ...toInput(`${table}.ndjson`, path, context), table };
    return openJsonSource([input], { list: [], types: options.types, key: options.key });
  };
  const find = (table: string): Promise<RecordSource> => {
    if (!options.tables.includes(table))
      throw new DatastoreTrouble('missing', `${table}: expected one of the tables of the datastore, got another`);
    const list = lists.get(table) ?? fetchList(table);
    lists.set(table, list);
    return list;
  };
  return {
    versions: { format: 'http', reader: 'tminus', pages },
    listTables: async () => [...options.tables],
    async describe(table) {
      const shape = await (await find(table)).describe(table);
      const note = 'the API says no total: that all pages were read rests on its word for the last one';
      return { ...shape, notes: options.total === null ? [note] : [] };
    },
    async *read(table, columns) {
      yield* (await find(table)).read(table, columns);
    },
    async close() {
      if (folder !== null) await rm(await folder, { recursive: true, force: true });
    },
  };
}

function toUrl(base: string, table: string, query: string): URL {
  const url = new URL(`${base.replace(/\/$/, '')}/${table}`);
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value);
  return url;
}
