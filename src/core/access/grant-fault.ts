import { humanOf } from '../approval/authority.ts';
import { toDurationText, toInstantMs } from '../gate/instant.ts';
import { isHeldBy } from './grant.ts';
import type { AccessScene, Grant } from './grant.ts';

/** How long a break-glass grant may last: with a second human, and without one. */
export const breakGlassLimitMs = { confirmed: 4 * 3_600_000, alone: 3_600_000 };

/**
 * Why a grant gives its role to this account no right at this moment, or null. A time that cannot be read is a fault: a grant
 * whose end nobody can tell has ended.
 */
export function grantFault(grant: Grant, person: string, scene: AccessScene, nowMs: number): string | null {
  return (
    timeFault(grant, nowMs) ??
    originFault(grant, person, scene) ??
    breakGlassFault(grant, scene) ??
    delegationFault(grant, scene, nowMs)
  );
}

function timeFault({ id, givenAt, expiresAt, revokedAt }: Grant, nowMs: number): string | null {
  const given = toInstantMs(givenAt);
  if (given === null) return `grant ${id} has a beginning that cannot be read`;
  if (given > nowMs) return `grant ${id} begins later, at ${givenAt}`;
  if (revokedAt !== null) {
    const revoked = toInstantMs(revokedAt);
    if (revoked === null || revoked <= nowMs) return `grant ${id} was revoked at ${revokedAt}`;
  }
  if (expiresAt === null) return null;
  const expires = toInstantMs(expiresAt);
  return expires === null || expires <= nowMs ? `grant ${id} expired at ${expiresAt}` : null;
}

/** Nobody gives a role to an account of their own, but in an emergency, where it shows. */
function originFault({ id, givenBy, breakGlass }: Grant, person: string, { launch }: AccessScene): string | null {
  if (givenBy === null || breakGlass !== null) return null;
  return humanOf(launch, givenBy) === humanOf(launch, person) ? `${person} gave grant ${id} to themselves` : null;
}

function breakGlassFault(grant: Grant, { launch }: AccessScene): string | null {
  const { id, breakGlass, givenBy } = grant;
  if (breakGlass === null) return null;
  if (grant.holder.kind !== 'person') return `break-glass grant ${id} is to a group, not to a person`;
  if (grant.delegates !== null) return `break-glass grant ${id} was passed on`;
  if (breakGlass.reason.trim() === '') return `break-glass grant ${id} names no reason`;
  const holder = humanOf(launch, grant.holder.id);
  const others = [givenBy, breakGlass.confirmedBy].filter((each) => each !== null);
  const isConfirmed = others.some((other) => isOtherHuman(launch, other, holder));
  const limit = isConfirmed ? breakGlassLimitMs.confirmed : breakGlassLimitMs.alone;
  const lasts = (toInstantMs(grant.expiresAt ?? '') ?? Infinity) - (toInstantMs(grant.givenAt) ?? -Infinity);
  return lasts <= limit ? null : `break-glass grant ${id} lasts longer than ${toDurationText(limit)}`;
}

function isOtherHuman({ people }: AccessScene['launch'], id: string, holder: string): boolean {
  const found = people.filter((person) => person.id === id);
  return found.length === 1 && !found[0]!.automation && found[0]!.human !== holder;
}

/** A delegated grant stands on the one it passes on: same role, same scope, held by whoever gave it, and without a fault itself. */
function delegationFault(grant: Grant, scene: AccessScene, nowMs: number): string | null {
  let current = grant;
  const seen = new Set([grant.id]);
  while (current.delegates !== null) {
    const { delegates, givenBy } = current;
    const sources = scene.grants.filter(({ id }) => id === delegates);
    const source = sources[0];
    if (sources.length !== 1 || source === undefined)
      return `grant ${current.id} passes on ${delegates}, which is unknown`;
    if (seen.has(source.id)) return `grant ${grant.id} passes itself on`;
    seen.add(source.id);
    if (givenBy === null || !isHeldBy(source, givenBy, scene.groups))
      return `${givenBy ?? 'nobody'} does not hold ${delegates}, which grant ${current.id} passes on`;
    if (
      source.role !== current.role ||
      source.launch !== current.launch ||
      source.environment !== current.environment
    ) {
      return `grant ${current.id} is wider than ${delegates}, which it passes on`;
    }
    const fault =
      timeFault(source, nowMs) ??
      originFault(source, givenBy, scene) ??
      (source.breakGlass ? `grant ${source.id} is break-glass and cannot be passed on` : null);
    if (fault !== null) return fault;
    current = source;
  }
  return null;
}

/** Accounts on whose behalf this grant speaks: those who passed it on, nearest first. Nothing for a grant that is its holder's own. */
export function delegatorsOf(grant: Grant, grants: readonly Grant[]): string[] {
  const delegators: string[] = [];
  const seen = new Set<string>();
  let current: Grant | undefined = grant;
  while (current !== undefined && current.delegates !== null && !seen.has(current.id)) {
    seen.add(current.id);
    if (current.givenBy !== null) delegators.push(current.givenBy);
    const next: string = current.delegates;
    current = grants.find(({ id }) => id === next);
  }
  return delegators;
}
