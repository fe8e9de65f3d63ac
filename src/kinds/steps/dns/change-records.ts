import { randomInt } from 'node:crypto';

import type { JsonObject } from '@tminus/verify';

import type { StepContext, StepOutcome } from '../../../core/step/step-kind.ts';
import { toDone, toFailed, toStopped } from '../step-outcome.ts';
import { askServer } from './ask-server.ts';
import type { Asked, SignedServer } from './ask-server.ts';
import { encodeUpdate } from './message.ts';
import { openServer } from './open-server.ts';
import { describeSilence, nameOf, readStanding } from './read-standing.ts';
import type { DnsStepSpec } from './schema.ts';
import { compareStanding, describeRecords } from './standing.ts';
import type { Standing } from './standing.ts';

/** One attempt in hand. */
interface Attempt {
  spec: DnsStepSpec;
  server: SignedServer;
  context: StepContext;
}

/**
 * Changes the records in one message and reads back what stands then. `done` means that the server said under its signature that `to` stands, also where it did already. The fact `applied`
 * is null where the message left and nobody knows what became of it.
 */
export async function changeRecords(
  written: JsonObject,
  context: StepContext,
  clock: () => number,
): Promise<StepOutcome> {
  if (context.signal.aborted) return toStopped('stopped before anything was sent', { applied: false });
  const opened = await openServer(written, context, clock);
  if (!opened.ok) return toFailed(opened.reason, { applied: false });
  const attempt: Attempt = { spec: opened.spec, server: opened.server, context };
  return (await refuseBefore(attempt)) ?? sendUpdate(attempt);
}

/** No prerequisite speaks of a time to live (RFC 2136 section 2.4), so one that the spec names is read first: waiting for the old one to run out rests on it. */
async function refuseBefore(attempt: Attempt): Promise<StepOutcome | null> {
  const { spec, server } = attempt;
  if (spec.from.ttl === null) return null;
  const read = await readStanding(server, spec);
  if (!read.ok)
    return end(attempt, read.isStopped ? 'stopped' : 'failed', {
      text: `nothing was sent: ${read.reason}`,
      applied: false,
    });
  const state = compareStanding(read.standing, spec);
  if (state === 'to') return alreadyDone(attempt, read.standing);
  return state === 'from' ? null : changedMeanwhile(attempt, read.standing);
}

async function sendUpdate(attempt: Attempt): Promise<StepOutcome> {
  const { spec, server, context } = attempt;
  const change = { ...spec, from: spec.from.values };
  const asked = await askServer(server, encodeUpdate(randomInt(1, 65_536), change));
  context.log(
    'note',
    `update of ${spec.name} ${spec.type} at ${spec.server}: ${asked.state} ${asked.state === 'unanswered' ? '' : nameOf(asked)}\n`,
  );
  if (asked.state !== 'answered') return endUnknown(attempt, asked);
  if (asked.rcode === 'NOERROR') return confirm(attempt);
  if (asked.rcode === 'NXRRSET' || asked.rcode === 'YXRRSET') return explainRefusal(attempt, asked.rcode);
  return end(attempt, 'failed', { text: describeRefusal(asked, spec), applied: false, rcode: nameOf(asked) });
}

/** A server may answer NOERROR and leave out a record that it cannot have beside others (RFC 2136 section 3.4.2.2): only what stands counts. */
async function confirm(attempt: Attempt): Promise<StepOutcome> {
  const { spec, server } = attempt;
  const read = await readStanding(server, spec);
  const wanted = describeRecords(spec.to, spec.ttl);
  if (!read.ok)
    return end(attempt, read.isStopped ? 'stopped' : 'failed', {
      text: `the server took the update, expected ${wanted} to be read back, got no answer to believe: ${read.reason}`,
      applied: null,
    });
  const got = describeRecords(read.standing.values, read.standing.ttl);
  if (compareStanding(read.standing, spec) !== 'to')
    return end(attempt, 'failed', {
      text: `the server took the update, expected ${wanted}, got ${got}`,
      applied: null,
      ...read,
    });
  const text = `${describeRecords(spec.from.values, spec.from.ttl)} -> ${got}, confirmed by ${spec.server}`;
  return end(attempt, 'done', { text, applied: true, ...read });
}

async function explainRefusal(attempt: Attempt, rcode: string): Promise<StepOutcome> {
  const read = await readStanding(attempt.server, attempt.spec);
  const { from } = attempt.spec;
  if (!read.ok)
    return end(attempt, read.isStopped ? 'stopped' : 'failed', {
      text: `${rcode}: expected ${describeRecords(from.values, from.ttl)}, got something else, and what stands could not be read: ${read.reason}`,
      applied: false,
      rcode,
    });
  if (compareStanding(read.standing, attempt.spec) === 'to') return alreadyDone(attempt, read.standing);
  return changedMeanwhile(attempt, read.standing, rcode);
}

function alreadyDone(attempt: Attempt, standing: Standing): StepOutcome {
  const text = `${describeRecords(standing.values, standing.ttl)} stands already`;
  return end(attempt, 'done', { text, applied: true, standing });
}

function changedMeanwhile(attempt: Attempt, standing: Standing, rcode = 'not sent'): StepOutcome {
  const { from } = attempt.spec;
  const got = describeRecords(standing.values, standing.ttl);
  const text = `somebody changed it: expected ${describeRecords(from.values, from.ttl)}, got ${got} (${rcode}); nothing was changed`;
  return end(attempt, 'failed', { text, applied: false, standing, rcode });
}

/** What was sent and not answered may have been done, now or in a moment; a signed refusal is the only proof that it was not. */
function endUnknown(attempt: Attempt, asked: Exclude<Asked, { state: 'answered' }>): StepOutcome {
  const wasSent = asked.state === 'unbelieved' || asked.wasSent;
  const isStopped = asked.state === 'unanswered' && asked.cause === 'aborted';
  const reason = describeSilence(asked, attempt.server);
  const text = wasSent
    ? `the update was sent, nobody knows whether it was carried out: ${reason}`
    : `nothing was sent: ${reason}`;
  return end(attempt, isStopped ? 'stopped' : 'failed', { text, applied: wasSent ? null : false });
}

function describeRefusal(asked: Asked & { state: 'answered' }, { server, zone }: DnsStepSpec): string {
  const told = `expected NOERROR from ${server}, got ${nameOf(asked)}`;
  if (asked.error === 'BADTIME' && asked.aheadSeconds !== null) {
    const { aheadSeconds } = asked;
    return `${told}: its clock is ${Math.abs(aheadSeconds)} s ${aheadSeconds < 0 ? 'behind' : 'ahead of'} ours; set the clocks`;
  }
  if (asked.rcode === 'NOTAUTH') return `${told}: it is not the primary of ${zone}`;
  return asked.rcode === 'REFUSED' ? `${told}: the key may not change this name in ${zone}` : told;
}

interface Ending {
  text: string;
  applied: boolean | null;
  standing?: Standing;
  rcode?: string;
}

const ends = { done: toDone, failed: toFailed, stopped: toStopped };

function end(
  { spec }: Attempt,
  outcome: StepOutcome['outcome'],
  { text, applied, standing, rcode }: Ending,
): StepOutcome {
  const seen = standing === undefined ? null : { values: standing.values, ttl: standing.ttl };
  const code = rcode ?? (outcome === 'done' ? 'NOERROR' : null);
  return ends[outcome](`${spec.name} ${spec.type}: ${text}`, {
    applied,
    standing: seen,
    rcode: code,
    server: spec.server,
  });
}
