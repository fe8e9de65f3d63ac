import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

import { findFreePort } from '../servers/server-process.ts';

/** A TCP server that takes every connection and never says a word, or says only `greeting`. */
export async function startSilentServer(
  greeting: string | Uint8Array | null = null,
): Promise<{ port: number; host: string; stop(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.resume();
    if (greeting !== null) socket.end(greeting);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, host: `127.0.0.1:${port}`, stop };
}

/** A port of 127.0.0.1 on which nothing listens: it was free a moment ago. */
export function closedPort(): Promise<number> {
  return findFreePort();
}
