import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

import { judgeAddress, toHost } from './egress.ts';

export interface ResolvedAddress {
  address: string;
  family: number;
}

/** Turns a name into addresses; tests hand in their own resolver. */
export type ResolveHost = (host: string) => Promise<ResolvedAddress[]>;

/** A connection that may not be made. The socket was never opened. */
export class EgressBlocked extends Error {
  readonly code = 'EGRESS_BLOCKED';
}

/** The resolver of the machine, with every address it knows for the name. */
export function resolveBySystem(host: string): Promise<ResolvedAddress[]> {
  return lookup(host, { all: true, verbatim: true });
}

export interface EgressGuard {
  /** Throws `EgressBlocked` for a literal address that may not be reached: sockets do not look those up. */
  assertLiteral(host: string, port: number): void;
  /** The connect hook: resolves, judges, and hands the socket only addresses that were judged. */
  lookupFor(port: number): LookupFunction;
}

/**
 * The guard that stands between a check and the network. The name is resolved once, inside the connect hook, and the socket
 * gets exactly the addresses that were judged, so a name that answers differently the second time (DNS rebinding) gains nothing.
 * One forbidden address among several refuses the name: which one a socket picks is not ours to choose.
 */
export function createEgressGuard(allow: readonly string[], resolve: ResolveHost = resolveBySystem): EgressGuard {
  const assertAddress = (address: string, host: string, port: number): void => {
    const verdict = judgeAddress(address, { host: toHost(host), port, allow });
    if (!verdict.allowed) throw new EgressBlocked(verdict.reason);
  };
  const judged = async (host: string, port: number): Promise<ResolvedAddress[]> => {
    const addresses = await resolve(host);
    for (const { address } of addresses) assertAddress(address, host, port);
    return addresses;
  };
  return {
    assertLiteral(host, port) {
      const literal = host.replace(/^\[(.*)\]$/, '$1');
      if (isIP(literal) !== 0) assertAddress(literal, literal, port);
    },
    lookupFor: (port) => (host, options, done) => {
      judged(host, port).then(
        (addresses) => answer(addresses, options.all === true, done),
        (error: NodeJS.ErrnoException) => done(error, '', 0),
      );
    },
  };
}

function answer(addresses: ResolvedAddress[], all: boolean, done: Parameters<LookupFunction>[2]): void {
  const first = addresses[0];
  if (!first) done(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), '', 0);
  else if (all) done(null, addresses);
  else done(null, first.address, first.family);
}
