import { randomInt } from 'node:crypto';

import type { Answer } from 'dns-packet';

import { toNetworkTrouble } from '../../checks/network-trouble.ts';
import { askServer } from './ask-server.ts';
import type { Asked, SignedServer } from './ask-server.ts';
import { encodeQuestion } from './message.ts';
import { dataOf, textOf, toName } from './records.ts';
import type { DnsStepSpec } from './schema.ts';
import { toHex } from './standing.ts';
import type { Standing } from './standing.ts';

/** The records that stand there, or why nobody knows. */
export type ReadStanding = { ok: true; standing: Standing } | { ok: false; reason: string; isStopped: boolean };

/** Reads the record set from the primary itself; an answer that is not signed, or not an authority's, is not believed. */
export async function readStanding(server: SignedServer, spec: DnsStepSpec): Promise<ReadStanding> {
  const asked = await askServer(server, encodeQuestion(randomInt(1, 65_536), spec));
  if (asked.state !== 'answered') {
    const isStopped = asked.state === 'unanswered' && asked.cause === 'aborted';
    return { ok: false, reason: describeSilence(asked, server), isStopped };
  }
  if (asked.rcode !== 'NOERROR' && asked.rcode !== 'NXDOMAIN') return refuse(`expected NOERROR, got ${nameOf(asked)}`);
  if (!asked.packet.flag_aa) return refuse(`expected the authority of ${spec.zone}, got another server`);
  return { ok: true, standing: toStanding(asked.packet.answers ?? [], spec) };
}

function refuse(reason: string): ReadStanding {
  return { ok: false, reason, isStopped: false };
}

function toStanding(answers: readonly Answer[], { name, type }: DnsStepSpec): Standing {
  const own = answers.flatMap((record) =>
    record.type === type && toName(record.name) === toName(name) && 'data' in record && 'ttl' in record
      ? [{ type, data: record.data, ttl: record.ttl ?? 0 }]
      : [],
  );
  return {
    values: own.map((record) => textOf(record)).toSorted(),
    data: own.map((record) => toHex(dataOf(record))).toSorted(),
    ttl: own[0]?.ttl ?? null,
  };
}

/** Why there is no answer that can be believed, in words. */
export function describeSilence(asked: Exclude<Asked, { state: 'answered' }>, { timeoutMs }: SignedServer): string {
  if (asked.state === 'unbelieved') return `${asked.reason} (${nameOf(asked)})`;
  if (asked.cause === 'aborted') return 'cancelled before an answer came';
  if (asked.cause === 'timeout') return `expected an answer within ${timeoutMs} ms, got none`;
  return toNetworkTrouble(asked.cause, 'network').message;
}

/** The code of an answer by name; that of its signature where the two differ. */
export function nameOf({ rcode, error }: { rcode: string | null; error: string | null }): string {
  return error === null || error === 'NOERROR' ? (rcode ?? 'nothing') : `${rcode ?? 'nothing'} (${error})`;
}
