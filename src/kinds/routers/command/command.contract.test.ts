import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { routerContract } from '../../../../tests/contract/router-contract.ts';
import type { RunningRouter } from '../../../../tests/contract/router-contract.ts';
import { routerContext } from '../../../../tests/routers/router-context.ts';
import { SecretValue } from '../../../core/secret/secret-value.ts';
import { commandKind } from './kind.ts';
import { toArgv } from './schema.ts';

/** A small router of its own: a file that holds what it says. A shell starts in a tenth of the time of Node. */
const program = `printf '{"weight":%s,"requests":{"stable":9,"canary":1},"detail":"as the file says"}' "$1" > answer.json`;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-test-command-'));
  folders.push(folder);
  writeFileSync(join(folder, 'set.sh'), program);
  writeFileSync(join(folder, 'answer.json'), '{"weight":0,"requests":{"stable":9,"canary":1}}');
  return folder;
}

const options = { read: 'cat answer.json', set: 'sh set.sh $weight', timeout: '60s' };

routerContract({
  name: 'programs',
  kind: commandKind,
  missing: null,
  weights: [5, 12.5, 100, 0],
  required: ['read', 'set'],
  start: async (): Promise<RunningRouter> => {
    const folder = makeFolder();
    return {
      options,
      context: { workspace: folder },
      // What a program reaches, only its writer knows.
      production: [],
      silent: { options: { ...options, read: 'sleep 100' }, context: {} },
      end: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
});

describe('programs as a router', () => {
  const ask = (read: string, more: { [key: string]: string } = {}) =>
    commandKind
      .open({ ...options, read, ...more }, routerContext({ workspace: makeFolder() }))
      .then((session) => session.read());

  it.each([
    ['exit 3', `["sh","-c","echo no such host >&2; exit 3"]`, 'refused', /got 3: no such host/],
    ['no JSON', 'echo five', 'unreadable', /expected one JSON object/],
    ['nothing', 'true', 'unreadable', /expected one JSON object/],
    ['a text for a number', `["echo","{\\"weight\\":\\"5\\"}"]`, 'unreadable', /weight/],
    ['more than all', `["echo","{\\"weight\\":101}"]`, 'unreadable', /weight/],
    ['a key that nobody knows', `["echo","{\\"weight\\":5,\\"wieght\\":6}"]`, 'unreadable', /wieght/],
    ['no such program', 'no-such-program-here', 'unreachable', /ENOENT/],
    ['too much', `["sh","-c","head -c 400000 /dev/zero"]`, 'unreadable', /at most/],
  ])('T7 %s is trouble and never a weight', async (_, read, code, message) => {
    await expect(ask(read)).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  it('T7 a program that takes too long is killed', async () => {
    await expect(ask('sleep 30', { timeout: '200ms' })).rejects.toMatchObject({ code: 'timeout' });
  });

  it('T7 a router that says that it took a weight and has another is told of', async () => {
    const lying = await commandKind.open({ ...options, set: 'true' }, routerContext({ workspace: makeFolder() }));
    await expect(lying.set(5)).rejects.toMatchObject({ code: 'not_taken' });
  });

  it('A27 no shell reads an argument, and the secret stands in the environment only', async () => {
    expect(toArgv('node set.mjs; rm -rf /')).toBeNull();
    expect(toArgv('node set.mjs $(id)')).toBeNull();
    expect(toArgv('["sh","-c","a | b"]')).toEqual(['sh', '-c', 'a | b']);
    expect(toArgv('["", "x"]')).toBeNull();
    const folder = makeFolder();
    const secret = new SecretValue('router-token', Buffer.from('opensesame'));
    const set = `["sh","-c","test $TMINUS_SECRET = opensesame && test -z $TMINUS_STORE && sh set.sh $weight"]`;
    const session = await commandKind.open({ ...options, set }, routerContext({ workspace: folder, secret }));
    await session.set(10);
    expect((await session.read()).weight).toBe(10);
  });
});
