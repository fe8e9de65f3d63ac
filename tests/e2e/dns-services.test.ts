import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openMemberStore } from '../../examples/dns-cutover/services/member-store.ts';
import type { Member } from '../../examples/dns-cutover/services/member-store.ts';

const ada: Member = { id: 1, name: 'Ada', email: 'ada@readers.example', joinedOn: 'old' };
const stranger: Member = { id: 1, name: 'Eve', email: 'eve@readers.example', joinedOn: 'new' };

describe('the programs of the library', () => {
  let folder: string;
  const oldPath = (): string => join(folder, 'data/staging/old.db');

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tminus-members-'));
    mkdirSync(join(folder, 'data/staging'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function fill(site: 'old' | 'new', members: readonly Member[]): void {
    const store = openMemberStore(join(folder, `data/staging/${site}.db`));
    for (const member of members) store.put(member);
    store.close();
  }

  function run(program: string): { status: number | null; said: string } {
    const file = fileURLToPath(new URL(`../../examples/dns-cutover/services/${program}`, import.meta.url));
    const ran = spawnSync(process.execPath, [file, 'staging'], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
    return { status: ran.status, said: ran.stdout + ran.stderr };
  }

  it('import nobody from an old site without members, and say so', () => {
    fill('old', []);
    expect(run('import-members.ts')).toMatchObject({
      status: 1,
      said: expect.stringContaining('read 0 members') as string,
    });
    fill('old', [ada]);
    expect(run('import-members.ts').status).toBe(0);
  });

  it('do not delete the old site where the new one has somebody else under the number of a member', () => {
    fill('old', [ada]);
    fill('new', [stranger]);
    expect(run('delete-old-members.ts').said).toContain('expected every member on the new site, got 1');
    expect(existsSync(oldPath())).toBe(true);
    fill('new', [ada]);
    expect(run('delete-old-members.ts').status).toBe(0);
    expect(existsSync(oldPath())).toBe(false);
  });

  it('do not call the old site gone in a folder that has no new one', () => {
    expect(run('delete-old-members.ts')).toMatchObject({
      status: 1,
      said: expect.stringContaining('expected the members of the new site') as string,
    });
    fill('new', [ada]);
    expect(run('delete-old-members.ts').status).toBe(0);
  });
});
