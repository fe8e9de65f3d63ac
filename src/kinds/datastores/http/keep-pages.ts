import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

import { DatastoreTrouble } from '../../../core/dataset/datastore-kind.ts';
import type { DatastoreContext } from '../../../core/dataset/datastore-kind.ts';
import { JsonFault } from '../json/json-fault.ts';
import { walkJson } from '../json/walk-json.ts';
import { openByteWindow } from '../records/byte-window.ts';
import { fetchPages } from './fetch-pages.ts';
import type { HttpOptions } from './fetch-pages.ts';

/** What was read of one list: the file holds its records, one a line, as the API wrote them. */
export interface KeptPages {
  path: string;
  pages: number;
  records: number;
  /** What the API says there are; null where it does not say. */
  total: number | null;
  /** Of the file: evidence of what was compared. */
  sha256: string;
}

/** Fetches a list to its end and keeps its records in a file. Throws where there are not as many as the API says: a part of a list is never taken for the list. */
export async function keepPages(
  url: URL,
  path: string,
  { options, context }: { options: HttpOptions; context: DatastoreContext },
): Promise<KeptPages> {
  const kept: KeptPages = { path, pages: 0, records: 0, total: null, sha256: '' };
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const page of fetchPages(url, options, context)) {
      if (kept.total !== null && page.total !== kept.total)
        throw new DatastoreTrouble(
          'total_changed',
          `${url.host}: expected one total on all pages, got another on page ${kept.pages + 1}; read again when the list is at rest`,
        );
      const lines = await toLines(page.body, options.list);
      const text = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
      hash.update(text);
      await file.write(text);
      kept.pages += 1;
      kept.records += lines.length;
      kept.total = page.total;
    }
  } finally {
    await file.close();
  }
  if (kept.total !== null && kept.records !== kept.total)
    throw new DatastoreTrouble(
      'partial',
      `${url.host}: expected ${kept.total} records as the API says, got ${kept.records}`,
    );
  return { ...kept, sha256: hash.digest('hex') };
}

/** Records as they are written, so that no digit is lost. Line ends stand only between the tokens of JSON, never within. */
async function toLines(body: Uint8Array, list: readonly string[]): Promise<string[]> {
  const chunks = (async function* () {
    yield Buffer.from(body);
  })();
  const window = await openByteWindow(chunks, (at, message, code) => new JsonFault(at, message, code));
  const lines: string[] = [];
  for await (const { text } of walkJson(window, list)) lines.push(text.replaceAll(/[\r\n]+/g, ' '));
  return lines;
}
