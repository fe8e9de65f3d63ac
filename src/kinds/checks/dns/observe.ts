import { getServers } from 'node:dns';
import { isIP } from 'node:net';
import { performance } from 'node:perf_hooks';

import type { JsonObject, Trouble } from '@tminus/verify';

import type { Observation, ObserveContext } from '../../../core/check/check.ts';
import { judgeAddress, toHost } from '../egress.ts';
import { toNetworkTrouble } from '../network-trouble.ts';
import { askServer } from './ask-server.ts';
import type { ServerAddress } from './ask-server.ts';
import { toDnsSources } from './reader.ts';
import type { DnsSpec } from './schema.ts';

type Asked = { ok: true; server: string; latencyMs: number; message: Uint8Array } | { ok: false; trouble: Trouble };

/** Asks every server, all at once. One that does not answer is trouble for the whole check: half an answer proves nothing about the other half. */
export async function observeDns(written: JsonObject, context: ObserveContext): Promise<Observation> {
  const spec = written as unknown as DnsSpec;
  // The system's own servers are set by its administrator; only servers that a document names pass the guard.
  const names = spec.servers.length > 0 ? spec.servers : getServers();
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(spec.timeout)]);
  const asked = await Promise.all(
    names.map((server) => ask(server, { spec, signal, allow: spec.servers.length > 0 ? context.allow : names })),
  );
  const failed = asked.find((each) => !each.ok);
  if (failed) return { sources: [], trouble: failed.trouble };
  if (asked.length === 0)
    return { sources: [], trouble: { code: 'no_servers', message: 'expected a name server of the system, got none' } };
  return { sources: toDnsSources(asked.filter((each) => each.ok)), trouble: null };
}

interface Question {
  spec: DnsSpec;
  signal: AbortSignal;
  allow: readonly string[];
}

async function ask(written: string, { spec, signal, allow }: Question): Promise<Asked> {
  const server = readServer(written);
  if (!server) return refuse('server_invalid', `server ${written}: expected an IP address, with a port or without`);
  const verdict = judgeAddress(server.address, { host: server.address, port: server.port, allow });
  if (!verdict.allowed) return refuse('egress_blocked', `server ${written}: ${verdict.reason}`);
  const startedAt = performance.now();
  try {
    const message = await askServer(server, { name: spec.name, type: spec.type, signal });
    return { ok: true, server: written, latencyMs: Math.round((performance.now() - startedAt) * 100) / 100, message };
  } catch (error) {
    if (!signal.aborted) return { ok: false, trouble: toNetworkTrouble(error, `server ${written}`) };
    const isTimeout = (signal.reason as Error | undefined)?.name === 'TimeoutError';
    return refuse(
      isTimeout ? 'timeout' : 'aborted',
      `server ${written}: ${isTimeout ? `expected an answer within ${spec.timeout} ms, got none` : 'cancelled before an answer came'}`,
    );
  }
}

function readServer(written: string): ServerAddress | null {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(written);
  const address = match ? (match[1] ?? match[2]!) : written;
  const family = isIP(address);
  const port = Number(match?.[3] ?? 53);
  if ((family !== 4 && family !== 6) || port < 1 || port > 65_535) return null;
  // One spelling: an answer is taken only from the very address that was asked.
  return { address: toHost(address), family, port };
}

function refuse(code: string, message: string): Asked {
  return { ok: false, trouble: { code, message } };
}
