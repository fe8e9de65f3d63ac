import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, NetConnectOpts, Socket } from 'node:net';

/** A TCP door to a Postgres that, once told, lets a commit reach the server and loses its answer. */
export interface CommitCutter {
  port: number;
  /** Loses the answer to the next commit. */
  arm(): void;
  /** Commits whose answer was lost. */
  cuts(): number;
  close(): void;
}

/** Opens the door; the server's answer to a commit that was cut has come, so that the commit stands. */
export async function openCommitCutter(target: NetConnectOpts): Promise<CommitCutter> {
  const sockets = new Set<Socket>();
  let armed = false;
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(target);
    let cut = false;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (piece: Buffer) => {
      if (armed && piece.includes('commit')) {
        [armed, cut] = [false, true];
        cuts += 1;
      }
      upstream.write(piece);
    });
    upstream.on('data', (piece: Buffer) => (cut ? upstream.destroy() : client.write(piece)));
    client.on('close', () => upstream.destroy());
    upstream.on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    arm: () => void (armed = true),
    cuts: () => cuts,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
