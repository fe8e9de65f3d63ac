import { realpath } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';

import { ProductError } from '../../core/error/product-error.ts';
import { isInside } from '../../spec/find-markdown.ts';
import { readRegularFile } from '../../spec/read-regular-file.ts';

const mostBytes = 10_000_000;

/** What documents show in pictures. Nothing else of a launch repository is handed out. */
const mediaTypes: { readonly [extension: string]: string } = {
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
};

/** A picture of a launch repository. */
export interface Asset {
  bytes: Uint8Array;
  mediaType: string;
}

/**
 * Returns a picture below the folder. Throws `document_unknown` for what is none, lies outside, in a hidden folder, or behind a link that leads to either:
 * the same answer for all, so that nobody learns what there is.
 */
export async function readAsset(directory: string, path: string): Promise<Asset> {
  const mediaType = mediaTypes[extname(path).toLowerCase()];
  const file = mediaType === undefined ? null : await findInside(directory, path);
  if (file === null || mediaType === undefined) throw unknown(path);
  try {
    const bytes = readRegularFile(file, mostBytes + 1);
    if (bytes.length <= mostBytes) return { bytes, mediaType };
  } catch {
    // No permission, a pipe, a folder: no picture.
  }
  throw unknown(path);
}

async function findInside(directory: string, path: string): Promise<string | null> {
  if (path.includes('\0')) return null;
  const root = await realpath(directory);
  const file = await realpath(join(root, path)).catch(() => null);
  if (file === null || !isInside(root, file)) return null;
  const isHidden = [path, relative(root, file).split(sep).join('/')].some((way) =>
    way.split('/').some((name) => name.startsWith('.')),
  );
  return isHidden || extname(file).toLowerCase() !== extname(path).toLowerCase() ? null : file;
}

function unknown(path: string): ProductError {
  return new ProductError('document_unknown', `picture ${path}: expected one of the launch repository, got none`, {
    hint: 'pictures end in .png, .jpg, .gif, .webp, .avif or .svg, and lie below the folder of the launch',
  });
}
