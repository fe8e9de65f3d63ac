import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import type { Mailout, MailoutPlan, PlannedMail } from '../../core/mailout/mailout.ts';
import { sendMail, toMessageId } from '../../kinds/channels/send-mail.ts';
import { claimDelivery, listDeliveries, releaseDelivery, settleDelivery, takeMailoutKey } from '../../store/mailout.ts';
import type { MailoutDelivery, MailoutPlace } from '../../store/mailout.ts';
import type { Store } from '../../store/open-store.ts';

/** How a mailout is sent. */
export interface MailoutSetting {
  place: MailoutPlace;
  /** Where every mail goes instead, in mode `test`; null in mode `real`. */
  testMail: string | null;
  password: string;
  allow: readonly string[];
  forbidden: readonly string[];
  signal: AbortSignal;
  progress: (done: number, total: number) => void;
}

/** What sending came to. */
export interface MailoutResult {
  sent: number;
  /** Sent before, by an earlier start of the same mailout. */
  before: number;
  /** The server will not take them. */
  refused: number;
  /** Left for the next start: the server was not reached, or somebody stopped. */
  left: number;
  /** Why some are left; null where none is, or a person has to say something first. */
  why: string | null;
  /** Whether these were sent nobody knows; by Message-ID, to be looked up at the server. Nothing is sent while there are any. */
  unknown: string[];
}

/** Most mails that a test sends: to see what one looks like, a few will do. */
const mostTests = 5;

/**
 * Sends every mail of a plan once, over any number of starts and crashes. An address is claimed before the server sees its mail. Where the answer never came, the claim
 * stays, and no start sends anything until a person has said what became of it.
 */
export async function sendMailout(
  store: Store,
  { mailout, plan }: { mailout: Mailout; plan: MailoutPlan },
  setting: MailoutSetting,
): Promise<MailoutResult> {
  const { place, progress, signal } = setting;
  const key = await takeMailoutKey(store, place);
  const known = await listDeliveries(store, place);
  const mails = mailsOf(place, plan);
  const result: MailoutResult = { sent: 0, before: 0, refused: 0, left: 0, why: null, unknown: unsettled(known) };
  if (result.unknown.length > 0) return { ...result, left: mails.length };
  const states = new Map(known.map(({ hash, state }) => [hash, state]));
  const sender = randomUUID();
  let next = performance.now();
  for (const [index, mail] of mails.entries()) {
    const hash = hashAddress(key, mail.address);
    const state = states.get(hash.toString('hex'));
    if (state !== undefined) {
      result[state === 'sent' ? 'before' : 'refused'] += 1;
      continue;
    }
    await pause(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => undefined);
    next = Math.max(next, performance.now()) + 60_000 / mailout.rate;
    const { state: end, detail } = signal.aborted
      ? stopped
      : await sendOne(store, { mail, hash, sender, mailout }, setting);
    if (end === 'unknown') result.unknown.push(toMessageId(keyOf(place, hash), mailout.from));
    else result[end] += 1;
    progress(index + 1, mails.length);
    if (end !== 'left' && end !== 'unknown') continue;
    if (end === 'left') result.why = detail;
    // A server that is not there for one is there for nobody: the rest waits for the next start.
    result.left += mails.length - index - 1;
    break;
  }
  return result;
}

/** Returns the mails of a plan that are sent: all of them, or the first few in a test. */
export function mailsOf({ mode }: MailoutPlace, { mails }: MailoutPlan): PlannedMail[] {
  return mode === 'test' ? mails.slice(0, mostTests) : mails;
}

/** Returns the hash under which an address is kept. */
export function hashAddress(key: Buffer, address: string): Buffer {
  return createHmac('sha256', key).update(address).digest();
}

function unsettled(deliveries: readonly MailoutDelivery[]): string[] {
  return deliveries.filter(({ state }) => state === 'claimed').map(({ messageId }) => messageId);
}

function keyOf({ launch, environment, mailout, mode }: MailoutPlace, hash: Buffer): string {
  return [launch, environment, mailout, mode, hash.toString('hex')].join('/');
}

interface OneMail {
  mail: PlannedMail;
  hash: Buffer;
  sender: string;
  mailout: Mailout;
}

async function sendOne(
  store: Store,
  { mail, hash, sender, mailout }: OneMail,
  setting: MailoutSetting,
): Promise<HandOver | { state: 'before'; detail: null }> {
  const { place } = setting;
  const key = keyOf(place, hash);
  if (!(await claimDelivery(store, place, { hash, sender, messageId: toMessageId(key, mailout.from) })))
    return { state: 'before', detail: null };
  const end = await handOver({ mail, mailout, key }, setting);
  if (end.state === 'left') await releaseDelivery(store, place, { hash, sender });
  if (end.state !== 'sent' && end.state !== 'refused') return end;
  const isOurs = await settleDelivery(store, place, { hash, sender, state: end.state, detail: end.detail });
  return isOurs ? end : { state: 'unknown', detail: null };
}

interface HandOver {
  state: 'sent' | 'refused' | 'left' | 'unknown';
  /** Holds nothing of a mail: it is told to whoever started it. */
  detail: string | null;
}

const stopped: HandOver = { state: 'left', detail: 'it was stopped' };

async function handOver(
  { mail, mailout, key }: { mail: PlannedMail; mailout: Mailout; key: string },
  { testMail, password, allow, forbidden, signal }: MailoutSetting,
): Promise<HandOver> {
  const { server, from, user } = mailout;
  const headers = {
    'List-Unsubscribe': `<${mail.unsubscribe}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
  const target = { server, from, user, password, headers, to: [testMail ?? mail.address], timeoutMs: 30_000, signal };
  const message = { subject: mail.subject, text: mail.text, key, mode: 'mailout' };
  try {
    const sent = await sendMail(message, target, { allow, forbidden });
    return { state: sent.ok ? 'sent' : 'refused', detail: null };
  } catch (error) {
    return toEnd(error as MailFailure, signal.aborted);
  }
}

/** What the mail library says of a failure. */
interface MailFailure {
  responseCode?: number;
  command?: string;
  code?: string;
  syscall?: string;
  message?: string;
}

/**
 * A server that answered no, or was never connected to, has not taken the mail. Any other end of a connection may have come after the mail was taken: the library names
 * the same command for both.
 */
function toEnd(failure: MailFailure, isStopped: boolean): HandOver {
  const { responseCode, command, code = '', syscall } = failure;
  if (responseCode !== undefined) {
    const isFinal = responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA');
    return isFinal
      ? { state: 'refused', detail: String(responseCode) }
      : { state: 'left', detail: `the mail server answered ${responseCode} to ${command ?? 'the connection'}` };
  }
  const wasNotConnected = syscall === 'connect' || ['EDNS', 'EAUTH', 'ETLS', 'EENVELOPE'].includes(code);
  const wasNotTried = command === undefined && !isStopped;
  if (!wasNotConnected && !wasNotTried) return { state: 'unknown', detail: code };
  if (isStopped) return stopped;
  // What else a message of the library may hold is not looked at.
  const refusal = /^connect E[A-Z]+/.exec(failure.message ?? '')?.[0];
  return { state: 'left', detail: `the mail server was not reached: ${refusal ?? (code === '' ? 'no answer' : code)}` };
}
