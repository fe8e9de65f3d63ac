import { createHash } from 'node:crypto';

import { allows } from '../../core/access/allows.ts';
import { toNoticeMail } from '../../core/home/to-notice-mail.ts';
import type { Notice } from '../../core/home/to-notices.ts';
import { insertDeliveries, listNoticeChoices } from '../../store/notice-delivery.ts';
import type { NewDelivery } from '../../store/notice-delivery.ts';
import { readNow } from '../../store/open-store.ts';
import { loadAccess } from '../access/load-access.ts';
import { noticeQueue } from '../advance/work-queues.ts';
import type { NewJob } from '../delivery.ts';
import { readHome } from '../home/read-home.ts';
import type { HomeAsk, HomeParts } from '../home/read-home.ts';
import type { NoticeJob, NoticeParts } from './notice-parts.ts';

/** Looks what everybody has chosen to be told, and returns how many notices are new. Looking again finds none of them a second time. */
export async function scanNotices(parts: NoticeParts): Promise<number> {
  let found = 0;
  for (const { person, mail } of await listNoticeChoices(parts.store)) {
    const { notices } = await readHome(parts, { person, places: await readPlaces(parts, person) });
    const wanted = notices.filter(({ kind, dismissed }) => mail.includes(kind) && !dismissed);
    found += await enqueue(parts, person, wanted);
  }
  return found;
}

async function enqueue(parts: NoticeParts, person: string, notices: readonly Notice[]): Promise<number> {
  if (notices.length === 0) return 0;
  const { store, delivery } = parts;
  const jobs = new Map<string, NoticeJob>();
  for (const notice of notices)
    jobs.set(notice.key, {
      person,
      notice: notice.key,
      launch: notice.launch,
      environment: await findEnvironment(parts, notice),
    });
  return store.tables.transaction().execute(async (tx) => {
    const kept = await insertDeliveries(
      tx,
      notices.map((notice) => toDelivery(parts, person, notice)),
    );
    if (kept.length > 0)
      await delivery.send(
        kept.map(({ notice }) => toJob(jobs.get(notice)!)),
        { tx },
      );
    return kept.length;
  });
}

function toDelivery({ maskText, baseUrl }: NoticeParts, person: string, notice: Notice): NewDelivery {
  const { subject, body } = toNoticeMail(notice, baseUrl);
  return { person, notice: notice.key, launch: notice.launch, subject: maskText(subject), body: maskText(body) };
}

/** A key of its own for each: one that cannot be sent holds up no other. */
export function toJob(data: NoticeJob): NewJob {
  const key = createHash('sha256')
    .update(JSON.stringify([data.person, data.notice]))
    .digest('hex');
  return { queue: noticeQueue.name, key, data: { ...data } };
}

/** Whose comms hold: those of the run, else those of the environment that the launch is about. */
async function findEnvironment({ store, launches }: HomeParts, { launch, place }: Notice): Promise<string | null> {
  if (launch === null) return null;
  if (place.kind === 'run') {
    const row = await store.tables
      .selectFrom('run')
      .select('environment')
      .where('id', '=', place.run)
      .executeTakeFirst();
    if (row) return row.environment;
  }
  const { plan } = await launches.find(launch);
  return plan?.launch.environment ?? null;
}

/** Every environment in which a person may look now; what cannot be read allows nothing. */
async function readPlaces({ store, launches }: HomeParts, person: string): Promise<HomeAsk['places']> {
  const nowMs = Date.parse(await readNow(store));
  const places: { launch: string; environment: string }[] = [];
  for (const { plan } of await launches.list()) {
    if (!plan) continue;
    const { scene } = await loadAccess(store, plan.launch, null);
    const all = plan.launch.environments.map(({ id }) => ({ launch: plan.launch.id, environment: id }));
    places.push(
      ...all.filter((scope) => allows(scene, { actor: person, permission: 'run.view', scope }, nowMs).allowed),
    );
  }
  return places;
}
