import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { createPlanLoader } from './load-plan.ts';

const directory = mkdtempSync(join(tmpdir(), 'tminus-load-'));
afterAll(() => rmSync(directory, { recursive: true }));

const write = (id: string): void =>
  writeFileSync(join(directory, 'launch.md'), `---\ntminus: launch\nid: ${id}\ntitle: Shop\n---\n\n# Shop\n`);

describe('createPlanLoader', () => {
  it('works out what documents mean once while no byte of them changes, and anew as soon as one does', async () => {
    const load = createPlanLoader({ checks: [], steps: [] });
    write('one');
    const first = await load(directory);
    write('one');
    expect((await load(directory)).launch).toBe(first.launch);
    // As long as before, written within the same millisecond or not: nothing but the bytes is looked at.
    write('two');
    const second = await load(directory);
    expect([second.launch.id, second.planHash === first.planHash]).toEqual(['two', false]);
    writeFileSync(join(directory, 'launch.md'), '---\ntminus: launch\n---\n');
    await expect(load(directory)).rejects.toMatchObject({ code: 'launch_invalid' });
    await expect(load(directory)).rejects.toMatchObject({ code: 'launch_invalid' });
  });
});
