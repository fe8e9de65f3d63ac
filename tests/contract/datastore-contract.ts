import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { toCanonLine } from '../../src/core/dataset/canon-line.ts';
import type { CanonColumn, CanonRow } from '../../src/core/dataset/canon.ts';
import type { RowCondition } from '../../src/core/dataset/dataset.ts';
import type { DatastoreSession, RowQuery } from '../../src/core/dataset/datastore-kind.ts';
import { portableBucket, portableHash } from '../../src/kinds/datastores/portable-hash.ts';
import { collectLines } from '../../src/kinds/datastores/row-lines.ts';
import { readingContract } from './datastore-reading.ts';
import { ownTime, refuseAfterOwnTime } from './own-time.ts';

/** A database that the contract is held against. */
export interface DatastoreUnderTest {
  name: string;
  /** Why it cannot be had here; null where it can. */
  missing: string | null;
  /** Statements that make `traps`, `words`, `pairs` and `many`. */
  schema: readonly string[];
  run(statement: string): Promise<void>;
  open(access: 'read' | 'write', signal?: AbortSignal): Promise<DatastoreSession>;
  /** A question that takes 20 seconds. */
  slow: string;
  /** A statement that writes, and how its engine says that the session may not. */
  writing: string;
  refusal: { code: string; message: RegExp };
}

/** Columns of `traps`, the same for every engine. */
export const trapColumns: readonly CanonColumn[] = [
  { name: 'id', type: 'integer', scale: null },
  { name: 't', type: 'text', scale: null },
  { name: 'u', type: 'text', scale: null },
  { name: 'n', type: 'decimal', scale: 2 },
  { name: 'b', type: 'boolean', scale: null },
  { name: 'x', type: 'uuid', scale: null },
  { name: 'ts', type: 'timestamptz', scale: 6 },
  { name: 'tl', type: 'timestamp', scale: 3 },
  { name: 'dt', type: 'date', scale: null },
  { name: 'tm', type: 'time', scale: 6 },
  { name: 'by', type: 'bytes', scale: null },
  { name: 'd', type: 'float', scale: null },
  { name: 'j', type: 'json', scale: null },
];

const empty: CanonRow = Array.from({ length: trapColumns.length }, () => null);
// One trap beside the other.
// oxfmt-ignore
const texts: (string | null)[] = [
  null, '', 'NULL', String.raw`\N`, ' ', 'a', 'A', 'a ', 'a\tb', 'a\nb', 'a\\b', 'a\r\nb', '|', 'a|b', 'é', 'e\u0301', '😀', "it's", '"', '%_?', 'Ã©',
];
// One trap beside the other.
// oxfmt-ignore
const floats = [
  '0',
  '0.1',
  '0.30000000000000004',
  '1e+20',
  '1e-05',
  '123456789.12345679',
  '5e-324',
  '1.7976931348623157e+308',
  '-2.5',
];

