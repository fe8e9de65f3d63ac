import { syncAlarms } from '../../store/alarm.ts';
import { appendEvents } from '../../store/event.ts';
import { readNow } from '../../store/open-store.ts';
import type { Store } from '../../store/open-store.ts';
import type { StoreTransaction } from '../../store/transaction.ts';

const webhookAlarm = 'webhook_off';

/** An alarm for each webhook that is off; over for each that is on again, or removed. */
export async function raiseAlarms(store: Store, tx: StoreTransaction, told: string): Promise<void> {
  const rows = await tx.selectFrom('webhook').select(['id', 'off_at', 'off_reason']).execute();
  const wrong = rows.flatMap(({ id, off_at: since, off_reason: reason }) =>
    since === null
      ? []
      : [{ subject: `webhook ${id}`, kind: webhookAlarm, since, detail: `webhook ${id} is off: ${reason}` }],
  );
  const changes = await syncAlarms(tx, { kinds: [webhookAlarm], wrong });
  if (changes.length === 0) return;
  const atMs = Date.parse(await readNow(store));
  const events = changes.map(({ subject, kind, since, until, detail }) => ({
    run: null,
    number: null,
    type: 'system.notice',
    atMs,
    body: {
      what: 'alarm',
      subject,
      kind,
      since: since.toISOString(),
      until: until?.toISOString() ?? null,
      text: until === null ? `alarm: ${told}` : `over: ${detail}`,
    },
  }));
  await appendEvents(tx, events);
}
