import { bundleLimits } from '@tminus/verify';
import type { BundleSource } from '@tminus/verify';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Folders below a bundle; `documents/` may be nested as deep as the launch repository is. */
const maxDepth = 64;

/**
 * A bundle in a folder. The folder is hostile: links are not followed but listed under a name that the verifier refuses,
 * and nothing is read before its size is known.
 */
export function readBundleDirectory(directory: string): BundleSource {
  const files = new Map<string, number>();
  listFolder(directory, '', files);
  return {
    list: () => [...files].map(([name, size]) => ({ name, size })),
    read(name) {
      const size = files.get(name);
      if (size === undefined) throw new Error(`bundle: no file ${JSON.stringify(name)}`);
      const path = join(directory, ...name.split('/'));
      const now = lstatSync(path);
      // The verifier judged the size that was listed; a file that changed since is not the file that was judged.
      if (!now.isFile() || now.size !== size)
        throw new Error(`bundle: ${JSON.stringify(name)} changed while it was read`);
      return readFileSync(path);
    },
  };
}

function listFolder(directory: string, prefix: string, files: Map<string, number>): void {
  if (prefix.split('/').length > maxDepth) throw new Error(`bundle: folders deeper than ${maxDepth}`);
  for (const entry of readdirSync(join(directory, ...prefix.split('/')), { withFileTypes: true })) {
    const name = `${prefix}${entry.name}`;
    if (files.size > bundleLimits.files) throw new Error(`bundle: more than ${bundleLimits.files} files`);
    if (entry.isDirectory()) listFolder(directory, `${name}/`, files);
    else if (entry.isFile()) files.set(name, lstatSync(join(directory, ...name.split('/'))).size);
    else files.set(`${name} (not a regular file)`, 0);
  }
}
