import { createSocket } from 'node:dgram';
import { connect } from 'node:net';

/** Where a server is, as it was judged. */
export interface ServerAddress {
  address: string;
  family: 4 | 6;
  port: number;
}

/** One message to be sent once, and what is taken for its answer. */
export interface Exchange {
  message: Buffer;
  transport: 'tcp' | 'udp';
  signal: AbortSignal;
  /** Called right before the message leaves: from then on nobody knows what became of it until an answer comes. */
  onSend: () => void;
  /** Whether a packet is the answer; others are passed over until the signal ends it, since anybody may send packets. */
  accepts: (answer: Buffer) => boolean;
}

/** The answer to a message that is sent once and never repeated: a change must not arrive twice. Rejects with the error of the network or of the signal. */
export function exchange(server: ServerAddress, asked: Exchange): Promise<Buffer> {
  asked.signal.throwIfAborted();
  return asked.transport === 'tcp' ? exchangeByTcp(server, asked) : exchangeByUdp(server, asked);
}

/** RFC 7766: a length of two bytes before each message. */
function exchangeByTcp(server: ServerAddress, { message, signal, onSend }: Exchange): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: server.address, port: server.port });
    let received = Buffer.alloc(0);
    const abort = (): void => void socket.destroy(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      onSend();
      socket.write(Buffer.concat([length, message]));
    });
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const end = received.length < 2 ? Infinity : 2 + received.readUInt16BE(0);
      if (received.length < end) return;
      resolve(received.subarray(2, end));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(Object.assign(new Error('the connection closed before the answer was complete'), { code: 'ECONNRESET' }));
    });
  });
}

function exchangeByUdp(server: ServerAddress, { message, signal, onSend, accepts }: Exchange): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(server.family === 6 ? 'udp6' : 'udp4');
    let isOver = false;
    const finish = (end: () => void): void => {
      // A late error must not close the socket a second time: that throws.
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', abort);
      socket.close();
      end();
    };
    const abort = (): void => finish(() => reject(signal.reason as Error));
    signal.addEventListener('abort', abort, { once: true });
    socket.on('error', (error) => finish(() => reject(error)));
    socket.on('message', (answer, { address, port }) => {
      if (address === server.address && port === server.port && accepts(answer)) finish(() => resolve(answer));
    });
    onSend();
    socket.send(message, server.port, server.address, (error) => error && finish(() => reject(error)));
  });
}
