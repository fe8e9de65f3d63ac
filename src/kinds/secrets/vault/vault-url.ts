import type { ReadReference } from '../read-reference.ts';

/** Where a KV version 2 secret is read and written: /v1/MOUNT/data/PREFIX/PATH, or what is said about it: /v1/MOUNT/metadata/PREFIX/PATH. Null for a path that could lead elsewhere, or a version that is no number. */
export function toVaultUrl(
  address: URL,
  { target, version }: ReadReference,
  prefix: string | null,
  under: 'data' | 'metadata' = 'data',
): URL | null {
  const [mount, ...path] = target.split('/');
  const inside = [...(prefix ?? '').split('/').filter((part) => part !== ''), ...path];
  const parts = [mount ?? '', ...inside];
  if (path.length === 0 || parts.some((part) => !isPlain(part))) return null;
  if (version !== null && !/^[1-9]\d{0,8}$/.test(version)) return null;
  const url = new URL(address);
  const base = address.pathname.replace(/\/+$/, '');
  url.pathname = `${base}/v1/${encodeURIComponent(mount!)}/${under}/${inside.map((part) => encodeURIComponent(part)).join('/')}`;
  url.search = version === null ? '' : `?version=${version}`;
  url.hash = '';
  return url;
}

/** Dots alone are steps in a path, also where they are written as %2e. */
function isPlain(part: string): boolean {
  return part !== '' && !/^(\.|%2e)+$/i.test(part) && !/[\\\u0000-\u001f]/.test(part);
}
