import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe } from 'vitest';

import { readingContract } from '../../../tests/contract/datastore-reading.ts';
import type { CanonColumn, CanonRow } from '../../core/dataset/canon.ts';
import type { DatastoreKindName } from '../../core/dataset/dataset.ts';
import type { DatastoreContext, DatastoreSession } from '../../core/dataset/datastore-kind.ts';
import { SecretValue } from '../../core/secret/secret-value.ts';
import { findDatastoreKind } from './kinds.ts';
import { readOnlyContext } from './records/read-only-context.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-records-'));
const columns: readonly CanonColumn[] = [
  { name: 'id', type: 'integer', scale: null },
  { name: 't', type: 'text', scale: null },
];
const texts = ['a', 'A', '', 'a,b', 'a"b', "it's", 'a\tb', 'a\nb', 'a\\b', 'é', '😀', 'NULL', ' '];
/** Out of order, so that a reader that gives rows as they lie there is found out. */
const rows: readonly CanonRow[] = texts.map((text, at) => [String((at * 7) % texts.length), text]);
const ordered = rows.toSorted(([a], [b]) => Number(a) - Number(b));
const records = rows.map(([id, t]) => ({ id: Number(id), t }));

let server: Server;
let pages: string[] = [];
beforeAll(async () => {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const escape = (text: string): string =>
    text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  const csv = rows.map(([id, t]) => `${id},${quote(t!)}\n`).join('');
  writeFileSync(join(folder, 'orders.csv'), `id,t\n${csv}`);
  writeFileSync(join(folder, 'orders.json'), JSON.stringify(records));
  const data = [
    { name: 'id', data: records.map(({ id }) => BigInt(id)), type: 'INT64' as const },
    { name: 't', data: texts, type: 'STRING' as const },
  ];
  writeFileSync(join(folder, 'orders.parquet'), new Uint8Array(parquetWriteBuffer({ columnData: data })));
  const values = rows.map(([id, t]) => `(${id},'${escape(t!)}')`).join(',');
  writeFileSync(
    join(folder, 'shop.sql'),
    `-- MariaDB dump 10.19  Distrib 10.11.6-MariaDB\n/*!40101 SET NAMES utf8mb4 */;\n/*!40103 SET TIME_ZONE='+00:00' */;\nCREATE TABLE \`orders\` (\n  \`id\` int(11) NOT NULL,\n  \`t\` text DEFAULT NULL,\n  PRIMARY KEY (\`id\`)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\nINSERT INTO \`orders\` VALUES ${values};\n-- Dump completed on 2026-11-21 12:00:00\n`,
  );
  const lists = rows.map(([id, t]) => ({ id: `l${id!.padStart(2, '0')}`, name: t, closed: false, pos: Number(id) }));
  writeFileSync(join(folder, 'board.json'), JSON.stringify({ id: 'b', name: 'B', lists, cards: [], actions: [] }));
  pages = [records.slice(0, 6), records.slice(6)].map((some, at) =>
    JSON.stringify({ data: some, next: at === 0 ? 'second' : null, total: records.length }),
  );
  server = createServer((request, response) => {
    const at = new URL(request.url ?? '', 'http://x').searchParams.has('cursor') ? 1 : 0;
    response.end(request.url?.startsWith('/v1/orders') ? pages[at] : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Open = (access?: 'read' | 'write', signal?: AbortSignal, url?: string) => Promise<DatastoreSession>;

function opener(
  kind: DatastoreKindName,
  url: string | (() => string),
  options: { [key: string]: string } = {},
  more: Partial<DatastoreContext> | (() => Partial<DatastoreContext>) = {},
): Open {
  return (access = 'read', signal = new AbortController().signal, other) =>
    findDatastoreKind(kind)!.open(other ?? (typeof url === 'string' ? url : url()), options, {
      ...readOnlyContext(folder, typeof more === 'function' ? more() : more),
      access,
      signal,
    });
}

/** The same file without its last third. */
const cut = (open: Open, name: string) => async (): Promise<DatastoreSession> => {
  const bytes = readFileSync(join(folder, name));
  writeFileSync(join(folder, `cut-${name}`), bytes.subarray(0, Math.ceil((bytes.length * 2) / 3)));
  return await open('read', undefined, `file:cut-${name}`);
};

const condition = { column: 't', operator: 'in' as const, values: ['a', 'A', 'é'] };
const given = { columns, rows: ordered, condition };
const host = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;

const csv = opener('csv', 'file:orders.csv', { key: 'id', types: 'id integer' });
describe('CSV as a datastore', () => {
  const damaged = async (): Promise<DatastoreSession> => {
    writeFileSync(join(folder, 'broken.csv'), 'id,t\n1,a\n2\n');
    return await csv('read', undefined, 'file:broken.csv');
  };
  readingContract({ ...given, open: csv, table: 'orders', damaged });
});

const json = opener('json', 'file:orders.json', { key: 'id' });
describe('JSON as a datastore', () => {
  readingContract({ ...given, open: json, table: 'orders', damaged: cut(json, 'orders.json') });
});

const parquet = opener('parquet', 'file:orders.parquet', { key: 'id' });
describe('Parquet as a datastore', () => {
  readingContract({ ...given, open: parquet, table: 'orders', damaged: cut(parquet, 'orders.parquet') });
});

const dump = opener('mysqldump', 'file:shop.sql');
describe('A dump of MySQL as a datastore', () => {
  readingContract({ ...given, open: dump, table: 'orders', damaged: cut(dump, 'shop.sql') });
});

const options = { tables: 'orders', key: 'id', list: 'data', next: 'next', total: 'total' };
const http = opener(
  'http',
  () => `http://${host()}/v1`,
  options,
  () => ({ allow: [host()] }),
);
describe('A list of an HTTP API as a datastore', () => {
  const damaged = async (): Promise<DatastoreSession> => {
    pages = [pages[0]!, JSON.stringify({ data: [], next: null, total: records.length })];
    return await http();
  };
  readingContract({ ...given, open: http, table: 'orders', damaged });
});

const password = new SecretValue('pseudonyms', Buffer.from('key'));
const trello = opener('trello', 'file:board.json', {}, () => ({ password }));
describe('The export of a board as a datastore', () => {
  readingContract({
    open: trello,
    table: 'list',
    columns: [
      { name: 'id', type: 'text', scale: null },
      { name: 'name', type: 'text', scale: null },
    ],
    rows: ordered.map(([id, t]) => [`l${id!.padStart(2, '0')}`, t!]),
    condition: { ...condition, column: 'name' },
    damaged: cut(trello, 'board.json'),
  });
});
