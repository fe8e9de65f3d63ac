import { createSocket } from 'node:dgram';
import type { RemoteInfo } from 'node:dgram';
import { createServer } from 'node:net';

import { decode, encode, streamDecode, streamEncode } from 'dns-packet';
import type { Answer, Packet } from 'dns-packet';

export type DnsBehaviour = (query: Packet, call: number) => Partial<Packet> | Uint8Array | 'silence';

export interface DnsDouble {
  /** `127.0.0.1:port`. */
  server: string;
  calls: number;
  stop(): Promise<void>;
}

/** Starts a name server on UDP and TCP of one port of 127.0.0.1 that answers whatever `behave` says. */
export async function startDnsServer(behave: DnsBehaviour): Promise<DnsDouble> {
  const udp = createSocket('udp4');
  const double: DnsDouble = { server: '', calls: 0, stop: async () => {} };
  const answer = (query: Packet): Packet | Uint8Array | 'silence' => {
    const given = behave(query, (double.calls += 1));
    if (given === 'silence' || given instanceof Uint8Array) return given;
    return { type: 'response', id: query.id!, questions: query.questions!, ...given };
  };
  udp.on('message', (message: Buffer, from: RemoteInfo) => {
    const given = answer(decode(message));
    if (given !== 'silence') udp.send(given instanceof Uint8Array ? given : encode(given), from.port, from.address);
  });
  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (message: Buffer) => {
      const given = answer(streamDecode(message));
      if (given === 'silence' || given instanceof Uint8Array) socket.end();
      else socket.end(streamEncode({ ...given, flags: (given.flags ?? 0) & ~truncated }));
    });
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const { port } = tcp.address() as { port: number };
  await new Promise<void>((resolve) => udp.bind(port, '127.0.0.1', resolve));
  double.server = `127.0.0.1:${port}`;
  double.stop = async () => {
    udp.close();
    await new Promise((resolve) => tcp.close(resolve));
  };
  return double;
}

/** The flag by which a server says that its answer did not fit (RFC 1035 section 4.1.1). */
export const truncated = 1 << 9;

/** An answer with address records. */
export function addresses(name: string, data: string[], ttl = 60): { answers: Answer[] } {
  return { answers: data.map((address) => ({ type: 'A', name, ttl, data: address })) };
}

/** Response codes of RFC 1035 by number. */
export const rcodes = { SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 } as const;
