import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The user that Postgres runs as, where that is not the user of this process. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** Environment of every Postgres process: nothing of ours goes in, so that no secret of the caller stands in /proc. */
export const postgresEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Returns the account that Postgres has to run as: null means the user of this process.
 * Postgres refuses root, and initdb refuses a uid without a passwd entry, so root picks `postgres`, else `nobody`.
 */
export function pickAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const entries = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = entries.find((line) => line.startsWith(`${wanted}:`))?.split(':') ?? [];
    if (name !== undefined && Number(uid) > 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

/** Spawn options that make a child run as `account`; the working directory is one that every user may enter. */
export function runAs(account: Account | null) {
  return { cwd: '/', env: postgresEnvironment, ...(account ? { uid: account.uid, gid: account.gid } : {}) };
}

/** Tells whether `account` can reach and enter `directory`; asked of the kernel, because modes alone do not know ACLs and mounts. */
export function canEnter(account: Account | null, directory: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$1" && cd "$1"', 'sh', directory], runAs(account)).status === 0;
}
