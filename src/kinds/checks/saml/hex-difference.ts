/** Returns both texts as UTF-8 in hex, from eight bytes before the first that differs, 24 bytes of each; null where they are the same bytes. */
export function toHexDifference(before: string, after: string): { at: number; before: string; after: string } | null {
  const [old, fresh] = [Buffer.from(before, 'utf8'), Buffer.from(after, 'utf8')];
  if (old.equals(fresh)) return null;
  let at = 0;
  while (at < old.length && at < fresh.length && old[at] === fresh[at]) at += 1;
  const show = (bytes: Buffer): string =>
    bytes
      .subarray(Math.max(0, at - 8), at + 16)
      .toString('hex')
      .replaceAll(/(..)(?=.)/g, '$1 ');
  return { at, before: show(old), after: show(fresh) };
}
