import type { GatePage, Launch } from '../api/client.generated.ts';

/** Who looks at which gate. */
interface Looker {
  page: GatePage;
  launch: Launch;
  me: string | null;
}

/** Whether the word of whoever looks would close a human criterion. The engine asks again; this only shows or hides a button. */
export function mayAttest({ page, launch, me }: Looker, id: string): boolean {
  const criterion = page.criteria.find((one) => one.id === id);
  const person = launch.people.find((one) => one.id === me);
  if (!criterion?.human || person === undefined || person.automation) return false;
  return criterion.role === null || person.roles.includes(criterion.role);
}

/** Roles in which whoever looks may vote here; empty where they may not. */
export function votingRoles({ page, launch, me }: Looker): string[] {
  const person = launch.people.find((one) => one.id === me);
  if (person === undefined || person.automation || page.requester === person.id) return [];
  const roles = page.roles.length > 0 ? page.roles : person.roles;
  return roles.filter((role) => person.roles.includes(role));
}
