import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ProductError } from '../../src/core/error/product-error.ts';
import { loadWorkspace } from '../../src/spec/load-workspace.ts';
import { launchWith } from './problem-lines.ts';

let parent = '';
let root = '';

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'tminus-workspace-'));
  root = join(parent, 'launch');
  mkdirSync(root);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

const pathsOf = async (): Promise<string[]> => (await loadWorkspace(root)).documents.map(({ path }) => path);

async function refusal(): Promise<ProductError> {
  const error: unknown = await loadWorkspace(root).catch((thrown: unknown) => thrown);
  if (!(error instanceof ProductError)) throw new Error('expected a refusal');
  return error;
}

describe('loadWorkspace', () => {
  it('D01 takes documents that say tminus and the ones they link to, and nothing else', async () => {
    write(
      'launch.md',
      launchWith({
        body: 'See [the plan](plans/a.md#top), [gone](gone.md), [site](https://x.example/b.md) and [out](../../etc.md).\n',
      }),
    );
    write('ops/night.markdown', '\uFEFF---\r\ntitle: x\r\ntminus: runbook\r\n---\r\n[back](../linked%20too.md)\r\n');
    write('plans/a.md', '---\nstatus: done\n---\n# A\n[b](b.md)\n');
    write('plans/b.md', '# B\n');
    write('linked too.md', '# C\n');
    write('README.md', '# tminus: launch\n');
    write('body.md', '---\ntitle: x\n---\ntminus: launch\n');
    write('node_modules/x/launch.md', launchWith({}));
    write('.hidden/launch.md', launchWith({}));
    expect(await pathsOf()).toEqual(['launch.md', 'ops/night.markdown', 'plans/a.md', 'linked too.md']);
  });

  it('D01 says what it looked for where there is no launch', async () => {
    expect((await refusal()).message).toBe(
      `no launch document in ${root} - expected a Markdown file whose front matter says tminus: launch, got no Markdown file at all`,
    );
    write('a.md', '# A\n');
    expect(await refusal()).toMatchObject({
      code: 'launch_missing',
      hint: 'run tminus init to begin one, or name the folder that holds it with -C',
    });
    root = join(root, 'missing');
    expect((await refusal()).message).toContain('got nothing of that name');
  });

  it('A17 never opens what a symbolic link leads to outside of the folder', async () => {
    writeFileSync(join(parent, 'secret.md'), launchWith({}));
    symlinkSync(join(parent, 'secret.md'), join(root, 'link.md'));
    symlinkSync(parent, join(root, 'up'));
    symlinkSync(join(root, 'nothing.md'), join(root, 'dangling.md'));
    expect((await refusal()).code).toBe('launch_missing');
    write('launch.md', launchWith({}));
    const { documents, skipped } = await loadWorkspace(root);
    expect(documents.map(({ path }) => path)).toEqual(['launch.md']);
    expect(skipped.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'dangling.md: a symbolic link to nothing',
      'link.md: a symbolic link that leads out of the folder',
    ]);
  });

  it('A17 refuses a linked document that leads out, by file or by folder', async () => {
    writeFileSync(join(parent, 'secret.md'), '# S\n');
    symlinkSync(join(parent, 'secret.md'), join(root, 'link.md'));
    symlinkSync(parent, join(root, 'up'));
    write('launch.md', launchWith({ body: '[x](link.md)\n' }));
    expect(await refusal()).toMatchObject({ code: 'document_unreadable' });
    write('launch.md', launchWith({ body: '[x](up/secret.md)\n' }));
    expect((await refusal()).message).toContain('leads out of the folder');
  });

  it('A17 follows a symbolic link that stays inside', async () => {
    write('docs/real.md', launchWith({}));
    symlinkSync(join(root, 'docs/real.md'), join(root, 'launch.md'));
    rmSync(join(root, 'docs/real.md'));
    write('docs/real.txt', launchWith({}));
    rmSync(join(root, 'launch.md'));
    symlinkSync(join(root, 'docs/real.txt'), join(root, 'launch.md'));
    expect(await pathsOf()).toEqual(['launch.md']);
  });

  it('A17 refuses a linked document of 100 MB without reading it', async () => {
    write('big.md', '');
    truncateSync(join(root, 'big.md'), 100_000_000);
    write('launch.md', launchWith({ body: '[x](big.md)\n' }));
    const start = performance.now();
    expect((await refusal()).message).toBe(
      'big.md is too large to be a document - expected at most 8388608 bytes, got more',
    );
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});
