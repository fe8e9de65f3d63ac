import { randomUUID } from 'node:crypto';

import { ProductError } from '../../core/error/product-error.ts';
import { VersionConflict } from '../../core/error/version-conflict.ts';
import { noticeKinds } from '../../core/home/to-notices.ts';
import type { NoticeKind } from '../../core/home/to-notices.ts';
import {
  insertDeliveries,
  listDeliveries,
  readMailAddress,
  readMailChannel,
  readNoticeChoice,
  writeNoticeChoice,
} from '../../store/notice-delivery.ts';
import type { StoredDelivery } from '../../store/notice-delivery.ts';
import type { Store } from '../../store/open-store.ts';
import type { Delivery } from '../delivery.ts';
import { toJob } from './scan-notices.ts';

/** How a person is told, and what they were told lately. */
export interface NoticeStanding {
  address: string | null;
  /** What they want by mail, and the version of that choice. */
  mail: NoticeKind[];
  version: number;
  /** Who sends mail; null where no worker of this installation does. */
  channel: { sender: string; isAwake: boolean; ageMs: number } | null;
  recent: {
    notice: string;
    subject: string;
    state: StoredDelivery['state'];
    detail: string | null;
    madeAtMs: number;
  }[];
}

/** A worker that has not looked for so long is not there. */
const awakeMs = 90_000;
const mostRecent = 20;

/** Reads it. */
export async function readNoticeStanding(store: Store, person: string): Promise<NoticeStanding> {
  const choice = await readNoticeChoice(store, person);
  const channel = await readMailChannel(store);
  const recent = await listDeliveries(store, person, mostRecent);
  return {
    address: await readMailAddress(store, person),
    mail: noticeKinds.filter((kind) => choice.mail.includes(kind)),
    version: choice.version,
    channel: channel && { ...channel, isAwake: channel.ageMs <= awakeMs },
    recent: recent.map(({ notice, subject, state, detail, made_at }) => {
      return { notice, subject, state, detail, madeAtMs: made_at.getTime() };
    }),
  };
}

/** Keeps what a person wants by mail. Throws `version_conflict` where they chose otherwise meanwhile, in another window. */
export async function chooseNotices(
  store: Store,
  person: string,
  { mail, expectedVersion }: { mail: readonly NoticeKind[]; expectedVersion: number },
): Promise<NoticeStanding> {
  if (await writeNoticeChoice(store, person, { mail, version: expectedVersion }))
    return readNoticeStanding(store, person);
  const { version } = await readNoticeChoice(store, person);
  throw new VersionConflict('choice of notices', String(expectedVersion), String(version));
}

/** Sends a message that is about nothing, so that a person can see whether mail reaches them. A worker delivers it. */
export async function sendTestNotice(
  store: Store,
  delivery: Pick<Delivery, 'send'>,
  person: string,
): Promise<NoticeStanding> {
  const { channel, address } = await readNoticeStanding(store, person);
  if (channel === null || !channel.isAwake) throw noChannel('mail: expected a worker that sends it, got none');
  if (address === null) throw noChannel(`mail to ${person}: expected an account with an address, got none`);
  const notice = `test ${randomUUID()}`;
  const subject = '[installation] test message';
  const body = 'You asked for a test message. Notices reach you here.\n';
  await store.tables.transaction().execute(async (tx) => {
    await insertDeliveries(tx, [{ person, notice, launch: null, subject, body }]);
    await delivery.send([toJob({ person, notice, launch: null, environment: null })], { tx });
  });
  return readNoticeStanding(store, person);
}

function noChannel(message: string): ProductError {
  return new ProductError('channel_unavailable', message, {
    hint: 'start a worker with TMINUS_SMTP and TMINUS_MAIL_FROM; what is on Home is there all the same',
  });
}
