import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Returns at most the first `most` bytes of a regular file. Throws an error with the system's code: `ENXIO` for a pipe, a socket or a device, because
 * a pipe might never answer and a device never end.
 */
export function readRegularFile(file: string, most: number): Uint8Array {
  // O_NONBLOCK: opening a pipe that nobody writes into would wait for ever.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) throw notRegular(file, stat.isDirectory());
    return readUpTo(handle, Math.min(stat.size, most));
  } finally {
    closeSync(handle);
  }
}

function readUpTo(handle: number, size: number): Uint8Array {
  const bytes = Buffer.alloc(size);
  let at = 0;
  for (let read = -1; at < size && read !== 0; at += read) read = readSync(handle, bytes, at, size - at, at);
  return bytes.subarray(0, at);
}

function notRegular(file: string, folder: boolean): Error {
  return Object.assign(new Error(`${file} is no regular file`), { code: folder ? 'EISDIR' : 'ENXIO' });
}
