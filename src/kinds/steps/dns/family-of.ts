import { z } from 'zod';

const ipv4 = z.ipv4();
const ipv6 = z.ipv6();

/** 4 or 6 for an address of that family, else 0: what `isIP` of Node says, without `node:net`, which the offline verifier must not hold. */
export function familyOf(text: string): 4 | 6 | 0 {
  if (ipv4.safeParse(text).success) return 4;
  return ipv6.safeParse(text).success ? 6 : 0;
}
