import { encode } from 'dns-packet';
import type { JsonObject } from '@tminus/verify';
import { z } from 'zod';

import type { CheckReader, ObservedSource } from '../../../core/check/check.ts';
import { refuseFence } from '../no-fence.ts';
import { parseJson } from '../parse-json.ts';
import { readSchema, toJsonSchema } from '../read-schema.ts';
import { toReading, Unreadable } from '../unreadable.ts';
import { readAnswer } from './answer.ts';
import type { DnsAnswer } from './answer.ts';
import { dnsSchema } from './schema.ts';
import type { DnsSpec } from './schema.ts';

/** The source `asked.json`: which server gave which message. */
const askedSchema = z.strictObject({
  servers: z
    .array(z.strictObject({ server: z.string(), source: z.string(), latencyMs: z.number().nonnegative() }))
    .min(1),
});

export type Asked = z.output<typeof askedSchema>;

/** Reads the messages of one or more name servers: `asked.json` and one `answer-N.dns` each. */
export const dnsReader: CheckReader = {
  kind: 'dns',
  summary:
    'Asks every named server for a record and reads answers, times to live, response codes and whether the servers agree.',
  jsonSchema: toJsonSchema(dnsSchema),
  readSpec: (written) => readSchema(dnsSchema, written),
  fenceLanguages: [],
  readFence: refuseFence,
  defaultExpectations: () => ['rcode == NOERROR', 'agree == true', 'count >= 1'],
  parse: (spec, sources) => toReading(() => toFacts(spec as unknown as DnsSpec, sources)),
  negativeControl,
};

/**
 * `answers` are those that every server gave, so that an expectation on them speaks for all; `rcode` is the first that is not NOERROR;
 * `ttl` is the largest, because that is how long the old answer may live on.
 */
function toFacts(spec: DnsSpec, sources: readonly ObservedSource[]): JsonObject {
  const servers = readAsked(sources).servers.map(({ server, source, latencyMs }) => ({
    server,
    latencyMs,
    ...readAnswer(bytesOf(sources, source), spec),
  }));
  const first: DnsAnswer = servers[0]!;
  const shared = first.answers.filter((answer) => servers.every(({ answers }) => answers.includes(answer)));
  const ttls = servers.flatMap(({ ttl }) => (ttl === null ? [] : [ttl]));
  return {
    rcode: servers.find(({ rcode }) => rcode !== 'NOERROR')?.rcode ?? 'NOERROR',
    agree: servers.every(
      ({ rcode, answers }) => rcode === first.rcode && answers.join('\n') === first.answers.join('\n'),
    ),
    answers: shared,
    count: shared.length,
    ...(ttls.length === 0 ? {} : { ttl: Math.max(...ttls) }),
    servers: servers.map(({ server, latencyMs, rcode, answers, ttl }) => ({ server, latencyMs, rcode, answers, ttl })),
  };
}

function readAsked(sources: readonly ObservedSource[]): Asked {
  const read = askedSchema.safeParse(parseJson(bytesOf(sources, 'asked.json')));
  if (read.success) return read.data;
  const issue = read.error.issues[0]!;
  throw new Unreadable('malformed', `asked.json: ${issue.path.join('.') || 'document'}: ${issue.message}`);
}

function bytesOf(sources: readonly ObservedSource[], wanted: string): Uint8Array {
  const source = sources.find(({ name }) => name === wanted);
  if (!source) throw new Unreadable('source_missing', `expected the source ${wanted}, got none`);
  return source.bytes;
}

/** A name that does not exist (RFC 8020). */
function negativeControl(written: JsonObject): ObservedSource[] {
  const { name, type } = written as unknown as DnsSpec;
  const message = encode({ type: 'response', id: 0, flags: 3, questions: [{ name, type }], answers: [] });
  return toDnsSources([{ server: 'broken', latencyMs: 0, message }]);
}

/** The account of who was asked, and each message as it came. */
export function toDnsSources(
  given: readonly { server: string; latencyMs: number; message: Uint8Array }[],
): ObservedSource[] {
  const asked: Asked = {
    servers: given.map(({ server, latencyMs }, index) => ({ server, source: `answer-${index}.dns`, latencyMs })),
  };
  return [
    { name: 'asked.json', mediaType: 'application/json', bytes: new TextEncoder().encode(JSON.stringify(asked)) },
    ...given.map(({ message }, index) => ({
      name: `answer-${index}.dns`,
      mediaType: 'application/dns-message',
      bytes: message,
    })),
  ];
}
