import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import { openByteWindow } from '../records/byte-window.ts';
import { readOnlyContext } from '../records/read-only-context.fixture.ts';
import { JsonFault } from './json-fault.ts';
import { jsonKind } from './kind.ts';
import { walkJson } from './walk-json.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-test-json-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readAll(
  text: string | Uint8Array,
  options: { [key: string]: string } = {},
  name = 'orders.json',
): Promise<CanonRow[]> {
  writeFileSync(join(folder, name), text);
  const session = await jsonKind.open(`file:${name}`, options, readOnlyContext(folder));
  const { columns, key } = await session.describe('orders');
  const chunks: Uint8Array[] = [];
  for await (const chunk of session.stream({ table: 'orders', columns, key, where: [], order: 'any', after: null }))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString().split('\n').slice(0, -1).map(parseCanonLine);
}

describe('files of JSON', () => {
  it('D05 keeps all digits of numbers, nests as JSON, and takes a missing member for null', async () => {
    const text =
      '[{"id": 9007199254740993, "total": 1.10, "tags": {"b": [1, 2.50], "a": "x"}}, {"id": 18446744073709551616, "total": 3, "note": "é\\n"}]';
    expect(await readAll(text)).toEqual([
      ['9007199254740993', '1.1', '{"a":"x","b":[1,2.5]}', null],
      ['18446744073709551616', '3', null, 'é\n'],
    ]);
  });

  it('reads one object a line, and a list within', async () => {
    const rows = [
      ['1', 'x'],
      ['2', 'y'],
    ];
    expect(await readAll('{"id":1,"n":"x"}\n\n{"id":2,"n":"y"}', {}, 'orders.ndjson')).toEqual(rows);
    const nested =
      '{"skipped": {"items": [1, "]}"]}, "shop": {"orders": [{"id":1,"n":"x"},{"id":2,"n":"y"}], "more": null}, "end": true}';
    expect(await readAll(nested, { list: 'shop.orders' })).toEqual(rows);
  });

  it('gives a member that is of several types as JSON', async () => {
    expect(await readAll('[{"v": 1}, {"v": "1"}, {"v": null}]')).toEqual([['1'], ['"1"'], [null]]);
  });

  it.each([
    ['A17 a key that stands twice', '[\n{"id": 1, "id": 2}]', 'line 2: expected each key once'],
    ['A17 __proto__', '[{"__proto__": {"x": 1}}]', 'line 1: expected a JSON object with plain keys'],
    ['A17 nesting without end', `[{"x": ${'['.repeat(400)}${']'.repeat(400)}}]`, 'nested values'],
    ['a record that is none', '[1]', 'expected an object for each record'],
    ['a cut file', '[{"id": 1}, {"id"', 'got the end of the file'],
    ['a list that does not end', '[{"id": 1}', 'expected a comma or ]'],
    ['a comma too many', '[{"id": 1},]', 'expected a value behind a comma'],
    ['something behind the list', '[{"id": 1}] []', 'expected the end of the file'],
    ['a root that is no list', '{"orders": []}', 'expected a list; say where it is with option list'],
    ['bytes that are no UTF-8', Buffer.from('[{"id": "\u{e9}"}]', 'latin1'), 'expected UTF-8'],
    ['canary in a broken record', '[{"id": secret-canary}]', 'expected a JSON object'],
  ])('refuses %s', async (_name, text, message) => {
    const failure = await readAll(text).then(
      () => 'read',
      (error: Error) => error.message,
    );
    expect(failure).toContain(message);
    expect(failure).not.toContain('canary');
  });

  it('refuses a list that is not where the option says', async () => {
    await expect(readAll('{"a": {}}', { list: 'a.b' })).rejects.toThrow('expected a member b');
  });

  it('finds the same elements wherever the chunks are cut (property)', async () => {
    const walk = async (text: string, size: number): Promise<unknown[]> => {
      const bytes = Buffer.from(text);
      const chunks = (async function* () {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      })();
      const window = await openByteWindow(chunks, (at, message, code) => new JsonFault(at, message, code));
      const found: unknown[] = [];
      for await (const element of walkJson(window, ['l']))
        found.push(JSON.parse(Buffer.from(element.text, 'latin1').toString()));
      return found;
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue(), { maxLength: 5 }),
        fc.integer({ min: 1, max: 7 }),
        async (list, size) => {
          const plain = JSON.parse(JSON.stringify(list)) as unknown[];
          expect(await walk(JSON.stringify({ a: list, l: list, z: '"]' }, null, 1), size)).toEqual(plain);
        },
      ),
      { numRuns: 150 },
    );
  });
});