/** Rows with every trap that all engines can hold, as canonical values. */
export const trapRows: CanonRow[] = [
  ...texts.map((text, at) => put({ id: String(at), t: text, u: text === null ? '' : null })),
  ...floats.map((float, at) => put({ id: String(100 + at), d: float })),
  // A value that moved between two columns, and a separator that did.
  put({ id: '200', t: 'a|b', u: 'c' }),
  put({ id: '201', t: 'a', u: 'b|c' }),
  put({ id: '9007199254740993', n: '9999999999.99', b: 'true', x: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11' }),
  put({
    id: '-9223372036854775808',
    n: '-0.10',
    b: 'false',
    ts: '2026-11-21T13:05:09.123456Z',
    tl: '2026-11-21T13:05:09.100',
  }),
  put({
    id: '9223372036854775807',
    ts: '2026-03-29T01:30:00.000000Z',
    dt: '2024-02-29',
    tm: '23:59:59.999999',
    by: '00ff5c0a',
  }),
  put({ id: '300', by: '', tm: '00:00:00.000000', j: '{"a":9007199254740993,"b":[1.5,"ü",null]}' }),
];

function put(values: { readonly [name: string]: string | null }): CanonRow {
  return trapColumns.map(({ name }, at) => (name in values ? (values[name] ?? null) : (empty[at] ?? null)));
}

/** What a query of the contract asks for, unless it says otherwise. */
export function trapQuery(changes: Partial<RowQuery> = {}): RowQuery {
  return { table: 'traps', columns: trapColumns, key: ['id'], where: [], order: 'key', after: null, ...changes };
}

const byId = (a: CanonRow, b: CanonRow): number => Number(BigInt(a[0] ?? '0') > BigInt(b[0] ?? '0')) * 2 - 1;
const inOrder = trapRows.toSorted(byId);
const hashed = trapColumns.filter(({ name }) => name !== 'd' && name !== 'j');
const manyRows = 200_000;

function condition(column: string, operator: RowCondition['operator'], ...values: string[]): RowCondition {
  return { column, operator, values, text: '' };
}

/** Declares the contract of databases: what every one of them has to keep, with real servers. */
export function datastoreContract(store: DatastoreUnderTest): void {
  describe.skipIf(store.missing !== null)(
    `${store.name} as a datastore${store.missing === null ? '' : ` (skipped: ${store.missing})`}`,
    () => {
      let shared: Promise<DatastoreSession> | null = null;
      /** One session for all that only look at what no test changes: each costs a process or a connection. */
      const reading = async <T>(work: (session: DatastoreSession) => Promise<T>): Promise<T> =>
        await work(await (shared ??= store.open('read')));
      const freshly = async <T>(work: (session: DatastoreSession) => Promise<T>, signal?: AbortSignal): Promise<T> => {
        const session = await store.open('read', signal);
        try {
          return await work(session);
        } finally {
          await session.close();
        }
      };
      afterAll(async () => await (await shared)?.close());
      const writing = async <T>(work: (session: DatastoreSession) => Promise<T>): Promise<T> => {
        const session = await store.open('write');
        try {
          return await work(session);
        } finally {
          await session.close();
        }
      };
      const write = <T>(work: Parameters<NonNullable<DatastoreSession['write']>>[0]): Promise<T> =>
        writing((session) => session.write!(work)) as Promise<T>;

      beforeAll(async () => {
        for (const statement of store.schema) await store.run(statement);
        await write(async (transaction) => {
          const target = { table: 'traps', columns: trapColumns, key: ['id'] };
          return await transaction.insertRows(target, [Buffer.from(trapRows.map(toCanonLine).join(''))]);
        });
        const columns: CanonColumn[] = [
          { name: 'id', type: 'integer', scale: null },
          { name: 't', type: 'text', scale: null },
        ];
        await write((transaction) => transaction.insertRows({ table: 'many', columns, key: ['id'] }, manyLines()));
      });

      readingContract({
        open: (access, signal) => store.open(access, signal),
        table: 'traps',
        columns: trapColumns,
        rows: inOrder,
        condition: { column: 't', operator: 'in', values: ['A', 'a ', 'é'] },
        damaged: null,
      });

      it('D31 every value comes back as it was written, whatever traps are in it', async () => {
        const rows = await reading((session) => collectLines(session.stream(trapQuery())));
        expect(rows).toEqual(inOrder);
      });

      it('D31 a table is described with its key, its types and what is nullable', async () => {
        const shape = await reading((session) => session.describe('traps'));
        expect(shape.key).toEqual(['id']);
        expect(shape.columns.map(({ name }) => name)).toEqual(trapColumns.map(({ name }) => name));
        const types = Object.fromEntries(shape.columns.map(({ name, type, scale }) => [name, [type, scale]]));
        expect(types).toMatchObject({
          id: ['integer', null],
          n: ['decimal', 2],
          t: ['text', null],
          by: ['bytes', null],
          d: ['float', null],
          tl: ['timestamp', 3],
        });
        await expect(reading((session) => session.describe('no_such_table'))).rejects.toMatchObject({
          code: 'missing',
        });
        expect(await reading((session) => session.listTables())).toEqual(
          expect.arrayContaining(['many', 'traps', 'words']),
        );
      });

      it('D31 rows come in the order of bytes, not of a collation, and resume behind a key', async () => {
        const columns: CanonColumn[] = [{ name: 'w', type: 'text', scale: null }];
        const query: RowQuery = { ...trapQuery(), table: 'words', columns, key: ['w'] };
        const words = ['a', 'B', 'c', '_', 'é'].map((word) => [word]);
        await write(async (transaction) => {
          await transaction.insertRows({ table: 'words', columns, key: ['w'] }, [
            Buffer.from(words.map(toCanonLine).join('')),
          ]);
        });
        const all = await freshly((session) => collectLines(session.stream(query)));
        expect(all).toEqual([['B'], ['_'], ['a'], ['c'], ['é']]);
        const rest = await freshly((session) => collectLines(session.stream({ ...query, after: ['_'] })));
        expect(rest).toEqual([['a'], ['c'], ['é']]);
        const after = await reading((session) => collectLines(session.stream(trapQuery({ after: ['200'] }))));
        expect(after).toEqual(inOrder.filter(([id]) => BigInt(id ?? '0') > 200n));
      });

      it('D31 a key that is not there has no row, and one that only a collation takes for equal is not there', async () => {
        const keys = [['5'], ['77'], ['9223372036854775807']];
        const rows = await reading((session) => session.rows(trapQuery(), keys));
        expect(rows.toSorted(byId)).toEqual(inOrder.filter(([id]) => id === '5' || id === '9223372036854775807'));
        const columns: CanonColumn[] = [{ name: 'w', type: 'text', scale: null }];
        const query: RowQuery = { ...trapQuery(), table: 'words', columns, key: ['w'] };
        expect(await freshly((session) => session.rows(query, [['A'], ['B'], ['b'], ['e']]))).toEqual([['B']]);
      });

      it.each<[string, RowCondition[], (row: CanonRow) => boolean]>([
        ['missing', [condition('t', 'missing')], (row) => row[1] === null],
        ['==', [condition('t', '==', 'a')], (row) => row[1] === 'a'],
        ['!=', [condition('t', '!=', 'a')], (row) => row[1] !== 'a'],
        ['in', [condition('t', 'in', 'A', 'a ', 'é')], (row) => ['A', 'a ', 'é'].includes(row[1] ?? '-')],
        ['matches', [condition('t', 'matches', '^a.b$')], (row) => /^a.b$/.test(row[1] ?? '')],
        [
          '< of numbers',
          [condition('id', '<', '3'), condition('id', '>=', '0')],
          (row) => ['0', '1', '2'].includes(row[0] ?? ''),
        ],
        ['> of decimals', [condition('n', '>', '-0.1')], (row) => row[3] === '9999999999.99'],
        ['boolean', [condition('dt', '==', '2024-02-29')], (row) => row[8] === '2024-02-29'],
      ])('D31 a condition with %s is counted and streamed as canonical rows say', async (_, where, meets) => {
        const wanted = inOrder.filter(meets);
        expect(wanted.length).toBeGreaterThan(0);
        await reading(async (session) => {
          expect(await session.count({ table: 'traps', key: ['id'], where })).toBe(wanted.length);
          expect(await collectLines(session.stream(trapQuery({ where })))).toEqual(wanted);
        });
      });

      it('D31 a sample is the same for the same seed and spread over the table', async () => {
        const query: RowQuery = {
          ...trapQuery(),
          table: 'many',
          columns: [{ name: 'id', type: 'integer', scale: null }],
        };
        const take = (seed: number) => reading((session) => session.sample(query, 50, seed));
        const [one, again, other] = [await take(1), await take(1), await take(2)];
        expect(one.length).toBeGreaterThanOrEqual(40);
        expect(one.length).toBeLessThanOrEqual(50);
        expect(again.toSorted(byId)).toEqual(one.toSorted(byId));
        expect(other.toSorted(byId)).not.toEqual(one.toSorted(byId));
        const quarters = new Set(one.map(([id]) => Math.floor(Number(id) / (manyRows / 4))));
        expect(quarters.size).toBeGreaterThanOrEqual(4);
      });

      it('D31 hashes made where the data lies equal those of the same canonical rows', async ({ skip }) => {
        await reading(async (session) => {
          if (!session.buckets || !session.leaves) return skip(`${store.name} has no hashes`);
          const query = { ...trapQuery({ columns: hashed }), form: 'portable' as const };
          const rows = inOrder.map((row) =>
            hashed.map(({ name }) => row[trapColumns.findIndex((one) => one.name === name)] ?? null),
          );
          const bucketing = { by: 'hash' as const, buckets: 4 };
          const leaves = await session.leaves({ ...query, bucketing }, [0, 1, 2, 3]);
          const found = new Map(leaves.map(({ key, hash }) => [key[0], hash]));
          for (const row of rows)
            expect([row[0], found.get(row[0] ?? '')]).toEqual([row[0], portableHash(row, hashed)]);
          expect(new Set(found.values()).size).toBe(rows.length);
          const buckets = await session.buckets({ ...query, bucketing });
          expect(buckets).toEqual(foldBuckets(rows, (row) => portableBucket([row[0] ?? null], hashed.slice(0, 1), 4)));
          const bounds = [5n, 100n, 9_007_199_254_740_994n];
          const ranges = await session.buckets({ ...query, bucketing: { by: 'range', column: 'id', bounds } });
          const place = (row: CanonRow): number => bounds.filter((bound) => bound <= BigInt(row[0] ?? '0')).length;
          expect(ranges).toEqual(foldBuckets(rows, place));
          const some = await session.leaves({ ...query, bucketing: { by: 'range', column: 'id', bounds } }, [1, 3]);
          expect(some.length).toBe(rows.filter((row) => [1, 3].includes(place(row))).length);
        });
      });

      it('D33 a change is made only where the row is as it was seen; an existing row is not inserted again', async () => {
        const target = {
          table: 'pairs',
          columns: [
            { name: 'id', type: 'integer' as const, scale: null },
            { name: 't', type: 'text' as const, scale: null },
          ],
          key: ['id'],
        };
        const row = (id: string, text: string): CanonRow => [id, text];
        const read = () => freshly((session) => collectLines(session.stream({ ...trapQuery(), ...target })));
        await write((transaction) => transaction.insertRows(target, [Buffer.from('1\tone\n2\ttwo\n')]));
        const refused = await write<number[]>((transaction) =>
          transaction.change(target, [
            { operation: 'update', key: ['1'], before: row('1', 'one'), after: row('1', 'ONE') },
            { operation: 'update', key: ['1'], before: row('1', 'one'), after: row('1', 'again') },
            { operation: 'insert', key: ['2'], before: null, after: row('2', 'new') },
            { operation: 'insert', key: ['3'], before: null, after: row('3', 'three') },
            { operation: 'delete', key: ['2'], before: row('2', 'TWO'), after: null },
            { operation: 'delete', key: ['3'], before: row('3', 'three'), after: null },
          ]),
        );
        expect(refused).toEqual([1, 2, 4]);
        expect(await read()).toEqual([
          ['1', 'ONE'],
          ['2', 'two'],
        ]);
        await expect(
          write((transaction) => transaction.insertRows(target, [Buffer.from('2\tsecret-value\n')])),
        ).rejects.toMatchObject({
          code: 'exists',
          message: expect.not.stringContaining('secret-value') as string,
        });
        const thrown = write(async (transaction) => {
          await transaction.change(target, [{ operation: 'delete', key: ['1'], before: row('1', 'ONE'), after: null }]);
          throw new Error('stop');
        });
        await expect(thrown).rejects.toThrow('stop');
        expect(await read()).toEqual([
          ['1', 'ONE'],
          ['2', 'two'],
        ]);
      });

      it('A46 a session that reads cannot write', async () => {
        await reading(async (session) => {
          expect(session.write).toBeNull();
          expect(session.abilities.write).toBe(false);
          const error = await session.ask!(store.writing).then(
            () => null,
            (thrown: unknown) => thrown as Error & { code: string },
          );
          // Any error would do for a statement that is wrong: this one is right, and is made below.
          expect([error?.code, error?.message]).toEqual([
            store.refusal.code,
            expect.stringMatching(store.refusal.message),
          ]);
        });
        await writing((session) => session.ask!(store.writing));
        const rows = await reading((session) => session.ask!('select count(*) from traps'));
        expect(rows).toEqual([[String(trapRows.length)]]);
      });

      it('D31 reads of one session see one state', async () => {
        await freshly(async (session) => {
          const query = { table: 'pairs', key: ['id'], where: [] };
          const before = await session.count(query);
          await store.run(`insert into pairs values (77, 'later')`);
          expect(await session.count(query)).toBe(before);
          expect(await freshly((later) => later.count(query))).toBe(before + 1);
        });
      });

      it('F43 what is aborted ends within a second', async () => {
        const controller = new AbortController();
        const slow = freshly((session) => session.ask!(store.slow), controller.signal).catch((error: unknown) => error);
        // What fails by itself within this second was not ended by the abort.
        const early = await Promise.race([slow, ownTime(1_000).then(() => 'at work')]);
        expect(early).toBe('at work');
        controller.abort();
        expect(await Promise.race([slow, refuseAfterOwnTime(1_000, 'an end')])).toBeInstanceOf(Error);
      });

      it('D31 a table of any size passes through bounded memory, and can be left in the middle', async () => {
        const columns: CanonColumn[] = [
          { name: 'id', type: 'integer', scale: null },
          { name: 't', type: 'text', scale: null },
        ];
        const query: RowQuery = { ...trapQuery(), table: 'many', columns };
        await reading(async (session) => {
          let [bytes, most] = [0, 0];
          const start = process.memoryUsage.rss();
          for await (const chunk of session.stream(query)) {
            bytes += chunk.length;
            most = Math.max(most, process.memoryUsage.rss() - start);
          }
          expect(bytes).toBeGreaterThan(manyRows * 200);
          expect(most).toBeLessThan(150 * 1024 ** 2);
          for await (const chunk of session.stream(query)) {
            expect(chunk.at(-1)).toBe(10);
            break;
          }
          expect(await session.count(query)).toBe(manyRows);
        });
      });
    },
  );
}

function foldBuckets(rows: readonly CanonRow[], place: (row: CanonRow) => number) {
  const found = new Map<number, { bucket: number; count: number; hash: bigint }>();
  for (const row of rows) {
    const bucket = place(row);
    const last = found.get(bucket) ?? { bucket, count: 0, hash: 0n };
    found.set(bucket, { bucket, count: last.count + 1, hash: last.hash ^ portableHash(row, hashed) });
  }
  return [...found.values()].toSorted((a, b) => a.bucket - b.bucket);
}

function* manyLines(): Generator<Uint8Array> {
  const pad = 'x'.repeat(200);
  for (let from = 0; from < manyRows; from += 1_000)
    yield Buffer.from(Array.from({ length: 1_000 }, (_, at) => `${from + at}\t${pad}\n`).join(''));
}
