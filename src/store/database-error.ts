import { DatabaseError } from 'pg';

import { ProductError } from '../core/error/product-error.ts';

/** SQLSTATE of a database error, or the errno name of a socket error; empty for anything else. */
export function readErrorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/**
 * Tells whether the connection ended before the answer: the statement may have been carried out, or may still be.
 * The caller has to look up what became of it; to send it again blindly could do it twice.
 */
export function isLostConnection(error: unknown): boolean {
  // The server says PANIC when it cannot know itself whether the commit reached the disk; it recovers, and the row may be there.
  if ((error as { severity?: unknown } | null)?.severity === 'PANIC') return true;
  const code = readErrorCode(error);
  if (/^(08|57P0[1-3]|25P03)/.test(code)) return true;
  if (/^(ECONNRESET|ECONNREFUSED|EPIPE|ENOENT|ETIMEDOUT|ENOTCONN)$/.test(code)) return true;
  return (
    error instanceof Error &&
    /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/.test(
      error.message,
    )
  );
}

/**
 * Tells whether the database took the whole transaction back, or did not begin it, for a reason that passes: a deadlock, a serialization failure, a
 * limit on the time of a statement or of a lock, no connection left. Nothing was written, and it may be run again as it stands.
 */
export function isUndone(error: unknown): boolean {
  return /^(40P01|40001|53300|55P03|57014)$/.test(readErrorCode(error));
}

/** Tells whether an error comes from the database or the way to it; an error of the file system or of our own code does not. */
export function isDatabaseError(error: unknown): boolean {
  if (error instanceof DatabaseError) return true;
  const { syscall } = error as { syscall?: string };
  const ofFile = syscall !== undefined && !/^(connect|read|write|getaddrinfo)$/.test(syscall);
  return !ofFile && isLostConnection(error);
}

/** Tells whether the server refused because files of the database are damaged (checksum of a page, index, missing chunk). */
export function isDamage(error: unknown): boolean {
  return /^XX00[12]$/.test(readErrorCode(error));
}

/** Returns the product error behind an error of the database or the driver; a product error comes back as it is. */
export function toStoreError(error: unknown, what: string): ProductError {
  if (error instanceof ProductError) return error;
  const code = readErrorCode(error);
  const message = error instanceof Error ? error.message : String(error);
  if (code === '53100' || code === 'ENOSPC') {
    return new ProductError('disk_full', `${what}: expected free disk space at the database, got "${message}"`, {
      hint: 'free some space and run the command again; nothing was half written',
      cause: error,
    });
  }
  if (isDamage(error)) {
    return new ProductError('store_damaged', `${what}: expected whole database pages, got "${message}"`, {
      hint: 'restore the data directory from a backup; keep the damaged one for inspection',
      cause: error,
    });
  }
  if (isLostConnection(error) || isUndone(error) || /^(28|3D|53|57|25006)/.test(code)) {
    return new ProductError('store_unavailable', `${what}: expected an answer of the database, got "${message}"`, {
      hint: 'run "tminus doctor", then the command again; what was stored already is found by its id',
      cause: error,
    });
  }
  return new ProductError('internal', `${what}: expected it to be stored, got "${message}"`, {
    hint: 'report this with the output of "tminus doctor"',
    cause: error,
  });
}
