import { parse } from 'csv-parse/sync';

import type { CounterSeries } from '../counter-series.ts';

/** Columns that only rise (HAProxy management guide, section 9.1). The others are gauges, of which nothing can be differenced. */
export const counterColumns: readonly string[] = [
  'stot',
  'bin',
  'bout',
  'dreq',
  'dresp',
  'ereq',
  'econ',
  'eresp',
  'wretr',
  'wredis',
  'chkfail',
  'chkdown',
  'lbtot',
  'hrsp_1xx',
  'hrsp_2xx',
  'hrsp_3xx',
  'hrsp_4xx',
  'hrsp_5xx',
  'hrsp_other',
  'req_tot',
  'cli_abrt',
  'srv_abrt',
  'conn_tot',
  'intercepted',
  'connect',
  'reuse',
  'cache_lookups',
  'cache_hits',
];

/** Returns the counters of `show stat`, by proxy and server; null where the text is no such table. */
export function parseStats(text: string, atMs: number): CounterSeries[] | null {
  if (!text.startsWith('# pxname,svname,')) return null;
  let rows: { [column: string]: string }[];
  try {
    rows = parse(text.slice(2), { columns: true, skip_empty_lines: true, relax_column_count: false });
  } catch {
    return null;
  }
  return rows.flatMap((row) => {
    const labels = { proxy: row['pxname'] ?? '', server: row['svname'] ?? '' };
    // One process counts all of them, and begins all again when it is loaded again.
    const of = { labels, target: 'haproxy', atMs };
    return counterColumns.flatMap((name) => {
      const cell = row[name] ?? '';
      return cell === '' ? [] : [{ ...of, name, value: /^\d+$/.test(cell) ? Number(cell) : Number.NaN }];
    });
  });
}
