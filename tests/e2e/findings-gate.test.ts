import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/open-store.ts';
import { runInside } from './run-inside.ts';
import { commitAll } from './run-tminus.ts';

const directory = mkdtempSync(join(tmpdir(), 'tminus-findings-'));
mkdirSync(join(directory, 'docs'));
writeFileSync(
  join(directory, 'launch.md'),
  `---
tminus: launch
id: library
environment: production
---

# Library

## Gate: ready for T-0 {#ready fresh=1h}

- [x] The documents of the launch say what is so {#documents-hold}

  \`\`\`yaml check
  kind: sarif
  path: reports/documents.sarif
  expect: [runs > 0, open.error == 0, open.warning == 0]
  \`\`\`

## T-0 Switch
`,
);
writeFileSync(join(directory, '.gitignore'), 'reports/\n.tminus/\n');
writeFileSync(join(directory, 'docs/restore.md'), '# Restore\n\nOwner: Ann\n');
mkdirSync(join(directory, 'reports'));
commitAll(directory);

describe('findings of documents at a gate', { timeout: 300_000 }, () => {
  let store: Store;
  beforeAll(async () => {
    store = await openStore({ dataDirectory: join(directory, '.tminus'), command: 'test' });
  });
  afterAll(async () => {
    await store?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Warnings of the documents with a link to there, and what the gate says then. */
  const decideWith = async (target: string): Promise<[number, number | null]> => {
    writeFileSync(join(directory, 'docs/move.md'), `# Move\n\nOwner: Ann. How to restore: [here](${target}).\n`);
    const linted = await runInside(directory, ['lint', 'docs', '--format', 'sarif']);
    expect([0, 3]).toContain(linted.exit);
    writeFileSync(join(directory, 'reports/documents.sarif'), linted.stdout);
    await runInside(directory, ['check', 'documents-hold', '--force']);
    const { results } = (JSON.parse(linted.stdout) as { runs: { results: { level: string }[] }[] }).runs[0]!;
    return [
      results.filter(({ level }) => level !== 'note').length,
      (await runInside(directory, ['decide', 'ready'])).exit,
    ];
  };

  it('D24 one link that is broken counts one and makes the gate NO-GO, and mended it counts none and is GO', async () => {
    expect(await decideWith('restore.md')).toEqual([0, 0]);
    expect(await decideWith('restored.md')).toEqual([1, 4]);
    expect(await decideWith('restore.md')).toEqual([0, 0]);
  });
});
