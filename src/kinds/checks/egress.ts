import ipaddr from 'ipaddr.js';

/** Whether a connection may be made. `reason` names the address and its range, for the person who has to declare it. */
export type EgressVerdict = { allowed: true } | { allowed: false; reason: string };

/** Where a check wants to go: the host as the URL gives it (lower case, without brackets) and the port. */
export interface EgressTarget {
  host: string;
  port: number;
  /** Hosts that the environment declares, `host` or `host:port`. */
  allow: readonly string[];
}

/** 2000::/3, the only part of IPv6 that is handed out for the public internet; everything else is special in some way. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Ranges that only their literal address opens, never a name: metadata services live in link-local, and no service lives in the others. */
const literalOnly = new Set(['linkLocal', 'multicast', 'broadcast', 'unspecified', 'reserved', 'discard']);

/**
 * Judges the address that a socket is about to connect to. A public address is allowed; any other only where `allow` names
 * the host that was asked for, and link-local addresses (where clouds keep credentials) only where it names the address itself.
 */
export function judgeAddress(address: string, target: EgressTarget): EgressVerdict {
  const range = rangeOf(address);
  if (range === 'public') return { allowed: true };
  const isListed = isAllowed(target) && (!literalOnly.has(range) || ipaddr.isValid(target.host));
  if (isListed) return { allowed: true };
  const name = target.host === address ? address : `${target.host} (${address})`;
  return {
    allowed: false,
    reason: `${name} is a ${range} address and not among the hosts that the environment allows`,
  };
}

/** `public`, or the special range of an address: addresses that carry an IPv4 one inside (mapped) are judged by that one. */
export function rangeOf(address: string): string {
  // A zone (fe80::1%eth0) chooses a link and never makes an address public.
  const plain = address.split('%', 1)[0]!;
  if (!ipaddr.isValid(plain)) return 'unreadable';
  const parsed = ipaddr.process(plain);
  const range = parsed.range();
  if (range !== 'unicast') return range;
  return parsed.kind() === 'ipv4' || (parsed as ipaddr.IPv6).match(globalUnicast) ? 'public' : 'reserved';
}

function isAllowed({ host, port, allow }: EgressTarget): boolean {
  return allow.some((entry) => {
    const wanted = splitEntry(entry);
    return wanted.host === toHost(host) && (wanted.port === null || wanted.port === port);
  });
}

/** `[::1]:8080`, `::1`, `db.internal:5432` or `db.internal`. */
function splitEntry(entry: string): { host: string; port: number | null } {
  const match = /^(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(entry.trim());
  return match
    ? { host: toHost(match[1]!), port: match[2] === undefined ? null : Number(match[2]) }
    : { host: toHost(entry), port: null };
}

/** A host in the one spelling that is compared: lower case, no brackets, no root dot, addresses in canonical form. */
export function toHost(written: string): string {
  const host = written
    .trim()
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  return ipaddr.isValid(host) && !/^[0-9.x]*$/.test(host) ? ipaddr.parse(host).toString() : host;
}
