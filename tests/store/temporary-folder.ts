import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A fresh folder that a service account may pass through. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tminus-store-'));
  chmodSync(folder, 0o711);
  return folder;
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Pids of Postgres processes (not zombies) whose command line or working directory lies under a folder. */
export function findServers(folder: string): number[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return (
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder) &&
          readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
        );
      } catch {
        return false;
      }
    });
}

/** The same without children of these: a backend looks like its postmaster until it has given itself a title. */
export function findPostmasters(folder: string): number[] {
  const found = findServers(folder);
  // One that has ended meanwhile has no parent to be told by, and is none.
  return found.filter((pid) => {
    const parent = readParent(pid);
    return parent !== null && !found.includes(parent);
  });
}

/** Pids of the children of a process. */
export function findChildren(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => readParent(pid) === parent);
}

function readParent(pid: number): number | null {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
}
