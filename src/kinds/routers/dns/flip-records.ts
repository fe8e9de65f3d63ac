import { randomInt } from 'node:crypto';

import { RouterTrouble } from '../../../core/rollout/router-kind.ts';
import type { RouterContext } from '../../../core/rollout/router-kind.ts';
import { askServer } from '../../steps/dns/ask-server.ts';
import type { SignedServer } from '../../steps/dns/ask-server.ts';
import { encodeUpdate } from '../../steps/dns/message.ts';
import { describeSilence, nameOf, readStanding } from '../../steps/dns/read-standing.ts';
import type { DnsStepSpec } from '../../steps/dns/schema.ts';
import { compareStanding } from '../../steps/dns/standing.ts';
import { readTsigKey } from '../../steps/dns/tsig-key.ts';
import { placeServer } from './ask-authorities.ts';
import type { DnsOptions } from './schema.ts';

/**
 * Changes the records in one signed message whose prerequisite is that the old ones still stand (RFC 2136 section 2.4.2), and reads back from the primary what stands
 * then. Where they stand already, nothing is sent.
 */
export async function flipRecords(weight: 0 | 100, options: DnsOptions, context: RouterContext): Promise<void> {
  const signed = await openSigned(options, context);
  const spec = toSpec(weight, options);
  const before = await standingOf(signed, spec);
  if (before === 'to') return;
  if (before === 'other') throw changed(options);
  const asked = await askServer(signed, encodeUpdate(randomInt(1, 65_536), { ...spec, from: spec.from.values }));
  if (context.signal.aborted)
    throw new RouterTrouble('aborted', `${options.server}: cancelled; the update may have been sent`);
  if (asked.state !== 'answered')
    throw new RouterTrouble(
      'unreachable',
      `${options.server}: the update was sent, and nobody knows what became of it: ${describeSilence(asked, signed)}`,
    );
  if (asked.rcode === 'NXRRSET' || asked.rcode === 'YXRRSET') throw changed(options);
  if (asked.rcode !== 'NOERROR')
    throw new RouterTrouble('refused', `${options.server}: expected NOERROR, got ${nameOf(asked)}`);
  if ((await standingOf(signed, spec)) !== 'to')
    throw new RouterTrouble('not_taken', `${options.server}: the update was taken, and other records stand`);
}

function changed({ name, type, server }: DnsOptions): RouterTrouble {
  return new RouterTrouble(
    'changed_meanwhile',
    `${name} ${type} at ${server}: expected the records of one of both arms, got others; nothing was changed`,
  );
}

async function standingOf(signed: SignedServer, spec: DnsStepSpec): Promise<'to' | 'from' | 'other'> {
  const read = await readStanding(signed, spec);
  if (read.ok) return compareStanding(read.standing, { ...spec, ttl: read.standing.ttl ?? spec.ttl });
  throw new RouterTrouble(read.isStopped ? 'aborted' : 'unreachable', `${spec.server}: ${read.reason}`);
}

async function openSigned(options: DnsOptions, context: RouterContext): Promise<SignedServer> {
  if (context.secret === null)
    throw new RouterTrouble(
      'configuration',
      'secret: expected the name of a TSIG key, got none; updates have to be signed',
    );
  const read = readTsigKey(context.secret.exposeText());
  if (!read.ok) throw new RouterTrouble('configuration', `secret ${context.secret.name}: ${read.reason}`);
  const server = await placeServer(options.server, options, context);
  return {
    server: { ...server, family: server.family === 6 ? 6 : 4 },
    key: read.key,
    transport: 'tcp',
    timeoutMs: options.timeout,
    signal: context.signal,
    // Signatures carry the time of the machine, whatever clock the run has (RFC 8945 section 10).
    clock: Date.now,
  };
}

function toSpec(weight: 0 | 100, { server, zone, name, type, stable, canary, ttl, timeout }: DnsOptions): DnsStepSpec {
  const [from, to] = weight === 100 ? [stable, canary] : [canary, stable];
  return {
    server,
    zone,
    name,
    type,
    from: { values: from, ttl: null },
    to,
    ttl: ttl / 1000,
    key: '',
    transport: 'tcp',
    timeout,
  };
}
