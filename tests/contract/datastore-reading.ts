import { describe, expect, it } from 'vitest';

import { meetsConditions } from '../../src/core/dataset/canon/meets-conditions.ts';
import type { CanonColumn, CanonRow } from '../../src/core/dataset/canon.ts';
import type { RowCondition } from '../../src/core/dataset/dataset.ts';
import { DatastoreTrouble } from '../../src/core/dataset/datastore-kind.ts';
import type { DatastoreSession, RowQuery } from '../../src/core/dataset/datastore-kind.ts';
import { collectLines } from '../../src/kinds/datastores/row-lines.ts';

/** What a connector brings to the part of the contract that every one keeps, whether it can write or not. */
export interface ReadableUnderTest {
  open(access: 'read' | 'write', signal?: AbortSignal): Promise<DatastoreSession>;
  table: string;
  /** The key first; it is one column. */
  columns: readonly CanonColumn[];
  /** In the order of the key, as whoever made them knows them: at least ten. */
  rows: readonly CanonRow[];
  /** A condition that some of the rows meet. */
  condition: Omit<RowCondition, 'text'>;
  /** Opens the same place with a part of it broken; null where that cannot be arranged. */
  damaged: (() => Promise<DatastoreSession>) | null;
}

/** Declares what every connector keeps when it reads: a reader that sees less than there is says so. */
export function readingContract(given: ReadableUnderTest): void {
  const { table, columns, rows } = given;
  const [key] = columns;
  const query = (changes: Partial<RowQuery> = {}): RowQuery => ({
    table,
    columns,
    key: [key!.name],
    where: [],
    order: 'key',
    after: null,
    ...changes,
  });
  const reading = async <T>(work: (session: DatastoreSession) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    const session = await given.open('read', signal);
    try {
      return await work(session);
    } finally {
      await session.close();
    }
  };
  const where = [{ ...given.condition, text: '' }];
  const met = rows.filter(meetsConditions(where, columns));

  describe('reads as every datastore does', () => {
    it('D31 every row comes in the order of its key, again and again', async () => {
      expect(rows.length).toBeGreaterThanOrEqual(10);
      await reading(async (session) => {
        expect(await collectLines(session.stream(query()))).toEqual(rows);
        expect(await collectLines(session.stream(query()))).toEqual(rows);
        expect(await session.count({ table, key: [key!.name], where: [] })).toBe(rows.length);
      });
    });

    it('D31 a table is described as its rows are, and one that is not there is missing', async () => {
      await reading(async (session) => {
        const shape = await session.describe(table);
        const described = shape.columns.map(({ name }) => name);
        expect(described).toEqual(expect.arrayContaining(columns.map(({ name }) => name)));
        expect(shape.columns.find(({ name }) => name === key!.name)).toMatchObject({ type: key!.type });
        expect(shape.key).toEqual([key!.name]);
        expect(await session.listTables()).toContain(table);
        await expect(session.describe('no_such_table')).rejects.toMatchObject({ code: 'missing' });
        await expect(collectLines(session.stream(query({ table: 'no_such_table' })))).rejects.toMatchObject({
          code: 'missing',
        });
      });
    });

    it('D31 what comes after a key, what has a key, and what meets a condition is the same as of the rows', async () => {
      expect(met.length).toBeGreaterThan(0);
      expect(met.length).toBeLessThan(rows.length);
      const [third, last] = [rows[2]!, rows.at(-1)!];
      await reading(async (session) => {
        expect(await collectLines(session.stream(query({ after: [third[0]!] })))).toEqual(rows.slice(3));
        expect(await session.rows(query({ order: 'any' }), [[third[0]!], [last[0]!], ['0815']])).toEqual(
          expect.toSatisfy((found: CanonRow[]) => found.length === 2 && [third, last].every((row) => has(found, row))),
        );
        expect(await collectLines(session.stream(query({ where })))).toEqual(met);
        expect(await session.count({ table, key: [key!.name], where })).toBe(met.length);
      });
    });

    it('D31 a sample is of its rows, of the size that was asked for, and the same for the same seed', async () => {
      await reading(async (session) => {
        const some = await session.sample(query(), 5, 7);
        expect(some.length).toBeGreaterThan(0);
        expect(some.length).toBeLessThanOrEqual(5);
        expect(some.filter((row) => !has(rows, row))).toEqual([]);
        expect(await session.sample(query(), 5, 7)).toEqual(some);
      });
    });

    it('D31 it can do what it says that it can, and nothing else', async () => {
      await reading(async ({ abilities, buckets, leaves, write }) => {
        expect(buckets === null).toBe(abilities.hashes.length === 0);
        expect(leaves === null).toBe(abilities.hashes.length === 0);
        expect({ write, can: abilities.write }).toEqual({ write: null, can: false });
      });
    });

    it('F43 it can be left in the middle, and an abort ends it', async () => {
      await reading(async (session) => {
        let chunks = 0;
        for await (const _ of session.stream(query())) {
          chunks += 1;
          break;
        }
        expect(chunks).toBe(1);
        expect(await collectLines(session.stream(query()))).toEqual(rows);
      });
      const controller = new AbortController();
      await expect(
        reading(async (session) => {
          controller.abort();
          return await collectLines(session.stream(query()));
        }, controller.signal),
      ).rejects.toBeInstanceOf(Error);
    });

    it.skipIf(given.damaged === null)(
      `F44 (negative control) what is broken is trouble and no shorter table${given.damaged === null ? ' (not for this kind: its files belong to the server)' : ''}`,
      async () => {
        const read = async (): Promise<CanonRow[]> => {
          const session = await given.damaged!();
          try {
            await session.describe(table);
            return await collectLines(session.stream(query()));
          } finally {
            await session.close();
          }
        };
        await expect(read()).rejects.toBeInstanceOf(DatastoreTrouble);
      },
    );
  });
}

function has(rows: readonly CanonRow[], row: CanonRow): boolean {
  return rows.some((one) => JSON.stringify(one) === JSON.stringify(row));
}
