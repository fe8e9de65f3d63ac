import { placeOfShift } from '../../core/rollout/place-of-shift.ts';
import { coversEvent } from '../../core/webhook/covers-event.ts';
import { toCloudEvent } from '../../core/webhook/to-cloud-event.ts';
import type { CloudEvent, OutgoingEvent } from '../../core/webhook/to-cloud-event.ts';
import { readEvents } from '../../store/event.ts';
import type { StoredEvent } from '../../store/event.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';
import { listWebhooks, moveWebhook, takeWebhook } from '../../store/webhook.ts';
import type { StoredWebhook } from '../../store/webhook.ts';
import type { Delivery } from '../delivery.ts';
import { toWebhookJob } from './webhook-jobs.ts';

const atOnce = 500;

/**
 * Enqueues what happened since for every webhook that is on, and returns how many events were looked at. The jobs and the new position are one transaction: whoever dies in
 * between has done nothing. Any number of processes may do so; one webhook is served by one of them at a time.
 */
export async function enqueueEvents(store: Store, delivery: Pick<Delivery, 'send'>): Promise<number> {
  let looked = 0;
  for (const { id, offReason } of await listWebhooks(store)) {
    if (offReason !== null) continue;
    looked += await store.tables.transaction().execute(async (tx) => {
      const webhook = await takeWebhook(tx, id);
      return webhook === null ? 0 : enqueueNext({ store, delivery, tx }, webhook);
    });
  }
  return looked;
}

interface Work {
  store: Store;
  delivery: Pick<Delivery, 'send'>;
  tx: StoreTransaction;
}

async function enqueueNext({ store, delivery, tx }: Work, webhook: StoredWebhook): Promise<number> {
  const events = await readEvents(store, webhook.position, { limit: atOnce }, tx);
  const last = events.at(-1);
  if (!last) return 0;
  const places = await readPlaces(tx, events);
  const jobs = events
    .map((event) => toOutgoing(event, places))
    .filter(({ place, type }) => coversEvent(webhook, { launch: place?.launch ?? null, type }))
    .map((event) => toWebhookJob(webhook, toCloudEvent(event), event.cursor));
  const gap = toGap(webhook, events[0]!);
  if (gap !== null) jobs.unshift(toWebhookJob(webhook, gap, null));
  if (jobs.length > 0) await delivery.send(jobs, { tx });
  await moveWebhook(tx, webhook.id, last.cursor);
  return events.length;
}

/** A shift moves traffic of people, in whatever environment it is: it has no other mode than live. */
function toOutgoing(event: StoredEvent, places: ReadonlyMap<string, Place>): OutgoingEvent {
  const shift = placeOfShift(event);
  if (shift === undefined) return { ...event, subject: event.run, place: places.get(event.run ?? '') ?? null };
  const { launch, environment } = shift;
  return { ...event, subject: shift.shift, place: { launch, environment, mode: 'live' } };
}

/** Says that events are missing: a webhook that was off holds nothing back from being pruned. */
function toGap({ position }: StoredWebhook, { cursor, at }: StoredEvent): CloudEvent | null {
  if (cursor === position + 1) return null;
  const body = { after: position, before: cursor };
  const gap = toCloudEvent({ cursor: cursor - 1, subject: null, type: 'gap', at, body, place: null });
  return { ...gap, id: `${gap.id}.gap` };
}

interface Place {
  launch: string;
  environment: string;
  mode: string;
}

async function readPlaces(tx: StoreTransaction, events: readonly StoredEvent[]): Promise<Map<string, Place>> {
  const runs = [...new Set(events.flatMap(({ run }) => run ?? []))];
  if (runs.length === 0) return new Map();
  const rows = await tx
    .selectFrom('run')
    .select(['id', 'launch', 'environment', 'mode'])
    .where('id', 'in', runs)
    .execute();
  return new Map(rows.map(({ id, ...place }) => [id, place]));
}
