import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { toyBoard } from '../../../core/dataset/trello/toy-board.fixture.ts';
import { SecretValue } from '../../../core/secret/secret-value.ts';
import { readOnlyContext } from '../records/read-only-context.fixture.ts';
import { trelloKind } from './kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'tminus-test-trello-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function readTable(table: string, key: string): Promise<string> {
  writeFileSync(
    join(folder, 'board.json'),
    JSON.stringify({ ...toyBoard, cards: (toyBoard['cards'] as unknown[]).slice(0, 7) }),
  );
  const password = new SecretValue('pseudonyms', Buffer.from(key));
  const session = await trelloKind.open('file:board.json', {}, readOnlyContext(folder, { password }));
  const shape = await session.describe(table);
  const chunks: Uint8Array[] = [];
  for await (const chunk of session.stream({
    table,
    columns: shape.columns,
    key: shape.key,
    where: [],
    order: 'key',
    after: null,
  }))
    chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the export of a board as a datastore', () => {
  it('D35 gives cards, comments and members as rows, people only by pseudonyms of the key', async () => {
    expect((await readTable('card', 'one')).split('\n')).toHaveLength(8);
    const comments = await readTable('comment', 'one');
    expect(comments).toMatch(/^m1\t2024-04-01T10:00:00\.000Z\tperson-[0-9a-f]{16}\tperson-/);
    expect(comments).not.toMatch(/canary|lovelace/i);
    expect(await readTable('member', 'one')).toBe(await readTable('member', 'one'));
    expect(await readTable('member', 'one')).not.toBe(await readTable('member', 'other'));
  });

  it('refuses to name people without a key, and what is no board', async () => {
    await expect(trelloKind.open('file:board.json', {}, readOnlyContext(folder))).rejects.toThrow(
      'expected a secret as key',
    );
    writeFileSync(join(folder, 'other.json'), '{"a": 1}');
    const password = new SecretValue('pseudonyms', Buffer.from('k'));
    const session = await trelloKind.open('file:other.json', {}, readOnlyContext(folder, { password }));
    await expect(session.describe('card')).rejects.toThrow('expected the export of a board');
  });
});
