import type { JsonObject } from '@tminus/verify';
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';

/** Tables of what comes over HTTP. */
export interface ApiTables {
  api_request: {
    account: string;
    key: string;
    request: Buffer;
    status: number | null;
    body: string | null;
    taken_at: Generated<Date>;
  };
  browser_report: {
    id: GeneratedAlways<string>;
    at: Generated<Date>;
    kind: string;
    page: string;
    detail: JsonObject;
    fingerprint: string;
    seen: Generated<number>;
  };
  poll: {
    id: GeneratedAlways<string>;
    launch: string;
    environment: string;
    gate: string;
    subject: string;
    opened_by: string;
    opened_at: Generated<Date>;
    closes_at: Date;
    closed_by: string | null;
    closed_at: Date | null;
  };
  notice_dismissal: { person: string; notice: string; at: Generated<Date> };
  event_prune: {
    id: GeneratedAlways<string>;
    up_to: string;
    recorded_before: Date;
    person: string;
    reason: string;
    at: Generated<Date>;
  };
  webhook: WebhookRow;
  acceptance_pass: {
    id: string;
    launch: string;
    environment: string;
    person: string;
    started_at: Generated<Date>;
    ended_at: Date | null;
    record: JsonObject | null;
    entry: string | null;
  };
  acceptance_sight: {
    id: GeneratedAlways<string>;
    pass: string;
    kind: 'home' | 'work' | 'document';
    subject: string;
    detail: JsonObject;
    at: Generated<Date>;
  };
}

/** Where events are sent. */
export interface WebhookRow {
  id: string;
  url: string;
  secret: ColumnType<JsonObject, string, never>;
  launches: string[] | null;
  types: string[] | null;
  position: string;
  epoch: Generated<number>;
  given_up: Generated<number>;
  given_up_from: string | null;
  off_reason: string | null;
  off_at: Date | null;
  sent_at: Date | null;
  created_by: string;
  created_at: Generated<Date>;
}
