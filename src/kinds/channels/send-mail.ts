import { createHash } from 'node:crypto';
import { isIP } from 'node:net';

import type { createTransport } from 'nodemailer';

import { resolveHost } from '../checks/sql/resolve-host.ts';
import { refuseForbidden } from '../steps/guard-hosts.ts';
import type { Message, Sending, SendingContext } from './message.ts';

/** Where a mail goes, and how to sign in there. */
export interface MailTarget {
  server: string;
  from: string;
  to: readonly string[];
  user: string | null;
  password: string | null;
  /** Further fields of the head; empty for none. */
  headers?: { readonly [name: string]: string };
  timeoutMs: number;
  signal: AbortSignal;
}

/** How handing over a mail ended; with a Message-ID where it was taken. */
export type SentMail = Exclude<Sending, { ok: true }> | { ok: true; facts: { accepted: number; messageId: string } };

/**
 * Hands one mail to the server. Its Message-ID (RFC 5322 section 3.6.4) is the same for every attempt, so that mailboxes can drop a repeat. A server that is not this
 * machine has to prove its name by TLS.
 */
export async function sendMail(message: Message, target: MailTarget, context: SendingContext): Promise<SentMail> {
  const url = new URL(target.server);
  const isSecure = url.protocol === 'smtps:';
  const port = url.port === '' ? (isSecure ? 465 : 587) : Number(url.port);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  refuseForbidden(host, port, context.forbidden);
  const address = await resolveHost({ host, port, allow: context.allow });
  refuseForbidden(address, port, context.forbidden);
  const transport = await openTransport(target, { host, port, address, isSecure });
  const close = (): void => transport.close();
  target.signal.addEventListener('abort', close, { once: true });
  const mail = {
    from: target.from,
    to: [...target.to],
    subject: message.subject,
    text: message.text,
    messageId: toMessageId(message.key, target.from),
    headers: { 'Auto-Submitted': 'auto-generated', 'Tminus-Idempotency-Key': message.key, ...target.headers },
  };
  try {
    const sent = await Promise.race([transport.sendMail(mail), untilAborted(target.signal)]);
    const { accepted, rejected } = sent;
    return rejected.length === 0
      ? { ok: true, facts: { accepted: accepted.length, messageId: mail.messageId } }
      : { ok: false, reason: `expected ${target.to.length} addresses to be taken, got ${accepted.length}` };
  } finally {
    target.signal.removeEventListener('abort', close);
    transport.close();
  }
}

/** The Message-ID that every attempt of a message has. */
export function toMessageId(key: string, from: string): string {
  return `<${createHash('sha256').update(key).digest('hex').slice(0, 32)}@${from.split('@')[1]!}>`;
}

/** The mailer is loaded with the first mail: hardly any command sends one. */
async function openTransport(
  { user, password, timeoutMs }: MailTarget,
  { host, port, address, isSecure }: { host: string; port: number; address: string; isSecure: boolean },
): Promise<ReturnType<typeof createTransport>> {
  const mailer = await import('nodemailer');
  const isLocal = address.startsWith('127.') || address === '::1';
  return mailer.createTransport({
    host: address,
    port,
    secure: isSecure,
    requireTLS: !isSecure && !isLocal,
    ignoreTLS: isLocal && !isSecure,
    tls: { rejectUnauthorized: true, ...(isIP(host) === 0 ? { servername: host } : {}) },
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = (): void => reject(new Error('no end in time'));
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
