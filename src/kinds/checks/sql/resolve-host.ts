import { judgeAddress, toHost } from '../egress.ts';
import { EgressBlocked, resolveBySystem } from '../guarded-lookup.ts';

/**
 * The address to connect to, judged: drivers look names up by themselves, so they get an address that was judged instead of a name
 * that may answer differently the second time. One forbidden address among several refuses the name.
 */
export async function resolveHost(target: { host: string; port: number; allow: readonly string[] }): Promise<string> {
  const addresses = await resolveBySystem(target.host);
  for (const { address } of addresses) {
    const verdict = judgeAddress(address, { ...target, host: toHost(target.host) });
    if (!verdict.allowed) throw new EgressBlocked(verdict.reason);
  }
  const first = addresses[0];
  if (!first) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
  return first.address;
}
