import { describe, expect, it } from 'vitest';

import type { CanonType } from '../../core/dataset/canon.ts';
import type { RowQuery } from '../../core/dataset/datastore-kind.ts';
import { guardOrder } from './order-guard.ts';

async function read(type: CanonType, ...chunks: string[]): Promise<number> {
  const columns = [
    { name: 't', type: 'text' as const, scale: null },
    { name: 'k', type, scale: null },
  ];
  const query: RowQuery = { table: 'orders', columns, key: ['k'], where: [], order: 'key', after: null };
  const give = async function* () {
    for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
  };
  let bytes = 0;
  for await (const chunk of guardOrder(give(), query)) bytes += chunk.length;
  return bytes;
}

describe('guardOrder', () => {
  it('D31 rows in order pass, whole numbers of any size as numbers', async () => {
    expect(await read('integer', 'x\t-10\nx\t9\n', 'x\t10\nx\t9007199254740992\nx\t9007199254740993\n')).toBe(53);
    const ids = ['90071992547409929', '90071992547409930', '9223372036854775806', '9223372036854775807'];
    expect(await read('integer', ids.map((id) => `x\t${id}\n`).join(''))).toBe(84);
    expect(
      await read(
        'integer',
        'x\t\\N\nx\t-9223372036854775808\nx\t-5\n',
        'x\t5\nx\t999999999999999\nx\t1000000000000000\n',
      ),
    ).toBe(74);
    expect(await read('text', 'x\tB\nx\ta\\tb\n', 'x\té\n')).toBe(16);
  });

  it.each<[CanonType, string[]]>([
    ['integer', ['x\t10\nx\t9\n']],
    ['integer', ['x\t10\n', 'x\t-11\n']],
    ['integer', ['x\t9007199254740993\nx\t9007199254740992\n']],
    ['integer', ['x\t90071992547409930\nx\t90071992547409929\n']],
    ['integer', ['x\t9007199254740993\nx\t5\n']],
    ['integer', ['x\t5\nx\t\\N\n']],
    ['integer', ['x\t90071992547409930\nx\t-90071992547409931\n']],
    ['text', ['x\ta\nx\tB\n']],
    ['text', ['x\té\n', 'x\te\n']],
  ])('D31 a row of %s that comes too early stops the stream: %j', async (type, chunks) => {
    await expect(read(type, ...chunks)).rejects.toMatchObject({ code: 'unordered' });
  });
});
