import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';

import { parseCanonLine } from '../../../core/dataset/canon-line.ts';
import type { CanonRow } from '../../../core/dataset/canon.ts';
import { readOnlyContext } from '../records/read-only-context.fixture.ts';
import { parquetKind } from './kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-test-parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'id', data: [9_007_199_254_740_993n, -1n, 3n], type: 'INT64' },
      { name: 'name', data: ['é', '', null], type: 'STRING' },
      { name: 'ratio', data: [0.1, -0, 1e300], type: 'DOUBLE' },
      { name: 'flag', data: [true, false, null], type: 'BOOLEAN' },
      { name: 'tags', data: [{ a: [1, 2] }, null, { b: 'x' }], type: 'JSON' },
    ],
  }),
);

async function readAll(): Promise<CanonRow[]> {
  const session = await parquetKind.open('file:orders.parquet', { key: 'id' }, readOnlyContext(folder));
  const { columns, key } = await session.describe('orders');
  const chunks: Uint8Array[] = [];
  for await (const chunk of session.stream({ table: 'orders', columns, key, where: [], order: 'key', after: null }))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString().split('\n').slice(0, -1).map(parseCanonLine);
}

describe('parquet files', () => {
  it('D05 keeps all digits, minus zero and the difference between nothing and an empty text', async () => {
    writeFileSync(join(folder, 'orders.parquet'), file);
    expect(await readAll()).toEqual([
      ['-1', '', '-0', 'false', null],
      ['3', null, '1e+300', null, '{"b":"x"}'],
      ['9007199254740993', 'é', '0.1', 'true', '{"a":[1,2]}'],
    ]);
  });

  it('F44 a file that is cut, or is none, is refused', async () => {
    writeFileSync(join(folder, 'orders.parquet'), file.subarray(0, file.length - 9));
    await expect(readAll()).rejects.toThrow('orders.parquet: expected whole parquet data, got something else');
    writeFileSync(join(folder, 'orders.parquet'), '');
    await expect(readAll()).rejects.toThrow('expected whole parquet data');
  });
});
