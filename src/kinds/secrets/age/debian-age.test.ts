import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installDebianPackages } from '../../../../tests/servers/install-debian-packages.ts';
import { ageProvider } from './provider.ts';

const installed = await installDebianPackages({ packages: ['age'], programs: ['age', 'age-keygen'] });
const why = installed.state === 'missing' ? ` (skipped: ${installed.reason})` : '';

describe.skipIf(installed.state === 'missing')(`files of the age program of Debian${why}`, () => {
  const [age = '', keygen = ''] = installed.state === 'installed' ? installed.binaries : [];
  const value = 'value-of-the-real-program-52e1\n';
  let folder = '';
  let recipient = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tminus-test-age-'));
    execFileSync(keygen, ['-o', join(folder, 'identity')], { stdio: 'ignore' });
    recipient = execFileSync(keygen, ['-y', join(folder, 'identity')], { encoding: 'utf8' }).trim();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const resolve = () =>
    ageProvider.resolve(
      { id: 'x', reference: { age: 'db.age' } },
      {
        environment: { AGE_IDENTITY_FILE: 'identity' },
        workspace: folder,
        prefix: null,
        signal: AbortSignal.timeout(100_000),
      },
    );

  it.each([[[]], [['--armor']]])('O06 are opened by the identity that its age-keygen made, with %j', async (flags) => {
    execFileSync(age, [...flags, '-r', recipient, '-o', join(folder, 'db.age')], { input: value });
    expect(await readFile(join(folder, 'db.age'), 'latin1')).not.toContain('value-of');
    const reading = await resolve();
    expect(reading.state === 'resolved' && reading.value.exposeText()).toBe(value.trim());
  });

  it('O06 (negative control) are not opened where they were made for somebody else', async () => {
    execFileSync(keygen, ['-o', join(folder, 'other')], { stdio: 'ignore' });
    const other = execFileSync(keygen, ['-y', join(folder, 'other')], { encoding: 'utf8' }).trim();
    execFileSync(age, ['-r', other, '-o', join(folder, 'db.age')], { input: value });
    expect(await resolve()).toMatchObject({ state: 'failed', trouble: { code: 'denied' } });
  });
});
