import { connect } from 'node:net';
import type { Socket } from 'node:net';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext } from '../../../core/rollout/router-kind.ts';
import { resolveInWorkspace } from '../../checks/workspace-file.ts';
import { createStepGuard } from '../../steps/guard-hosts.ts';
import type { AskRouter } from '../router-calls.ts';

/** Sends a line of commands and returns what HAProxy answered. */
export type AskHaproxy = (commands: string) => Promise<string>;

/** An answer beyond it is none of ours: `show stat` of ten thousand servers has 5 MB. */
const largestAnswer = 32 * 1024 ** 2;

/** Returns how the runtime API is asked, one connection a line. Throws `RouterTrouble` where the socket is not among what may be touched. */
export async function openSocket(socket: string, context: RouterContext, ask: AskRouter): Promise<AskHaproxy> {
  const target = /^(.+):(\d{1,5})$/.exec(socket);
  const dial = target === null ? await dialPath(socket, context) : dialHost(target[1]!, Number(target[2]), context);
  // Each command sets what it says: sent twice, it is once.
  return (commands) =>
    ask({ host: socket, repeatable: true, send: (signal) => exchange({ dial, commands, socket }, signal) });
}

async function dialPath(socket: string, { workspace, allow, forbidden }: RouterContext): Promise<() => Socket> {
  if (forbidden.includes(`unix:${socket}`))
    throw new RouterTrouble('host_forbidden', `${socket} is production, which must not be touched`);
  if (socket.startsWith('/')) {
    if (allow.includes(`unix:${socket}`)) return () => connect({ path: socket });
    throw new RouterTrouble(
      'host_forbidden',
      `${socket} is outside of the launch repository; allow unix:${socket} in the environment`,
    );
  }
  const found = await resolveInWorkspace(workspace, socket);
  if (found.ok) return () => connect({ path: found.path });
  const isMissing = found.trouble.code === 'path_missing';
  throw new RouterTrouble(isMissing ? 'unreachable' : 'path_outside', found.trouble.message);
}

function dialHost(host: string, port: number, context: RouterContext): () => Socket {
  const guard = createStepGuard(context);
  const plain = host.replace(/^\[(.*)\]$/, '$1');
  return () => {
    guard.assertLiteral(plain, port);
    return connect({ host: plain, port, lookup: guard.lookupFor(port) });
  };
}

interface Asking {
  dial: () => Socket;
  commands: string;
  socket: string;
}

function exchange({ dial, commands, socket }: Asking, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const connection = dial();
    const chunks: Buffer[] = [];
    let size = 0;
    const abort = (): void => void connection.destroy(new Error('aborted'));
    signal.addEventListener('abort', abort, { once: true });
    connection.once('connect', () => connection.write(`${commands}\n`));
    connection.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > largestAnswer)
        connection.destroy(
          new RouterTrouble('unreadable', `${socket}: expected at most ${largestAnswer} bytes, got more`),
        );
    });
    connection.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    connection.once('error', reject);
    connection.once('close', () => {
      signal.removeEventListener('abort', abort);
      reject(Object.assign(new Error('the connection closed before an answer came'), { code: 'ECONNRESET' }));
    });
    if (signal.aborted) abort();
  });
}
