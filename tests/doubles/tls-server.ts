import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

import { makeCertificate } from './certificates.ts';
import type { CertificateWish } from './certificates.ts';

export interface TlsDouble {
  port: number;
  /** `127.0.0.1:port`. */
  host: string;
  /** PEM of the authority that signed the certificate. */
  ca: string;
  stop(): Promise<void>;
}

const msPerDay = 86_400_000;

/** Starts an https server on a port of 127.0.0.1 with a certificate for it; `wish` makes it bad in one way, or redirect to `location`. */
export async function startTlsServer({
  location,
  ...wish
}: Partial<CertificateWish> & { location?: string } = {}): Promise<TlsDouble> {
  const standard = {
    names: ['localhost', '127.0.0.1'],
    validFrom: new Date(Date.now() - msPerDay),
    validTo: new Date(Date.now() + 90 * msPerDay),
  };
  const { cert, key, ca } = await makeCertificate({ ...standard, ...wish });
  const server = createServer({ cert, key }, (_request, response) => {
    if (location) response.writeHead(302, { location, connection: 'close' }).end();
    else response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end('{"status":"ok"}');
  });
  const sockets = new Set<Duplex>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, host: `127.0.0.1:${port}`, ca, stop };
}
