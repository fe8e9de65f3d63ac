import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, NetConnectOpts, Socket } from 'node:net';

/** One message of the Postgres protocol; `type` is its letter, empty for the first of a client, which has none. */
export interface Frame {
  from: 'client' | 'server';
  type: string;
  bytes: Buffer;
}

/** One connection through the door. */
export interface Link {
  id: number;
  /** Ends both halves at once. */
  cut(): void;
  /** Writes to the client in the name of the server. */
  say(bytes: Buffer): void;
}

/** What becomes of a message: it goes on, it is lost without a word, or the connection ends with it unsent. */
export type Verdict = 'pass' | 'drop' | 'cut';

/** A TCP door to a Postgres that is read message by message. */
export interface WireProxy {
  port: number;
  /** Where connections lead from now on; those that there are, are cut. */
  turnTo(target: NetConnectOpts): void;
  close(): void;
}

/** Opens the door; `judge` is asked for every message, in the order of each direction. */
export async function openWireProxy(
  target: NetConnectOpts,
  judge: (frame: Frame, link: Link) => Verdict = () => 'pass',
): Promise<WireProxy> {
  const links = new Set<Link>();
  let [upstreamAt, count] = [target, 0];
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect(upstreamAt);
    const cut = (): void => [client, upstream].forEach((socket) => void socket.destroy());
    const link: Link = { id: (count += 1), cut, say: (bytes) => void client.write(bytes) };
    links.add(link);
    for (const socket of [client, upstream]) socket.on('error', () => undefined).on('close', cut);
    client.on('close', () => links.delete(link));
    const pass = (from: Frame['from'], to: Socket) => (type: string, bytes: Buffer) => {
      const verdict = judge({ from, type, bytes }, link);
      if (verdict === 'cut') cut();
      if (verdict === 'pass') to.write(bytes);
      return verdict !== 'cut';
    };
    readFrames(client, { isClient: true, take: pass('client', upstream) });
    readFrames(upstream, { isClient: false, take: pass('server', client) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cutAll = (): void => links.forEach((link) => link.cut());
  return {
    port: (server.address() as AddressInfo).port,
    turnTo(next) {
      upstreamAt = next;
      cutAll();
    },
    close() {
      server.close();
      cutAll();
    },
  };
}

/** A type and a length stand before each message, but for the first of a client, which begins with its length. */
function readFrames(
  socket: Socket,
  { isClient, take }: { isClient: boolean; take: (type: string, bytes: Buffer) => boolean },
): void {
  let rest = Buffer.alloc(0);
  let lead = isClient ? 0 : 1;
  socket.on('data', (piece: Buffer) => {
    rest = Buffer.concat([rest, piece]);
    while (rest.length >= lead + 4) {
      const length = lead + rest.readUInt32BE(lead);
      if (rest.length < length) return;
      const type = rest.toString('latin1', 0, lead);
      if (!take(type, rest.subarray(0, length))) return;
      rest = rest.subarray(length);
      lead = 1;
    }
  });
}

/** The message of a server that turns somebody away, by SQLSTATE. */
export function fatalFrame(code: string, text: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${text}\0\0`);
  const head = Buffer.from('E\0\0\0\0');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Where the server of a test database listens, and the connection string that leads through a door on `port`, of this machine where no address is said. */
export function behindProxy(url: string): {
  target: NetConnectOpts;
  through: (port: number, address?: string) => string;
} {
  const parsed = new URL(url.replace('@/', '@localhost/'));
  const host = parsed.searchParams.get('host');
  return {
    target: host === null ? { port: Number(parsed.port), host: parsed.hostname } : { path: `${host}/.s.PGSQL.5432` },
    through: (port, address = '127.0.0.1') =>
      `postgres://${parsed.username}:${parsed.password}@${address}:${port}${parsed.pathname}`,
  };
}
