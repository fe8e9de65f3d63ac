import { lookup } from 'node:dns/promises';

import ipaddr from 'ipaddr.js';

/** A name that does not resolve, or points to where a check may not go. `code` is that of the trouble. */
export class EgressRefused extends Error {
  readonly code: 'egress_refused' | 'unknown_host';

  constructor(code: 'egress_refused' | 'unknown_host', message: string) {
    super(message);
    this.name = 'EgressRefused';
    this.code = code;
  }
}

/**
 * The address to connect to, so that the name is not looked up a second time with another answer.
 * An address that is not public is refused unless the environment allows `host`, `host:port` or the address itself;
 * every address that the name has must be permitted, because which of them is used is chance.
 */
export async function resolveAllowed(target: {
  host: string;
  port: number;
  allow: readonly string[];
}): Promise<string> {
  const { host, port, allow } = target;
  const found = await lookup(host, { all: true }).catch((error: Error) => {
    throw new EgressRefused('unknown_host', `${host}: expected a name that resolves, got ${error.message}`);
  });
  const isAllowed = [host, `${host}:${port}`].some((name) => allow.includes(name));
  for (const { address } of found) {
    const isNamed = allow.includes(address) || allow.includes(`${address}:${port}`);
    if (!isAllowed && !isNamed && !isPublic(address)) {
      const expected = `a public address, or ${host}:${port} under allow of the environment`;
      throw new EgressRefused('egress_refused', `${host}: expected ${expected}, got ${address}`);
    }
  }
  return found[0]!.address;
}

/** True for addresses of the public internet; IPv4 inside IPv6 counts as the IPv4 that it is. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}
