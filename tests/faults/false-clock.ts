import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { installDebianPackages } from '../servers/install-debian-packages.ts';

const libraries = ['x86_64-linux-gnu', 'aarch64-linux-gnu', '.'].flatMap((folder) =>
  ['/usr/lib', '/usr/local/lib'].map((root) => join(root, folder, 'faketime/libfaketimeMT.so.1')),
);
const findLibrary = (): string | undefined => libraries.find((path) => existsSync(path));
// The program comes with the library, and is not asked for where that is there already.
const installed =
  findLibrary() === undefined
    ? await installDebianPackages({ packages: ['faketime'], programs: ['faketime'] })
    : { state: 'installed' as const };
const library = findLibrary();

/** Why the clock of a process cannot be moved here; null where it can. */
export const falseClocksMissing =
  installed.state === 'missing' ? installed.reason : library === undefined ? 'libfaketime is not installed' : null;

/** A clock on the wall that is moved while processes look at it; what counts the time that passes stays true, as in a real step. */
export interface FalseClock {
  env: { [name: string]: string };
  /** Seconds ahead of the true clock. */
  set(aheadSeconds: number): void;
  remove(): void;
}

export function openFalseClock(aheadSeconds: number): FalseClock {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-clock-'));
  // A server under another account reads it, too.
  chmodSync(folder, 0o755);
  const file = join(folder, 'ahead');
  const set = (ahead: number): void => {
    // At once, or a process would find half a number.
    writeFileSync(`${file}.new`, `${ahead < 0 ? '-' : '+'}${Math.abs(ahead)}\n`);
    renameSync(`${file}.new`, file);
  };
  set(aheadSeconds);
  return {
    env: {
      LD_PRELOAD: library ?? '',
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      // The name of it before version 0.9.10.
      DONT_FAKE_MONOTONIC: '1',
    },
    set,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
