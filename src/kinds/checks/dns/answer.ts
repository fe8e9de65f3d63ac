import { decode } from 'dns-packet';
import type { Answer } from 'dns-packet';

import { toPlainText, Unreadable } from '../unreadable.ts';

/** What one server answered, read from its message. */
export interface DnsAnswer {
  rcode: string;
  /** Data of the records of the wanted type, sorted, each once. */
  answers: string[];
  /** Largest time to live of the answer section in seconds, aliases included; null where it is empty. */
  ttl: number | null;
}

/** Reads one DNS message (RFC 1035 section 4) and refuses one that answers another question. */
export function readAnswer(message: Uint8Array, wanted: { name: string; type: string }): DnsAnswer {
  const packet = decodeMessage(message);
  const question = packet.questions?.[0];
  if (packet.type !== 'response') throw new Unreadable('malformed', 'expected a response, got a query');
  if (!question || toName(question.name) !== toName(wanted.name) || question.type !== wanted.type) {
    throw new Unreadable(
      'other_question',
      `expected an answer for ${wanted.name} ${wanted.type}, got one for ${question?.name ?? 'nothing'} ${question?.type ?? ''}`,
    );
  }
  if (packet.flag_tc) throw new Unreadable('cut_off', 'expected a whole answer, got one that was cut off');
  const records = (packet.answers ?? []).filter((record) => 'ttl' in record);
  const data = records.filter((record) => record.type === wanted.type).map((record) => toDataText(record));
  const ttls = records.map((record) => ('ttl' in record ? (record.ttl ?? 0) : 0));
  return {
    rcode: toRcode(packet),
    answers: [...new Set(data)].toSorted(),
    ttl: ttls.length === 0 ? null : Math.max(...ttls),
  };
}

function decodeMessage(message: Uint8Array): ReturnType<typeof decode> {
  try {
    return decode(Buffer.from(message));
  } catch (error) {
    throw new Unreadable(
      'malformed',
      `expected a DNS message, got ${message.byteLength} bytes that are none: ${(error as Error).message}`,
    );
  }
}

/** The library names the code, but its types do not say so. */
function toRcode(packet: ReturnType<typeof decode>): string {
  return (packet as unknown as { rcode: string }).rcode;
}

function toDataText(record: Answer): string {
  switch (record.type) {
    case 'MX':
      return `${record.data.preference ?? 0} ${toName(record.data.exchange)}`;
    case 'SOA':
      return `${toName(record.data.mname)} ${toName(record.data.rname)} ${record.data.serial ?? 0}`;
    case 'TXT':
      return toPlainText(
        [record.data]
          .flat()
          .map((part) => part.toString())
          .join(''),
        4096,
      );
    case 'CNAME':
    case 'NS':
      return toName(record.data);
    default:
      return 'data' in record ? toPlainText(JSON.stringify(record.data).replace(/^"|"$/g, '')) : '';
  }
}

function toName(name: string): string {
  return toPlainText(name.toLowerCase().replace(/\.$/, ''), 253);
}
