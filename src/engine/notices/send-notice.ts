import { sendMail } from '../../kinds/channels/send-mail.ts';
import { resolveSecret } from '../../kinds/secrets/resolve-secret.ts';
import { readDismissals } from '../../store/notice-dismissal.ts';
import { endDelivery, readDelivery, readMailAddress } from '../../store/notice-delivery.ts';
import type { StoredDelivery } from '../../store/notice-delivery.ts';
import { failpoint } from '../../store/failpoint.ts';
import { readNow } from '../../store/open-store.ts';
import { insertSecretAccess } from '../../store/secret-access.ts';
import type { Claim } from '../delivery.ts';
import type { NoticeJob, NoticeParts } from './notice-parts.ts';
import { toJob } from './scan-notices.ts';

const limitMs = 30_000;

/** How telling ended; `refused` is tried again. */
type Telling = { state: 'sent' | 'quiet' | 'failed'; detail: string } | { state: 'refused'; detail: string };

/**
 * Carries out one job of `notices`. The row says `sent` only after the mail server said yes; a worker that dies in between sends the same mail, with the same
 * Message-ID, again.
 */
export async function sendNotice(parts: NoticeParts, claim: Claim): Promise<void> {
  const job = claim.data as unknown as NoticeJob;
  const row = await readDelivery(parts.store, job);
  if (row === null || row.state !== 'waiting') return;
  const telling = await tell(parts, { job, row }, claim);
  failpoint('notice.told', job);
  if (telling.state !== 'refused') {
    await parts.delivery.settleAndSend(claim, async (tx) => {
      await endDelivery(tx, job, telling);
      return [];
    });
    return;
  }
  if (claim.attempt >= claim.attempts) await giveUp(parts, claim, telling.detail);
  throw new Error(telling.detail);
}

async function giveUp({ store, delivery }: NoticeParts, claim: Claim, detail: string): Promise<void> {
  await store.tables.transaction().execute(async (tx) => {
    if (!(await delivery.confirm(tx, claim))) return;
    await endDelivery(tx, claim.data as unknown as NoticeJob, { state: 'failed', detail });
  });
}

async function tell(
  parts: NoticeParts,
  { job, row }: { job: NoticeJob; row: StoredDelivery },
  { signal }: Claim,
): Promise<Telling> {
  const dismissed = await readDismissals(parts.store, job.person, [job.notice]);
  if (dismissed.size > 0) return { state: 'quiet', detail: 'it was put away before it was sent' };
  const own = await readMailAddress(parts.store, job.person);
  if (own === null) return { state: 'failed', detail: 'no account with a mail address stands for this person' };
  const receiver = await findReceiver(parts, job, own);
  if ('quiet' in receiver) return { state: 'quiet', detail: receiver.quiet };
  try {
    return await send(parts, { job, row, to: receiver.to }, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]));
  } catch (error) {
    return { state: 'refused', detail: parts.maskText(error instanceof Error ? error.message : String(error)) };
  }
}

/** As far as the comms of the environment let it: nowhere, to the test address, or to the person. What cannot be read now lets nothing out. */
async function findReceiver(
  { launches }: NoticeParts,
  { launch, environment: id }: NoticeJob,
  own: string,
): Promise<{ to: string } | { quiet: string }> {
  if (launch === null) return { to: own };
  const { plan } = await launches.find(launch);
  const environment = plan?.launch.environments.find((one) => one.id === id);
  if (environment?.comms === 'on') return { to: own };
  if (environment?.comms === 'test' && environment.testMail !== null) return { to: environment.testMail };
  return { quiet: `comms of ${id ?? launch} are ${environment?.comms ?? 'not known'}: nothing was sent` };
}

async function send(
  parts: NoticeParts,
  { job, row, to }: { job: NoticeJob; row: StoredDelivery; to: string },
  signal: AbortSignal,
): Promise<Telling> {
  const { server, from, user } = parts.mail;
  const url = new URL(server);
  const password = await readPassword(parts, signal);
  const message = { subject: row.subject, text: row.body, key: toJob(job).key, mode: 'live' };
  const target = { server, from, to: [to], user, password, timeoutMs: limitMs, signal };
  // Who runs the worker named the server, so that it may be one inside.
  const sent = await sendMail(message, target, { allow: [url.host, url.hostname], forbidden: [] });
  if (!sent.ok) return { state: 'refused', detail: sent.reason };
  return { state: 'sent', detail: `to ${to}, Message-ID ${sent.facts.messageId}` };
}

async function readPassword({ store, mail, secrets, mask }: NoticeParts, signal: AbortSignal): Promise<string | null> {
  if (mail.password === null) return null;
  const { providers, ...context } = secrets;
  const secret = { id: 'mail server', reference: mail.password };
  const at = await readNow(store);
  const reading = await resolveSecret(
    { secret, actor: 'installation', purpose: 'notices by mail', at },
    {
      providers,
      context: { ...context, signal },
      mask: (value) => mask(value.name, value.exposeBytes()),
      record: (access) => insertSecretAccess(store, { launch: 'installation', environment: 'installation' }, access),
    },
  );
  if (reading.state === 'failed') throw new Error(`password of the mail server: ${reading.trouble.message}`);
  return reading.value.exposeText();
}
