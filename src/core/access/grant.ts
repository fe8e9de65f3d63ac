import type { Launch } from '../launch/launch.ts';
import type { AccessRole } from './permission.ts';

/** Where something happens. There is no word for "everywhere". */
export interface Scope {
  launch: string;
  environment: string;
}

/** People who hold what is granted to them as a group. */
export interface Group {
  id: string;
  people: readonly string[];
}

/** A way round the approvals in an emergency (A29). It ends by itself, names a reason, and marks all that is done by it as an exception. */
export interface BreakGlass {
  reason: string;
  /** A second human who agreed; alone, it lasts a quarter of the time. */
  confirmedBy: string | null;
}

/** An access role given to somebody, for one launch and one environment. Rows are never changed but to set `revokedAt`. */
export interface Grant extends Scope {
  id: string;
  holder: { kind: 'person' | 'group'; id: string };
  role: AccessRole;
  /** Who gave it, by account; null for the first grants, which come with the installation. */
  givenBy: string | null;
  /** RFC 3339. */
  givenAt: string;
  /** RFC 3339; null where it has no end of its own. */
  expiresAt: string | null;
  revokedAt: string | null;
  /** Id of the grant that its holder passed on; this one holds only while that one does. */
  delegates: string | null;
  breakGlass: BreakGlass | null;
}

/** Everything that is known when access is asked for: the launch as declared now, groups, and every grant, the ended ones, too. */
export interface AccessScene {
  launch: Pick<Launch, 'id' | 'people' | 'roles' | 'environments'>;
  groups: readonly Group[];
  grants: readonly Grant[];
}

/** Whether a grant is to this account, by name or by group. An id that two groups bear names neither. */
export function isHeldBy({ holder }: Pick<Grant, 'holder'>, person: string, groups: readonly Group[]): boolean {
  if (holder.kind === 'person') return holder.id === person;
  const named = groups.filter(({ id }) => id === holder.id);
  return named.length === 1 && named[0]!.people.includes(person);
}
