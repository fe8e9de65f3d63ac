import { decode } from 'dns-packet';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext } from '../../../core/rollout/router-kind.ts';
import { readAnswer } from '../../checks/dns/answer.ts';
import { askServer } from '../../checks/dns/ask-server.ts';
import type { ServerAddress } from '../../checks/dns/ask-server.ts';
import { toNetworkTrouble } from '../../checks/network-trouble.ts';
import { Unreadable } from '../../checks/unreadable.ts';
import { findServer } from '../../steps/dns/find-server.ts';
import { dataOf, toName } from '../../steps/dns/records.ts';
import { toHex } from '../../steps/dns/standing.ts';
import type { DnsOptions } from './schema.ts';

/** What one name server says of the name. */
export interface Authority {
  server: string;
  /** Data of its records, sorted. */
  data: readonly string[];
  ttl: number;
}

/** Returns what every name server of the zone says. Throws `RouterTrouble` where one cannot be asked: half of them prove nothing about the other half. */
export async function askAuthorities(options: DnsOptions, context: RouterContext): Promise<Authority[]> {
  const servers = options.servers ?? (await listServers(options, context));
  return await Promise.all(servers.map((server) => askOne(server, options, context)));
}

/** Returns the address of a server that may be asked. */
export async function placeServer(
  server: string,
  { name }: DnsOptions,
  context: RouterContext,
): Promise<ServerAddress> {
  const found = await findServer({ server, name }, context);
  if (found.ok) return found.server;
  const isForbidden = /belongs to production|not among the hosts/.test(found.reason);
  throw new RouterTrouble(isForbidden ? 'host_forbidden' : 'unreachable', found.reason);
}

async function listServers(options: DnsOptions, context: RouterContext): Promise<string[]> {
  const primary = await placeServer(options.server, options, context);
  const message = await ask(options.server, primary, { name: options.zone, type: 'NS' }, { options, context });
  const { answers } = readAnswer(message, { name: options.zone, type: 'NS' });
  if (answers.length > 0) return answers;
  throw new RouterTrouble('unreadable', `${options.server}: expected the name servers of ${options.zone}, got none`);
}

async function askOne(server: string, options: DnsOptions, context: RouterContext): Promise<Authority> {
  const { name, type } = options;
  const address = await placeServer(server, options, context);
  const packet = decode(Buffer.from(await ask(server, address, { name, type }, { options, context })));
  const records = (packet.answers ?? []).flatMap((record) =>
    record.type === type && 'data' in record && toName(record.name) === toName(name) ? [record] : [],
  );
  if (!packet.flag_aa)
    throw new RouterTrouble('unreadable', `${server}: expected an authority of ${options.zone}, got another server`);
  if (records.length === 0)
    throw new RouterTrouble('unreadable', `${server}: expected ${type} records of ${name}, got none`);
  return {
    server,
    data: records.map((record) => toHex(dataOf({ type, data: 'data' in record ? record.data : null }))).toSorted(),
    ttl: Math.max(...records.map((record) => ('ttl' in record ? (record.ttl ?? 0) : 0))),
  };
}

interface Asking {
  options: DnsOptions;
  context: RouterContext;
}

async function ask(
  server: string,
  address: ServerAddress,
  question: { name: string; type: 'A' | 'AAAA' | 'CNAME' | 'NS' },
  { options, context }: Asking,
): Promise<Uint8Array> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(options.timeout)]);
  try {
    const message = await askServer(address, { ...question, signal });
    readAnswer(message, question);
    return message;
  } catch (error) {
    if (context.signal.aborted) throw new RouterTrouble('aborted', `${server}: cancelled`);
    if (signal.aborted)
      throw new RouterTrouble('timeout', `${server}: expected an answer within ${options.timeout} ms, got none`);
    if (error instanceof Unreadable) throw new RouterTrouble('unreadable', `${server}: ${error.message}`);
    throw new RouterTrouble('unreachable', toNetworkTrouble(error, server).message);
  }
}
