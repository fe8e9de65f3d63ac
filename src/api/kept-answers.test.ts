import { describe, expect, it } from 'vitest';

import type { ApiParts } from './api-parts.ts';
import { keepAnswer, noteChange } from './kept-answers.ts';

interface Moving {
  events: { cursor: number };
  changes: { version: number };
}

const alice = { person: 'alice', scopes: null } as never;
const bob = { person: 'bob', scopes: null } as never;

function open(): { moving: Moving; ask: (identity: never, url?: string) => Promise<string>; change: () => void } {
  const moving: Moving = { events: { cursor: 1 }, changes: { version: 1 } };
  const parts = moving as unknown as ApiParts;
  let made = 0;
  const make = async () => {
    made += 1;
    return { body: String(made), etag: '""', shown: null };
  };
  const ask = async (identity: never, url = '/a') => (await keepAnswer(parts, { identity, url }, make)).body;
  return { moving, ask, change: () => noteChange(parts) };
}

describe('answers that are kept for a moment', () => {
  it('P9 are made once for all looks of one asker, and never shown to another, or for another address', async () => {
    const { ask } = open();
    const asked = [ask(alice), ask(alice), ask(bob), ask(alice, '/b'), ask(alice)];
    expect(await Promise.all(asked)).toEqual(['1', '1', '2', '3', '1']);
  });

  it('P9 are made anew after an event, a change of a launch, and a change over this server', async () => {
    const { moving, ask, change } = open();
    expect(await ask(alice)).toBe('1');
    moving.events.cursor += 1;
    expect(await ask(alice)).toBe('2');
    moving.changes.version += 1;
    expect(await ask(alice)).toBe('3');
    change();
    expect([await ask(alice), await ask(alice)]).toEqual(['4', '4']);
  });

  it('P9 a token that may less is another asker', async () => {
    const { ask } = open();
    expect([await ask(alice), await ask({ person: 'alice', scopes: ['run.view'] } as never)]).toEqual(['1', '2']);
  });

  it('F15 what failed is asked again', async () => {
    const parts = { events: { cursor: 1 }, changes: { version: 1 } } as unknown as ApiParts;
    const wish = { identity: alice, url: '/a' };
    await expect(keepAnswer(parts, wish, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
    expect(await keepAnswer(parts, wish, async () => ({ body: 'here', etag: '""', shown: null }))).toMatchObject({
      body: 'here',
    });
  });
});
