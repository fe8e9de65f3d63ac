import { createServer, request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** What lies between a browser and a server, and can fail as networks do. */
export interface Network {
  /** For `proxy` of a browser's context. */
  proxy: { server: string };
  /** `POST /api/runs` and so on: every request that got through to the server, in order. */
  passed: string[];
  /** Ends what is under way and refuses what comes: the cable is out. */
  cut(): void;
  /** Keeps what is open and lets nothing through, either way: the far side is gone, and nobody says so. */
  silence(): void;
  /** Works again. What was silenced stays dead: nobody answers for a connection that a router has forgotten. */
  mend(): void;
  close(): Promise<void>;
}

/** Opens one that works. It is a forward proxy of HTTP, so that the browser sees the addresses that the product believes in. */
export async function openNetwork(): Promise<Network> {
  let state: 'works' | 'cut' | 'silent' = 'works';
  const sockets = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  const passed: string[] = [];
  const server = createServer((asked, answer) => {
    const { method = 'GET', url = '', headers, socket } = asked;
    if (forgotten.has(socket)) return;
    // One request a connection, so that none waits in one that is dead.
    answer.shouldKeepAlive = false;
    const { pathname } = new URL(url);
    passed.push(`${method} ${pathname}`);
    const onward = request(url, { method, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      answer.flushHeaders();
      const isAlive = (): boolean => !forgotten.has(socket);
      got.on('data', (piece: Buffer) => isAlive() && answer.write(piece));
      got.on('end', () => isAlive() && answer.end()).on('error', () => isAlive() && socket.destroy());
    });
    onward.on('error', () => socket.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  });
  server.on('connection', (socket) => {
    if (state === 'cut') return socket.destroy();
    sockets.add(socket);
    if (state === 'silent') forgotten.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const drop = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    proxy: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    passed,
    cut() {
      state = 'cut';
      drop();
    },
    silence() {
      state = 'silent';
      for (const socket of sockets) forgotten.add(socket);
    },
    mend: () => void (state = 'works'),
    async close() {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
