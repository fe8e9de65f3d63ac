import { isObject, parseJson } from './parse-json.ts';
import { toPlainText, Unreadable } from './unreadable.ts';

/** One series of a range of Prometheus. */
export interface RangeSeries {
  labels: { [label: string]: string };
  samples: { atMs: number; value: number }[];
}

/** Returns the series of an answer to a range query (Prometheus documentation, HTTP API). Throws `Unreadable` for an error, a partial answer and what is no number. */
export function readRangeAnswer(bytes: Uint8Array): RangeSeries[] {
  const body = parseJson(bytes);
  if (!isObject(body)) throw new Unreadable('malformed', 'expected an answer of Prometheus, got something else');
  if (body['status'] !== 'success')
    throw new Unreadable(
      'query_failed',
      toPlainText(`the query failed: ${JSON.stringify(body['error'] ?? null)}`, 300),
    );
  if (JSON.stringify(body['warnings'] ?? []).includes('partial'))
    throw new Unreadable('partial', 'expected the whole answer, got a partial one');
  const data = body['data'];
  const result = isObject(data) && data['resultType'] === 'matrix' ? data['result'] : null;
  if (!Array.isArray(result)) throw new Unreadable('malformed', 'expected a range of samples, got none');
  return result.map((series) => {
    if (!isObject(series) || !isObject(series['metric']) || !Array.isArray(series['values']))
      throw new Unreadable('malformed', 'expected series with labels and values, got something else');
    const labels = Object.fromEntries(
      Object.entries(series['metric']).map(([label, value]) => [label, typeof value === 'string' ? value : '']),
    );
    return { labels, samples: series['values'].map(readSample) };
  });
}

function readSample(pair: unknown): { atMs: number; value: number } {
  const [seconds, text] = Array.isArray(pair) ? (pair as unknown[]) : [];
  const value = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
  if (typeof seconds === 'number' && Number.isFinite(value)) return { atMs: Math.round(seconds * 1_000), value };
  throw new Unreadable('not_a_number', `expected a finite value, got ${toPlainText(JSON.stringify(pair), 60)}`);
}
