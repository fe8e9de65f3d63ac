import type { Generated, GeneratedAlways } from 'kysely';

import type { DocumentMove } from '../core/review/review-moves.ts';
import type { LoggedComment } from '../core/review/thread.ts';

/** Tables of reviews and of notices beyond the screen. */
export interface ReviewTables {
  document_move: DocumentMoveRow;
  document_comment: DocumentCommentRow;
  notice_choice: { person: string; mail: string[]; version: Generated<number>; at: Generated<Date> };
  notice_delivery: NoticeDeliveryRow;
  notice_channel: { channel: string; sender: string; looked_at: Generated<Date> };
}

/** A move of the review of a document; rows are only added. */
export interface DocumentMoveRow {
  id: GeneratedAlways<string>;
  launch: string;
  path: string;
  number: number;
  version: string;
  move: DocumentMove;
  person: string;
  human: string;
  reason: string | null;
  at: Generated<Date>;
}

/** A comment beside a document; rows are only added. */
export interface DocumentCommentRow {
  id: GeneratedAlways<string>;
  launch: string;
  path: string;
  thread: string | null;
  deed: LoggedComment['deed'];
  version: string;
  line: number | null;
  quote: string;
  person: string;
  text: string;
  at: Generated<Date>;
}

/** A notice to a person by a channel. */
export interface NoticeDeliveryRow {
  person: string;
  channel: 'mail';
  notice: string;
  launch: string | null;
  subject: string;
  body: string;
  state: Generated<'waiting' | 'sent' | 'quiet' | 'failed'>;
  detail: string | null;
  made_at: Generated<Date>;
  ended_at: Date | null;
}
