import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

import { decode, encode, streamEncode } from 'dns-packet';
import type { Packet } from 'dns-packet';

export interface ServerAddress {
  address: string;
  family: 4 | 6;
  port: number;
}

export interface DnsQuestion {
  name: string;
  type: 'A' | 'AAAA' | 'CNAME' | 'MX' | 'TXT' | 'NS' | 'SOA';
  signal: AbortSignal;
}

/** Milliseconds after which the same question is sent once more: UDP loses packets. */
const resendMs = 1000;
/** Recursion desired (RFC 1035 section 4.1.1). */
const recursionDesired = 1 << 8;

/** The server's message for the question, by UDP and, where that was cut off, by TCP (RFC 7766 section 5). */
export async function askServer(server: ServerAddress, question: DnsQuestion): Promise<Uint8Array> {
  const id = randomInt(1, 65_536);
  const query: Packet = {
    type: 'query',
    id,
    flags: recursionDesired,
    questions: [{ name: question.name, type: question.type }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: 1232,
        extendedRcode: 0,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: [],
      },
    ],
  };
  const message = await askByUdp(server, query, question.signal);
  return isCutOff(message) ? askByTcp(server, query, question.signal) : message;
}

function askByUdp(server: ServerAddress, query: Packet, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(server.family === 6 ? 'udp6' : 'udp4');
    const send = (): void =>
      socket.send(encode(query), server.port, server.address, (error) => error && finish(() => reject(error)));
    const timer = setInterval(send, resendMs);
    const abort = (): void => finish(() => reject(new Error('aborted')));
    let isOver = false;
    const finish = (end: () => void): void => {
      // A late error of a packet already sent must not close the socket a second time: that throws.
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners('message');
      socket.close();
      end();
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (error) => finish(() => reject(error)));
    // Only the server's own address and our own id count: anybody may send to an open port.
    socket.on('message', (message, from) => {
      const isOurs =
        from.port === server.port &&
        from.address === server.address &&
        message.length >= 12 &&
        message.readUInt16BE(0) === query.id;
      if (isOurs) finish(() => resolve(Uint8Array.from(message)));
    });
    if (signal.aborted) abort();
    else send();
  });
}

function askByTcp(server: ServerAddress, query: Packet, signal: AbortSignal): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port, signal });
    let received = Buffer.alloc(0);
    socket.once('connect', () => socket.write(streamEncode(query)));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const length = received.length < 2 ? Infinity : received.readUInt16BE(0);
      if (received.length < length + 2) return;
      resolve(Uint8Array.from(received.subarray(2, length + 2)));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.once('close', () =>
      reject(Object.assign(new Error('the connection closed before the answer was complete'), { code: 'ECONNRESET' })),
    );
  });
}

function isCutOff(message: Uint8Array): boolean {
  try {
    return decode(Buffer.from(message)).flag_tc;
  } catch {
    return false;
  }
}
