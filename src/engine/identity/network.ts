import ipaddr from 'ipaddr.js';

/**
 * Returns the network of an address: /24 of IPv4, /56 of IPv6, which is what one subscriber usually gets. An IPv4 address in an IPv6 one is the IPv4 address.
 * What is no address is a network of its own, so that it cannot pass for another.
 */
export function toNetwork(ip: string): string {
  if (!ipaddr.isValid(ip)) return 'unknown';
  const address = ipaddr.process(ip);
  const [length, kept] = address.kind() === 'ipv4' ? [24, 3] : [56, 7];
  return `${Buffer.from(address.toByteArray().slice(0, kept)).toString('hex')}/${length}`;
}
