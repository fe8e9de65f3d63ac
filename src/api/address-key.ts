/** An address, or the /64 that an IPv6 customer has to themselves, in one spelling. */
export function addressKey({ ip }: { ip: string }): string {
  const plain = ip.toLowerCase().split('%', 1)[0] ?? '';
  if (!plain.includes(':') || plain.startsWith('::ffff:')) return `address ${plain.replace('::ffff:', '')}`;
  const [head = '', tail] = plain.split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups =
    tail === undefined
      ? first
      : [...first, ...Array<string>(Math.max(0, 8 - first.length - last.length)).fill('0'), ...last];
  return `network ${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/u, ''))
    .join(':')}`;
}
