import type { RowCondition } from '../dataset/dataset.ts';

/** A mail to many, as its file declares it. */
export interface Mailout {
  name: string;
  /** Whose records are written to, and which side of the dataset is read. */
  dataset: string;
  side: 'source' | 'target';
  /** Column with the address. */
  email: string;
  /** Only records that meet all of these are meant. */
  where: readonly RowCondition[];
  /** Why somebody who is meant gets none; the first that holds counts. */
  skip: readonly { reason: string; when: readonly RowCondition[] }[];
  server: string;
  from: string;
  user: string | null;
  /** Name of the secret with the password of the server. */
  password: string;
  /** Where one click ends it (RFC 8058); `{{ email }}` and columns are filled in, percent-encoded. */
  unsubscribe: string;
  /** Files with addresses that must not be written to. */
  unsubscribed: string | null;
  bounced: string | null;
  /** Mails a minute at most. */
  rate: number;
  subject: string;
  text: string;
}

/** One record that is meant, by column. */
export type Recipient = ReadonlyMap<string, string | null>;

/** One mail, ready to go. */
export interface PlannedMail {
  /** Normalized: what one mail each is held by. */
  address: string;
  subject: string;
  text: string;
  unsubscribe: string;
}

/** Who gets a mail and who does not: recipients = mails + skipped. */
export interface MailoutPlan {
  recipients: number;
  mails: PlannedMail[];
  skipped: { [reason: string]: number };
}
