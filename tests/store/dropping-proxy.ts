import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** What becomes of the next append that passes by; `pass` until told otherwise, and again after it. */
export type Fault = 'pass' | 'drop-reply' | 'drop-request' | 'delay-request';

/** A TCP door to a Postgres socket that loses one append in a chosen way. */
export class DroppingProxy {
  next: Fault = 'pass';
  /** Appends that met a fault. */
  faults = 0;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #late: { upstream: Socket; bytes: Buffer[] } | null = null;

  constructor(socketPath: string) {
    this.#server = createServer((client) => this.#join(client, connect(socketPath)));
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Hands the delayed append to the server, long after its sender gave it up; returns what the server answered. */
  async deliverLate(): Promise<string> {
    if (this.#late === null) throw new Error('proxy: expected a delayed append, got none');
    const { upstream, bytes } = this.#late;
    const answered = once(upstream, 'data');
    upstream.write(Buffer.concat(bytes));
    return String((await answered)[0]);
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client: Socket, upstream: Socket): void {
    let fault: Fault = 'pass';
    for (const socket of [client, upstream]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    }
    client.on('data', (piece: Buffer) => {
      if (fault === 'pass' && this.next !== 'pass' && piece.includes('append-batch')) {
        fault = this.next;
        this.next = 'pass';
        this.faults += 1;
      }
      if (fault === 'drop-request') return (void upstream.destroy(), void client.destroy());
      if (fault === 'delay-request') return this.#keep(client, upstream, piece);
      upstream.write(piece);
    });
    upstream.on('data', (piece: Buffer) => {
      if (fault === 'drop-reply') {
        // The server has committed: this is its answer, and nobody will hear it.
        upstream.destroy();
        client.destroy();
      } else if (fault === 'pass') client.write(piece);
    });
    client.on('close', () => fault === 'delay-request' || upstream.destroy());
    upstream.on('close', () => client.destroy());
  }

  #keep(client: Socket, upstream: Socket, piece: Buffer): void {
    this.#late ??= { upstream, bytes: [] };
    this.#late.bytes.push(piece);
    const sync = Buffer.from([0x53, 0, 0, 0, 4]);
    if (piece.subarray(-5).equals(sync)) client.destroy();
  }
}
