import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Whether programs can be run here, in the order asked for; `reason` is what a skipped test prints. */
export type Installed = { state: 'installed'; binaries: string[] } | { state: 'missing'; reason: string };

/** Debian packages, and the programs that they bring. */
export interface Wanted {
  packages: string[];
  programs: string[];
}

const folders = ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/usr/local/sbin', '/opt/homebrew/bin'];
const lock = join(tmpdir(), 'tminus-tests-apt.lock');
const policy = '/usr/sbin/policy-rc.d';

/**
 * Finds the programs, and installs the packages first where the machine is a Debian and this process is root.
 * Never starts the service that a package brings. One process at a time, across test workers.
 */
export async function installDebianPackages(wanted: Wanted): Promise<Installed> {
  const found = findAll(wanted);
  if (found.state === 'installed') return found;
  if (!existsSync('/usr/bin/apt-get')) return { state: 'missing', reason: `${found.reason}, and there is no apt-get` };
  if (process.getuid?.() !== 0) return { state: 'missing', reason: `${found.reason}, and apt-get wants root` };
  await takeLock();
  try {
    if (findAll(wanted).state === 'installed') return findAll(wanted);
    const trouble = runApt(wanted.packages);
    return trouble === null ? findAll(wanted) : { state: 'missing', reason: `${found.reason}, and ${trouble}` };
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function findAll(wanted: Wanted): Installed {
  const binaries: string[] = [];
  for (const program of wanted.programs) {
    const path = findBinary(program);
    if (path === null) return { state: 'missing', reason: `the program ${program} is not installed` };
    binaries.push(path);
  }
  return { state: 'installed', binaries };
}

function findBinary(name: string): string | null {
  for (const folder of folders) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
  }
  return null;
}

function runApt(packages: string[]): string | null {
  const ownPolicy = !existsSync(policy);
  // 101 is "action forbidden by policy": package scripts then start no daemon.
  if (ownPolicy) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const install = ['install', '-o', 'DPkg::Lock::Timeout=120', '-y', '-qq', '--no-install-recommends', ...packages];
    // The lists of a fresh image are old or empty: the first try costs a second, the update ten.
    if (apt(install) === null) return null;
    return apt(['update', '-qq']) ?? apt(install);
  } finally {
    if (ownPolicy) rmSync(policy, { force: true });
  }
}

function apt(args: string[]): string | null {
  const run = spawnSync('/usr/bin/apt-get', args, {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (run.status === 0) return null;
  return `apt-get ${args[0]} ended with ${run.status ?? run.signal}: ${(run.stderr ?? '').trim().split('\n').at(-1)}`;
}

async function takeLock(): Promise<void> {
  for (let round = 0; round < 600; round += 1) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch {
      if (!isHolderAlive()) rmSync(lock, { recursive: true, force: true });
      await pause(1000);
    }
  }
  throw new Error(
    `${lock} was held for ten minutes - expected another test process to end its apt-get; remove the folder`,
  );
}

function isHolderAlive(): boolean {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
    return true;
  } catch (error) {
    // No pid yet: the holder stands between its two calls.
    return (error as NodeJS.ErrnoException).code === 'ENOENT';
  }
}
