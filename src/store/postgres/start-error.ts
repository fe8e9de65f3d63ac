import { ProductError } from '../../core/error/product-error.ts';

/**
 * Returns the product error behind what `initdb` or `postgres` wrote before it gave up.
 * The text is for people and changes between versions, so an unknown one is `store_unavailable` with its last telling line.
 */
export function toStartError(program: string, output: string, place: string): ProductError {
  const line = tellingLine(output);
  if (/No space left on device|could not resize shared memory/.test(output)) {
    return new ProductError('disk_full', `${program} in ${place}: expected free disk space, got "${line}"`, {
      hint: 'free some space and start again; what was stored is still there',
    });
  }
  if (/incompatible with server|was initialized by PostgreSQL version/.test(output)) {
    return new ProductError(
      'store_version',
      `${program} in ${place}: expected files of the same major version, got "${line}"`,
      {
        hint: 'install that version of Postgres, or restore a backup into a new data directory',
      },
    );
  }
  if (/is another postmaster/i.test(output)) {
    return new ProductError('store_in_use', `${program} in ${place}: expected no other server there, got "${line}"`, {
      hint: 'end that server, then start again',
    });
  }
  // initdb makes a new cluster, so it cannot have found a damaged one; what it says of checksums is chatter.
  if (
    program !== 'initdb' &&
    /checkpoint record|control file|checksum|invalid page|invalid data in file|is not a database cluster|could not (open|read|access) (file|directory)|invalid permissions/i.test(
      output,
    )
  ) {
    return new ProductError('store_damaged', `${program} in ${place}: expected whole database files, got "${line}"`, {
      hint: 'restore the data directory from a backup; keep the damaged one for inspection',
    });
  }
  return new ProductError('store_unavailable', `${program} in ${place}: expected it to start, got "${line}"`, {
    hint: 'read postgres.log in the data directory',
  });
}

function tellingLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const found = lines.findLast((line) => /PANIC|FATAL|error:|ERROR/.test(line)) ?? lines.at(-1) ?? 'no output';
  return found.replace(/^.*?(PANIC|FATAL|ERROR|error):\s*/, '').slice(0, 300);
}
