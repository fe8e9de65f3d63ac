const reasons: { readonly [code: string]: string } = {
  ENOENT: 'nothing of that name',
  EEXIST: 'something of that name',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'a read-only file system',
  ELOOP: 'a circle of symbolic links',
  ENOTDIR: 'a file where a folder should be',
  EISDIR: 'a folder',
  ENXIO: 'a pipe, a socket or a device',
  ENAMETOOLONG: 'a name that is too long',
  ENOSPC: 'no space left',
  EDQUOT: 'a quota that is used up',
};

/** Says in words what stood in the way of a file or a folder; the system's own message for what has no words here. */
export function describeFileError(cause: unknown): string {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return reasons[code] ?? message;
}

/** Tells whether the disk, or the part of it that the user may fill, is full. */
export function isDiskFull(cause: unknown): boolean {
  const code = (cause as Partial<NodeJS.ErrnoException> | null)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}
