import type { DatastoreKind } from '../../../core/dataset/datastore-kind.ts';
import { openRecordSession } from '../records/open-record-session.ts';
import { findUnknownOptions } from '../records/option-faults.ts';
import { parseTypes, typesPattern } from '../records/parse-types.ts';
import type { HttpOptions } from './fetch-pages.ts';
import { openHttpSource } from './http-source.ts';

const memberPath = /^[^.]+(?:\.[^.]+)*$/;
const names = /^[^,]+(?:,[^,]+)*$/;

/** Lists of an HTTP API. */
export const httpKind: DatastoreKind = {
  kind: 'http',
  summary: 'Lists of an HTTP API that answers in pages of JSON; kept as NDJSON with a digest.',
  faults: (url, options) => [
    ...(URL.parse(url)?.hostname
      ? []
      : [{ path: 'url', expected: 'https:// and a host', got: url, hint: 'write https://api.example.org/v1' }]),
    ...(options['tables'] === undefined
      ? [{ path: 'tables', expected: 'paths below the url', got: 'nothing', hint: 'add tables: orders,customers' }]
      : []),
    ...findUnknownOptions(options, {
      tables: { expected: 'paths below the url apart by commas', pattern: names },
      query: { expected: 'a query such as limit=100', pattern: /^[^?#\s]+$/ },
      list: { expected: 'names of members on the way to the list', pattern: memberPath },
      next: { expected: 'link, page, or the member with the next cursor', pattern: memberPath },
      parameter: { expected: 'the query parameter that takes the cursor or page', pattern: /^[\w.[\]-]+$/ },
      total: {
        expected: 'a member such as meta.total, or header x-total-count',
        pattern: /^(?:header [\w-]+|[^.\s]+(?:\.[^.\s]+)*)$/,
      },
      token: { expected: 'bearer, or the header of the token', pattern: /^[\w-]+$/ },
      types: { expected: 'columns with types, such as id integer, total decimal(2)', pattern: typesPattern },
      key: { expected: 'names of columns apart by commas', pattern: names },
    }),
  ],
  async open(url, options, context) {
    const source = openHttpSource(
      url,
      {
        ...readOptions(options),
        tables: split(options['tables'], ','),
        query: options['query'] ?? '',
        types: parseTypes(options['types'] ?? ''),
        key: split(options['key'], ','),
      },
      context,
    );
    return openRecordSession(source, context);
  },
};

function readOptions({
  list,
  next = 'link',
  parameter,
  total,
  token = 'bearer',
}: {
  readonly [key: string]: string;
}): HttpOptions {
  const header = /^header ([\w-]+)$/.exec(total ?? '')?.[1];
  const byMember = { by: 'member' as const, path: split(next, '.'), parameter: parameter ?? 'cursor' };
  return {
    list: split(list, '.'),
    next:
      next === 'link' ? { by: 'link' } : next === 'page' ? { by: 'page', parameter: parameter ?? 'page' } : byMember,
    total:
      total === undefined
        ? null
        : header === undefined
          ? { by: 'member', path: split(total, '.') }
          : { by: 'header', name: header.toLowerCase() },
    token:
      token === 'bearer' ? { header: 'authorization', prefix: 'Bearer ' } : { header: token.toLowerCase(), prefix: '' },
  };
}

function split(text: string | undefined, by: string): string[] {
  return (text ?? '')
    .split(by)
    .map((name) => name.trim())
    .filter(Boolean);
}
