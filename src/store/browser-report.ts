import { createHash } from 'node:crypto';

import { canonicalize } from '@tminus/verify';
import type { JsonObject } from '@tminus/verify';
import { sql } from 'kysely';

import type { Store } from './open-store.ts';

/** Something that a browser refused to do on one of our pages. */
export interface NewBrowserReport {
  kind: string;
  /** Path of the page. */
  page: string;
  detail: JsonObject;
}

/** The same with when it was first seen, and how often. */
export interface StoredBrowserReport extends NewBrowserReport {
  id: string;
  at: string;
  seen: number;
}

/** Rows that are kept: anybody may send reports, and they must not fill the disk. */
const maxRows = 1_000;

/** Keeps reports; the same again raises the count of its row, and beyond a limit new ones are dropped. */
export async function keepBrowserReports(store: Store, reports: readonly NewBrowserReport[]): Promise<void> {
  for (const { kind, page, detail } of reports) {
    const fingerprint = createHash('sha256').update(canonicalize({ kind, page, detail })).digest('hex');
    await sql`
      insert into tminus.browser_report (kind, page, detail, fingerprint)
      select ${kind}, ${page}, ${JSON.stringify(detail)}::jsonb, ${fingerprint}
       where (select count(*) from tminus.browser_report) < ${maxRows}
          or exists (select from tminus.browser_report where fingerprint = ${fingerprint})
      on conflict (fingerprint) do update set seen = browser_report.seen + 1`.execute(store.tables);
  }
}

/** Returns reports, the newest first. */
export async function listBrowserReports(store: Store, limit: number): Promise<StoredBrowserReport[]> {
  const rows = await store.tables
    .selectFrom('browser_report')
    .select(['id', 'at', 'kind', 'page', 'detail', 'seen'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
