import type { Trouble } from '@tminus/verify';

/** Why a file cannot be had. Thrown while files are read and turned into the trouble of the observation at its edge. */
export class FileTrouble extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'FileTrouble';
    this.code = code;
  }

  toTrouble(): Trouble {
    return { code: this.code, message: this.message };
  }
}

/** Returns the trouble behind a failure of the file system, without the absolute path that its own message names. */
export function toFileTrouble(path: string, error: unknown): FileTrouble {
  if (error instanceof FileTrouble) return error;
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  if (code === 'ENOENT') return new FileTrouble('missing', `${path}: expected a file, got none`);
  if (code === 'ELOOP') return new FileTrouble('unreadable', `${path}: expected a file, got links in a circle`);
  return new FileTrouble('unreadable', `${path}: expected a file that can be read, got ${code}`);
}
