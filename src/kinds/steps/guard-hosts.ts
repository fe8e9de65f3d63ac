import { toHost } from '../checks/egress.ts';
import { createEgressGuard, EgressBlocked, resolveBySystem } from '../checks/guarded-lookup.ts';
import type { EgressGuard } from '../checks/guarded-lookup.ts';
import type { StepContext } from '../../core/step/step-kind.ts';

/**
 * Returns the guard of checks that also refuses what is forbidden, at the connection: the names and addresses of production in a rehearsal. A forbidden host is refused
 * even where the environment allows it. Another name for the same machine is refused only where production is declared by its address.
 */
export function createStepGuard({ allow, forbidden }: Pick<StepContext, 'allow' | 'forbidden'>): EgressGuard {
  const refuse = (host: string, port: number): void => refuseForbidden(host, port, forbidden);
  const namedAt = (port: number): EgressGuard =>
    createEgressGuard(allow, async (host) => {
      refuse(host, port);
      const addresses = await resolveBySystem(host);
      for (const { address } of addresses) refuse(address, port);
      return addresses;
    });
  return {
    assertLiteral(host, port) {
      refuse(host, port);
      namedAt(port).assertLiteral(host, port);
    },
    lookupFor: (port) => namedAt(port).lookupFor(port),
  };
}

/** Throws `EgressBlocked` for a host or an address that must not be touched. */
export function refuseForbidden(host: string, port: number, forbidden: readonly string[]): void {
  if (isListed({ host, port }, forbidden)) throw new EgressBlocked(`${host} is production, which must not be touched`);
}

/** Whether a host is among entries such as `host`, `host:port` or `[::1]:port`. */
function isListed(target: { host: string; port: number }, entries: readonly string[]): boolean {
  return entries.some((entry) => {
    const match = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(entry.trim());
    const host = match?.[1] ?? entry;
    return toHost(host) === toHost(target.host) && (match?.[2] === undefined || Number(match[2]) === target.port);
  });
}
