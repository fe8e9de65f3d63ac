import { createSocket } from 'node:dgram';
import type { RemoteInfo } from 'node:dgram';
import { createServer } from 'node:net';

import { decode, encode, streamDecode, streamEncode } from 'dns-packet';
import type { Answer, Packet } from 'dns-packet';

import { findFreePort } from '../servers/server-process.ts';

type Given = Partial<Packet> | Uint8Array | 'silence';

/** What is answered to a query; a promise answers later. */
export type DnsBehaviour = (query: Packet, call: number) => Given | Promise<Given>;

export interface DnsDouble {
  /** `address:port`. */
  server: string;
  calls: number;
  stop(): Promise<void>;
}

/** Starts a name server on UDP and TCP of one port of loopback that answers whatever `behave` says. */
export async function startDnsServer(
  behave: DnsBehaviour,
  at: { address: string; port: number } = { address: '127.0.0.1', port: 0 },
): Promise<DnsDouble> {
  const udp = createSocket('udp4');
  const double: DnsDouble = { server: '', calls: 0, stop: async () => {} };
  const answer = async (query: Packet): Promise<Packet | Uint8Array | 'silence'> => {
    const given = await behave(query, (double.calls += 1));
    if (given === 'silence' || given instanceof Uint8Array) return given;
    return { type: 'response', id: query.id!, questions: query.questions!, ...given };
  };
  let isStopped = false;
  const answerByUdp = async (message: Buffer, from: RemoteInfo): Promise<void> => {
    const given = await answer(decode(message));
    if (given === 'silence' || isStopped) return;
    udp.send(given instanceof Uint8Array ? given : encode(given), from.port, from.address);
  };
  udp.on('message', (message: Buffer, from: RemoteInfo) => void answerByUdp(message, from));
  const tcp = createServer((socket) => {
    socket.on('error', () => {});
    const answerByTcp = async (message: Buffer): Promise<void> => {
      const given = await answer(streamDecode(message));
      if (given === 'silence' || given instanceof Uint8Array) socket.end();
      else socket.end(streamEncode({ ...given, flags: (given.flags ?? 0) & ~truncated }));
    };
    socket.once('data', (message: Buffer) => void answerByTcp(message));
  });
  // One that no resolver is given by the system for its questions, which are asked by UDP.
  const port = at.port === 0 ? await findFreePort() : at.port;
  await new Promise<void>((resolve) => tcp.listen(port, at.address, resolve));
  await new Promise<void>((resolve) => udp.bind(port, at.address, resolve));
  double.server = `${at.address}:${port}`;
  double.stop = async () => {
    isStopped = true;
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
