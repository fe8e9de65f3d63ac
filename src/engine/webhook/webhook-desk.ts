import { randomUUID } from 'node:crypto';

import type { JsonObject } from '@tminus/verify';

import { ProductError } from '../../core/error/product-error.ts';
import { toCloudEvent } from '../../core/webhook/to-cloud-event.ts';
import type { CloudEvent } from '../../core/webhook/to-cloud-event.ts';
import { readEvents } from '../../store/event.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import { deleteWebhook, insertWebhook, listWebhooks, readWebhook, rewindWebhook } from '../../store/webhook.ts';
import type { NewWebhook, StoredWebhook } from '../../store/webhook.ts';
import type { Delivery } from '../delivery.ts';
import { raiseAlarms } from './raise-alarms.ts';
import { toWebhookJob } from './webhook-jobs.ts';

/** Places that secrets are kept in, by the key that names them. */
type ProviderKinds = readonly string[];

/** Webhooks of the installation. Whether somebody may is asked before: `installation.manage`, everywhere. */
export interface WebhookDesk {
  list(): Promise<StoredWebhook[]>;
  /** Throws `webhook_unknown`. */
  read(id: string): Promise<StoredWebhook>;
  /** Throws `webhook_invalid` and `webhook_exists`. */
  add(wish: NewWebhook): Promise<StoredWebhook>;
  remove(id: string): Promise<void>;
  /** Sends a message that is no event of the store, so that a receiver can be tried; returns its id. A worker delivers it. */
  test(id: string): Promise<string>;
  /** Sends everything after a cursor again, or what was not sent while it was off where `after` is null, and switches it on. */
  replay(id: string, after: number | null): Promise<StoredWebhook>;
}

/** Returns the desk on a store. */
export function openWebhookDesk(store: Store, delivery: Pick<Delivery, 'send'>, kinds: ProviderKinds): WebhookDesk {
  const read = (id: string): Promise<StoredWebhook> => readKnown(store, id);
  const tell = (told: string): Promise<void> =>
    store.tables.transaction().execute((tx) => raiseAlarms(store, tx, told));
  return {
    list: () => listWebhooks(store),
    read,
    add: (wish) => addChecked(store, wish, kinds),
    async remove(id) {
      if (!(await deleteWebhook(store, id))) await refuseUnknown(store, id);
      await tell(`webhook ${id} was removed`);
    },
    async test(id) {
      const event = { ...toTest(id, await readNow(store)), id: `test-${randomUUID()}` };
      await delivery.send([toWebhookJob(await read(id), event, null)]);
      return event.id;
    },
    async replay(id, after) {
      if (after !== null) await assertKept(store, after);
      const on = await rewindWebhook(store, id, after ?? (await read(id)).position);
      await tell(`webhook ${id} is on`);
      return on ?? refuseUnknown(store, id);
    },
  };
}

function toTest(id: string, at: string): CloudEvent {
  return toCloudEvent({ cursor: 0, subject: null, type: 'test', at, body: { text: `webhook ${id}` }, place: null });
}

async function readKnown(store: Store, id: string): Promise<StoredWebhook> {
  return (await readWebhook(store, id)) ?? refuseUnknown(store, id);
}

async function addChecked(store: Store, wish: NewWebhook, kinds: ProviderKinds): Promise<StoredWebhook> {
  assertUrl(wish.url);
  assertReference(wish.secret, kinds);
  const kept = await insertWebhook(store, wish);
  if (kept) return kept;
  throw new ProductError('webhook_exists', `webhook ${wish.id}: expected a name that is free, got one in use`, {
    hint: 'take another name, or remove the one that has it',
  });
}

function assertUrl(text: string): void {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/u.test(url.protocol) && url.username === '' && url.password === '') return;
  throw new ProductError('webhook_invalid', 'url: expected an https address without credentials, got another one', {
    hint: 'credentials belong into the secret; http is only sent to hosts that the worker allows (TMINUS_WEBHOOK_ALLOW)',
  });
}

/** A reference names where the secret is; a value in its place would be kept for everybody to read. */
function assertReference(reference: JsonObject, kinds: ProviderKinds): void {
  const named = Object.keys(reference).filter((key) => kinds.includes(key));
  if (named.length === 1) return;
  throw new ProductError('webhook_invalid', `secret: expected one of ${kinds.join(', ')}, got ${named.length}`, {
    hint: 'write a reference such as { "env": "NAME" }; the secret itself has at least 24 bytes',
  });
}

async function assertKept(store: Store, after: number): Promise<void> {
  const [first] = await readEvents(store, 0, { limit: 1 });
  if (first === undefined || after >= first.cursor - 1) return;
  throw new ProductError('webhook_invalid', `replay: expected a cursor from ${first.cursor - 1} on, got ${after}`, {
    hint: 'events before it are no longer kept',
  });
}

async function refuseUnknown(store: Store, id: string): Promise<never> {
  const known = (await listWebhooks(store)).map((one) => one.id).join(', ') || 'none';
  throw new ProductError('webhook_unknown', `webhook ${id}: expected one of ${known}, got none of them`, {
    hint: 'look at "tminus webhook list"',
  });
}
