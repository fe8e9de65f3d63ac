import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';

import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import { findFileInputs } from '../records/open-file-input.ts';
import { readOnlyContext } from '../records/read-only-context.fixture.ts';
import { csvKind } from './kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-test-csv-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readAll(
  bytes: string | Uint8Array,
  options: { [key: string]: string } = {},
  name = 'orders.csv',
): Promise<CanonRow[]> {
  writeFileSync(join(folder, name), bytes);
  const session = await csvKind.open(`file:${name}`, options, readOnlyContext(folder));
  const table = name.replace(/\..*$/, '');
  const { columns, key } = await session.describe(table);
  const chunks: Uint8Array[] = [];
  const order = key.length > 0 ? 'key' : 'any';
  for await (const chunk of session.stream({ table, columns, key, where: [], order, after: null })) chunks.push(chunk);
  return Buffer.concat(chunks).toString().split('\n').slice(0, -1).map(parseCanonLine);
}

async function drain(chunks: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of chunks) continue;
}

describe('files of separated values', () => {
  it('A18 what begins like a formula is data', async () => {
    expect(await readAll('id,note\n1,=cmd|calc\n2,"+1"\n')).toEqual([
      ['1', '=cmd|calc'],
      ['2', '+1'],
    ]);
  });

  it.each([
    ['a byte order mark and CRLF', '\u{feff}id,note\r\n1,x\r\n', {}],
    ['no line end at the end', 'id,note\n1,x', {}],
    ['an empty line', 'id,note\n\n1,x\n\n', {}],
    ['UTF-16', Buffer.from('\u{feff}id,note\n1,x\n', 'utf16le'), { encoding: 'utf-16le' }],
    ['gzip', gzipSync('id,note\n1,x\n'), {}],
    ['another delimiter', 'id;note\n1;x\n', { delimiter: ';' }],
    ['another quote', "id,note\n1,'x'\n", { quote: "'" }],
  ])('D05 reads %s', async (_name, bytes, options) => {
    expect(await readAll(bytes, options)).toEqual([['1', 'x']]);
  });

  it('reads tabs where the name says so', async () => {
    expect(await readAll('id\tnote\n1\ta,b\n', {}, 'orders.tsv')).toEqual([['1', 'a,b']]);
  });

  it('reads windows-1252 and refuses its bytes as UTF-8', async () => {
    const bytes = Buffer.from('id,note\n1,caf\u{e9}\n', 'latin1');
    expect(await readAll(bytes, { encoding: 'windows-1252' })).toEqual([['1', 'café']]);
    await expect(readAll(bytes)).rejects.toThrow('expected utf-8, got other bytes');
  });

  it('tells an empty cell from null only where an option says so, and never takes a quoted one for it', async () => {
    const text = 'id,note\n1,\n2,""\n3,NULL\n4,"NULL"\n';
    expect((await readAll(text)).map((row) => row[1])).toEqual(['', '', 'NULL', 'NULL']);
    expect((await readAll(text, { null: '' })).map((row) => row[1])).toEqual([null, '', 'NULL', 'NULL']);
    expect((await readAll(text, { null: 'NULL' })).map((row) => row[1])).toEqual(['', '', null, 'NULL']);
  });

  it('reads declared types and gives rows in the order of the key', async () => {
    const text =
      'id,total,sold at\n18446744073709551616,1.5,2024-05-01T12:00:00+02:00\n9,.10,2024-05-01 10:00:00Z\n-3,7,2024-05-01 10:00:00Z\n';
    const rows = await readAll(text, { types: 'id integer, total decimal(2), "sold at" timestamptz(0)', key: 'id' });
    expect(rows).toEqual([
      ['-3', '7.00', '2024-05-01T10:00:00Z'],
      ['9', '0.10', '2024-05-01T10:00:00Z'],
      ['18446744073709551616', '1.50', '2024-05-01T10:00:00Z'],
    ]);
  });

  it.each([
    ['a name that stands twice', 'id,id\n', {}, 'line 1: expected each name once, got id twice'],
    ['a name that is empty', 'id, \n', {}, 'line 1: expected a name for column 2'],
    ['nothing', '', {}, 'expected a first line with names'],
    ['a row with more cells', 'id,note\n1,x\n2,y,z\n', {}, 'line 3: expected 2 cells, got 3'],
    ['a row with fewer cells behind one of two lines', 'id,note\n1,"x\ny"\n2\n', {}, 'line 4: expected 2 cells, got 1'],
    ['a quote that is not closed', 'id,note\n1,"x\n', {}, 'expected a quote that is closed'],
    ['a quote within a bare cell', 'id,note\n1,x"y\n', {}, 'expected quotes around a whole cell only'],
    [
      'text where a number is declared',
      'id,note\nsecret-canary,x\n',
      { types: 'id integer' },
      'line 2, column id: expected a whole number',
    ],
    ['a key that stands twice', 'id,note\n1,x\n1,y\n', { key: 'id' }, 'expected each key (id) once, got one twice'],
    [
      'a cell beyond ten megabytes',
      `id,note\n1,${'x'.repeat(10 * 1024 ** 2 + 1)}\n`,
      {},
      'line 2, column note: expected at most',
    ],
  ])('refuses %s, with the line', async (_name, text, options, message) => {
    const failure = await readAll(text, options).then(
      () => 'read',
      (error: Error) => error.message,
    );
    expect(failure).toContain(message);
    expect(failure).not.toContain('canary');
  });

  it('A16 refuses a link that leads out of the repository, and a gzip bomb', async () => {
    symlinkSync('/etc', join(folder, 'out'));
    await expect(csvKind.open('file:out/passwd', {}, readOnlyContext(folder))).rejects.toThrow('inside the workspace');
    const bomb = gzipSync(Buffer.alloc(70 * 1024 ** 2), { level: 9 });
    writeFileSync(join(folder, 'bomb.csv.gz'), bomb);
    const [input] = await findFileInputs('file:bomb.csv.gz', ['.csv'], readOnlyContext(folder));
    await expect(drain(input!.read())).rejects.toThrow('bytes unpacked, got more');
  });

  it('gives a folder as one table for each file', async () => {
    mkdirSync(join(folder, 'many'));
    writeFileSync(join(folder, 'many/a.csv'), 'id\n1\n');
    writeFileSync(join(folder, 'many/b.tsv.gz'), gzipSync('id\n1\n'));
    const session = await csvKind.open('file:many', {}, readOnlyContext(folder));
    expect(await session.listTables()).toEqual(['a', 'b']);
  });

  it('names faults of options', () => {
    expect(csvKind.faults('file:../x.csv', { delimter: ';' }).map(({ path }) => path)).toEqual(['url', 'delimter']);
    expect(csvKind.faults('file:x.csv', { delimiter: 'ab', types: 'id int' }).map(({ path }) => path)).toEqual([
      'delimiter',
      'types',
    ]);
    expect(csvKind.faults('file:x.csv', { delimiter: ';', types: 'id integer' })).toEqual([]);
  });

  it('gives back whatever was quoted (property)', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', ';', 'é', '😀', '\t', ' ', '='),
      maxLength: 12,
    });
    const rows = fc.sample(fc.array(fc.tuple(cell, cell), { minLength: 200, maxLength: 200 }), 1)[0]!;
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const text = [['id', 'note'], ...rows].map((row) => row.map(quote).join(',')).join('\n');
    expect(await readAll(text)).toEqual(rows);
  });
});
