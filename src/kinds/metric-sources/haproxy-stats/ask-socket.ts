import { connect } from 'node:net';

import { toNetworkTrouble } from '../../checks/network-trouble.ts';
import type { Fetched } from '../fetch-body.ts';

const mostBytes = 8 * 1024 ** 2;

/** Returns what a runtime socket of HAProxy answers to one command; it closes the connection behind its answer. Never throws. */
export function askSocket(path: string, command: string, signal: AbortSignal): Promise<Fetched> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const socket = connect(path);
    const stop = (): void => void socket.destroy(new Error('the time limit ended while waiting for its answer'));
    const end = (result: Fetched): void => {
      signal.removeEventListener('abort', stop);
      socket.destroy();
      resolve(result);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.on('connect', () => socket.write(`${command}\n`));
    socket.on('data', (chunk) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > mostBytes) end({ ok: false, reason: `the socket: expected at most ${mostBytes} bytes, got more` });
    });
    socket.on('end', () => end({ ok: true, status: 200, mediaType: 'text/csv', body: Buffer.concat(chunks) }));
    socket.on('error', (error) => end({ ok: false, reason: toNetworkTrouble(error, 'the socket').message }));
    if (signal.aborted) stop();
  });
}
