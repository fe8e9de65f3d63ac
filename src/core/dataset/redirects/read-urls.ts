import type { RedirectRow } from './redirect-row.ts';

const logLine = /^\S+ \S+ .*? \[[^\]]+\] "(?<method>[A-Z]+) (?<path>\S+)(?: HTTP\/[\d.]+)?" (?<status>\d{3}) /;

/** What could not be read of a file of URLs. */
export interface UrlReading<Found> {
  found: Found[];
  /** Lines that are none of this kind: a file with any is not the file that was meant. */
  faulty: number[];
}

/** Returns the paths of a log in the Common or Combined format that were asked for by GET and found, the most visited first. */
export function readAccessLog(text: string): UrlReading<string> {
  const visits = new Map<string, number>();
  const faulty: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const groups = logLine.exec(line)?.groups;
    if (groups === undefined) faulty.push(index + 1);
    else if (groups['method'] === 'GET' && /^[23]/.test(groups['status']!))
      visits.set(groups['path']!, (visits.get(groups['path']!) ?? 0) + 1);
  }
  const byVisits = [...visits].toSorted(([a, many], [b, more]) => more - many || (a < b ? -1 : 1));
  return { found: byVisits.map(([path]) => path), faulty };
}

/**
 * Returns the rows of a list: `from`, or `from to`, or `from status to`, apart by white space; `from 410` is a path that is gone. Lines that begin with # are notes.
 */
export function readUrlList(text: string): UrlReading<RedirectRow> {
  const found: RedirectRow[] = [];
  const faulty: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const cells = line.trim().split(/\s+/);
    if (cells[0] === '' || cells[0]!.startsWith('#')) continue;
    const row = toRow(cells);
    if (row === null) faulty.push(index + 1);
    else found.push(row);
  }
  return { found, faulty };
}

function toRow([from, second, third, ...more]: string[]): RedirectRow | null {
  if (more.length > 0 || from === undefined) return null;
  if (second === undefined) return { from, status: null, to: null };
  const isStatus = /^\d{3}$/.test(second);
  if (!isStatus) return third === undefined ? { from, status: null, to: second } : null;
  return { from, status: second, to: third ?? null };
}
