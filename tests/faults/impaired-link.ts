import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, NetConnectOpts, Server, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** One direction of a link. What is cut off is kept, and arrives when the way is open again, as TCP repeats what was lost. */
class Way {
  passedBytes = 0;
  /** Pieces that came while the way was cut off. */
  heldPieces = 0;
  /** Pieces that arrived after one of another connection that had been sent later. */
  overtaken = 0;
  #sent = 0;
  #newest = 0;
  readonly #delayMs: () => number;
  #open: { promise: Promise<void>; resolve: () => void } | null = null;

  constructor(delayMs: () => number) {
    this.#delayMs = delayMs;
  }

  cut(): void {
    this.#open ??= Promise.withResolvers<void>();
  }

  heal(): void {
    this.#open?.resolve();
    this.#open = null;
  }

  /** Hands on what comes, in order within the connection, and its end; another connection may overtake it. */
  carry(from: Socket, to: Socket): void {
    let last = Promise.resolve();
    const afterIt = (deed: () => void): void => {
      if (this.#open !== null) this.heldPieces += 1;
      const turn = (this.#sent += 1);
      const due = performance.now() + this.#delayMs();
      last = last.then(async () => {
        await pause(Math.max(0, due - performance.now()));
        while (this.#open !== null) await this.#open.promise;
        if (turn < this.#newest) this.overtaken += 1;
        this.#newest = Math.max(this.#newest, turn);
        if (!to.destroyed) deed();
      });
    };
    from.on('data', (piece: Buffer) =>
      afterIt(() => {
        this.passedBytes += piece.length;
        to.write(piece);
      }),
    );
    from.on('close', () => afterIt(() => to.destroy()));
  }
}

/** A TCP door to a Postgres whose two directions can be slow, and be cut off each by itself. */
export class ImpairedLink {
  /** From the client to the database, and back. */
  readonly up: Way;
  readonly down: Way;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(target: NetConnectOpts, delayMs: () => number = () => 0) {
    this.up = new Way(delayMs);
    this.down = new Way(delayMs);
    this.#server = createServer({ noDelay: true }, (client) => {
      const upstream = connect(target);
      for (const socket of [client, upstream]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => this.#sockets.delete(socket));
      }
      this.up.carry(client, upstream);
      this.down.carry(upstream, client);
    });
  }

  get overtaken(): number {
    return this.up.overtaken + this.down.overtaken;
  }

  async listen(address = '127.0.0.1'): Promise<number> {
    this.#server.listen(0, address);
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.up.heal();
    this.down.heal();
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
