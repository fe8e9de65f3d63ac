import { ProductError } from '../../core/error/product-error.ts';
import type { Launch } from '../../core/launch/launch.ts';

/** The role that a person speaks in: the one asked for, if they hold it; else one of the `wanted` that they hold, else any. Throws `role_missing`. */
export function toHeldRole(
  launch: Launch,
  person: string,
  asked: string | null,
  wanted: readonly string[] = [],
): string {
  const held = launch.roles.filter(({ people }) => people.includes(person)).map(({ id }) => id);
  const role = asked ?? held.find((each) => wanted.includes(each)) ?? held[0];
  if (role !== undefined && held.includes(role)) return role;
  throw new ProductError(
    'role_missing',
    `${person}: expected the role ${asked ?? 'of somebody'}, got ${held.join(', ') || 'no role'}`,
    { hint: `name ${person} under roles in the front matter, or ask somebody who holds the role` },
  );
}
