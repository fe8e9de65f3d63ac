/**
 * Whether two digests are the same, in a time that does not depend on where they differ (A48). Only for texts of one fixed length, such as
 * SHA-256 in hex: another length is told at once. `node:crypto` has the same for bytes, but core imports nothing of the system.
 */
export function equalsInConstantTime(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let index = 0; index < a.length; index += 1) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}
