import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What happens to an answer on its way back: another one, or none. */
export type Meddle = (answer: Buffer, count: number) => Buffer | 'silence';

/** Somebody between a client and a name server, by TCP. */
export interface DnsProxy {
  address: string;
  /** Every message that passed, as the client sent it. */
  requests: Buffer[];
  stop: () => Promise<void>;
}

/** Starts a proxy before a name server that hands messages on and does to the answers what `meddle` says. `upstream` null answers nothing at all. */
export async function startDnsProxy(upstream: number | null, meddle: Meddle = (answer) => answer): Promise<DnsProxy> {
  const sockets = new Set<Socket>();
  const requests: Buffer[] = [];
  const server = createServer((client) => {
    sockets.add(client.on('error', () => {}).on('close', () => sockets.delete(client)));
    eachMessage(client, (request) => {
      requests.push(request);
      if (upstream === null) return;
      const count = requests.length;
      const behind = connect(upstream, '127.0.0.1').on('error', () => client.destroy());
      sockets.add(behind.on('close', () => sockets.delete(behind)));
      behind.write(framed(request));
      eachMessage(behind, (answer) => {
        const given = meddle(answer, count);
        if (given !== 'silence') client.write(framed(given));
        behind.destroy();
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests, stop };
}

/** Sends bytes as one message by TCP and returns the answer, for replays of what was seen on the wire. */
export async function sendRaw(port: number, message: Buffer): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  const answer = new Promise<Buffer>((resolve, reject) => {
    socket.on('error', reject);
    eachMessage(socket, resolve);
  });
  socket.write(framed(message));
  return answer.finally(() => socket.destroy());
}

function eachMessage(socket: Socket, take: (message: Buffer) => void): void {
  let received = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      take(Buffer.from(received.subarray(2, end)));
      received = received.subarray(end);
    }
  });
}

function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}
