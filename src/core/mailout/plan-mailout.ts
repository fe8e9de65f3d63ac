import type { Mailout, MailoutPlan, PlannedMail, Recipient } from './mailout.ts';
import { normalizeAddress } from './normalize-address.ts';

/** Addresses that must not be written to. */
export interface Unwanted {
  unsubscribed: ReadonlySet<string>;
  bounced: ReadonlySet<string>;
}

const placeholder = /\{\{\s*([^{}\s]+)\s*\}\}/g;

/** Returns the columns that a text names as `{{ column }}`. */
export function namedColumns(text: string): string[] {
  return [...text.matchAll(placeholder)].map((match) => match[1]!);
}

/** Returns who gets a mail and who does not, each recipient counted once. `reasonOf` says which declared reason holds for a record, null for none. */
export function planMailout(
  mailout: Mailout,
  recipients: Iterable<Recipient>,
  { reasonOf, unwanted }: { reasonOf: (recipient: Recipient) => string | null; unwanted: Unwanted },
): MailoutPlan {
  const mails = new Map<string, PlannedMail>();
  const skipped: { [reason: string]: number } = {};
  let count = 0;
  const decide = (recipient: Recipient): PlannedMail | string => {
    const declared = reasonOf(recipient);
    if (declared !== null) return declared;
    const address = normalizeAddress(recipient.get(mailout.email) ?? '');
    if (address === null) return 'invalid-email';
    if (unwanted.unsubscribed.has(address)) return 'unsubscribed';
    if (unwanted.bounced.has(address)) return 'bounced';
    if (mails.has(address)) return 'duplicate-address';
    return toMail(mailout, recipient, address) ?? 'missing-value';
  };
  for (const recipient of recipients) {
    count += 1;
    const decided = decide(recipient);
    if (typeof decided === 'string') skipped[decided] = (skipped[decided] ?? 0) + 1;
    else mails.set(decided.address, decided);
  }
  return { recipients: count, mails: [...mails.values()], skipped };
}

/** Null where a value is missing: nobody is greeted as nobody. */
function toMail({ subject, text, unsubscribe }: Mailout, recipient: Recipient, address: string): PlannedMail | null {
  let isWhole = true;
  const fill = (template: string, encode: (value: string) => string): string =>
    template.replaceAll(placeholder, (_, column: string) => {
      const value = column === 'email' ? address : (recipient.get(column) ?? '');
      isWhole &&= value !== '';
      return encode(value);
    });
  const mail = {
    address,
    subject: fill(subject, (value) => value)
      .replaceAll(/[\p{Cc}\s]+/gu, ' ')
      .trim(),
    text: fill(text, (value) => value),
    unsubscribe: fill(unsubscribe, encodeURIComponent),
  };
  return isWhole ? mail : null;
}
