import type { Generated } from 'kysely';

/** Tables of mailouts. */
export interface MailoutTables {
  mailout: { launch: string; environment: string; name: string; hash_key: Buffer; created_at: Generated<Date> };
  mailout_delivery: MailoutDeliveryRow;
}

/** What became of the mail to one address. */
export interface MailoutDeliveryRow {
  launch: string;
  environment: string;
  mailout: string;
  mode: 'real' | 'test';
  address_hash: Buffer;
  sender: string;
  state: Generated<'claimed' | 'sent' | 'refused'>;
  message_id: string;
  detail: string | null;
  claimed_at: Generated<Date>;
  settled_at: Date | null;
}
