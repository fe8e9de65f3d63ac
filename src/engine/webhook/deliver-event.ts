import type { StoreTransaction } from '../../store/transaction.ts';
import { holdBack, noteGivenUp, noteSent, readWebhook } from '../../store/webhook.ts';
import type { StoredWebhook } from '../../store/webhook.ts';
import type { Claim } from '../delivery.ts';
import type { FindSigningKey } from './find-signing-key.ts';
import { sendEvent } from './send-event.ts';
import type { Sent } from './send-event.ts';
import { raiseAlarms } from './raise-alarms.ts';
import type { WebhookJob } from './webhook-jobs.ts';
import type { WebhookParts } from './webhook-parts.ts';

/** So many deliveries given up in a row switch a webhook off. */
const mostGivenUp = 10;

/** Carries out one job of `webhooks`. What could not be delivered throws, and is tried again; the last try is a dead letter. */
export async function deliverEvent(parts: WebhookParts, findKey: FindSigningKey, claim: Claim): Promise<void> {
  const job = claim.data as unknown as WebhookJob;
  const webhook = await readWebhook(parts.store, job.webhook);
  if (webhook === null) return;
  if (webhook.offReason !== null) return setAside(parts, claim, job);
  const sent = await trySending(parts, { webhook, job, findKey }, claim.signal);
  if (sent.kind === 'taken') await settle(parts, claim, (tx) => noteSent(tx, webhook.id));
  else if (sent.kind === 'later')
    await parts.delivery.release(claim, { afterSeconds: Math.max(1, Math.ceil(sent.afterMs / 1000)) });
  else if (sent.kind === 'refused') await fail(parts, { claim, job, webhook }, sent);
}

async function trySending(
  parts: WebhookParts,
  { webhook, job, findKey }: { webhook: StoredWebhook; job: WebhookJob; findKey: FindSigningKey },
  signal: AbortSignal,
): Promise<Sent> {
  try {
    const key = await findKey(webhook, signal);
    return await sendEvent(parts, { webhook, event: job.event, key, signal });
  } catch (error) {
    return { kind: 'refused', gone: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** What comes up while a webhook is off is sent when it is on again: its position goes back before it. A test is not. */
async function setAside(parts: WebhookParts, claim: Claim, { webhook, cursor }: WebhookJob): Promise<void> {
  if (cursor !== null) await settle(parts, claim, (tx) => holdBack(tx, webhook, cursor));
}

interface Failure {
  claim: Claim;
  job: WebhookJob;
  webhook: StoredWebhook;
}

async function fail(
  parts: WebhookParts,
  { claim, job, webhook }: Failure,
  { gone, reason }: { gone: boolean; reason: string },
): Promise<void> {
  const isLast = claim.attempt >= claim.attempts;
  if (!gone && !isLast) throw new Error(reason);
  const atMost = gone ? 0 : mostGivenUp;
  const why = gone ? `the receiver says that it is gone: ${reason}` : `${mostGivenUp} deliveries in a row: ${reason}`;
  const isOff = await parts.store.tables.transaction().execute(async (tx) => {
    if (!(await parts.delivery.confirm(tx, claim))) return false;
    if (!(await noteGivenUp(tx, webhook.id, { cursor: job.cursor, atMost, reason: why }))) return false;
    await raiseAlarms(parts.store, tx, `webhook ${webhook.id} is off: ${why}`);
    return true;
  });
  if (!isOff || !gone) throw new Error(reason);
}

async function settle(
  { delivery }: WebhookParts,
  claim: Claim,
  write: (tx: StoreTransaction) => Promise<unknown>,
): Promise<void> {
  await delivery.settleAndSend(claim, async (tx) => {
    await write(tx);
    return [];
  });
}
