import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { TLSSocket } from 'node:tls';

import type { JsonObject, Trouble } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../../core/check/check.ts';
import { createEgressGuard } from '../guarded-lookup.ts';
import type { EgressGuard } from '../guarded-lookup.ts';
import { toNetworkTrouble } from '../network-trouble.ts';
import { loadWorkspaceText } from '../workspace-file.ts';
import { toTlsSources } from './reader.ts';
import type { TlsSpec } from './schema.ts';

interface Dial {
  spec: TlsSpec;
  ca: string | null;
  guard: EgressGuard;
  signal: AbortSignal;
}

/** Makes one handshake, under the guard, and sends nothing over it. A certificate that is not trusted is a fact, not trouble. */
export async function observeTls(written: JsonObject, context: ObserveContext): Promise<Observation> {
  const spec = written as unknown as TlsSpec;
  const ca = spec.ca === null ? { ok: true as const, text: null } : await loadWorkspaceText(context.workspace, spec.ca);
  if (!ca.ok) return { sources: [], trouble: ca.trouble };
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(spec.timeout)]);
  let socket: TLSSocket | null = null;
  try {
    socket = await shakeHands({ spec, ca: ca.text, guard: createEgressGuard(context.allow), signal });
    return toObservation(socket, context);
  } catch (error) {
    return {
      sources: [],
      trouble: signal.aborted ? toAbortTrouble(spec, signal) : toNetworkTrouble(error, `${spec.host}:${spec.port}`),
    };
  } finally {
    socket?.destroy();
  }
}

async function shakeHands({ spec, ca, guard, signal }: Dial): Promise<TLSSocket> {
  const host = spec.host.replace(/^\[(.*)\]$/, '$1');
  guard.assertLiteral(host, spec.port);
  signal.throwIfAborted();
  const name = spec.servername ?? host;
  const socket = connect({
    host,
    port: spec.port,
    // SNI carries names only (RFC 6066 section 3); an address is still held against the certificate.
    servername: isIP(name) === 0 ? name : '',
    lookup: guard.lookupFor(spec.port),
    rejectUnauthorized: false,
    ...(ca === null ? {} : { ca }),
  });
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => socket.destroy(new Error('aborted')), { once: true });
    socket.once('secureConnect', () => resolve(socket));
    socket.on('error', reject);
    socket.once('close', () =>
      reject(
        Object.assign(new Error('the connection closed before the handshake was complete'), { code: 'ECONNRESET' }),
      ),
    );
  });
}

function toObservation(socket: TLSSocket, context: ObserveContext): Observation {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate)
    return { sources: [], trouble: { code: 'tls_failed', message: 'expected a certificate, got none' } };
  const error = socket.authorizationError as Error | string | undefined | null;
  const handshake = {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher()?.standardName ?? null,
    authorized: socket.authorized,
    authorizationError: error ? ((error as NodeJS.ErrnoException).code ?? String(error)) : null,
    remoteAddress: socket.remoteAddress ?? null,
    at: new Date(context.now()).toISOString(),
  };
  return { sources: toTlsSources(handshake, certificate.raw), trouble: null };
}

function toAbortTrouble(spec: TlsSpec, signal: AbortSignal): Trouble {
  const isTimeout = (signal.reason as Error | undefined)?.name === 'TimeoutError';
  const subject = `${spec.host}:${spec.port}`;
  if (isTimeout)
    return {
      code: 'timeout_handshake',
      message: `${subject}: expected a handshake within ${spec.timeout} ms, got none`,
    };
  return { code: 'aborted', message: `${subject}: cancelled before the handshake was complete` };
}
