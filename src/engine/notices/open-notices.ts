import { noteMailChannel } from '../../store/notice-delivery.ts';
import { noticeQueue } from '../advance/work-queues.ts';
import type { Workers } from '../delivery.ts';
import type { NoticeParts } from './notice-parts.ts';
import { scanNotices } from './scan-notices.ts';
import { sendNotice } from './send-notice.ts';

/** Tells people, as long as it is open. */
export interface Notices {
  close(): Promise<void>;
}

const everyMs = 15_000;
const slots = 2;

/** Opens the telling of this process: looks for what is new now and every 15 seconds, and sends it. */
export async function openNotices(parts: NoticeParts, pauseMs = everyMs): Promise<Notices> {
  const { store, delivery, mail, report } = parts;
  const workers: Workers = await delivery.work(noticeQueue.name, (claim) => sendNotice(parts, claim), { slots });
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;
  let turning: Promise<void> = Promise.resolve();
  const turn = async (): Promise<void> => {
    try {
      await noteMailChannel(store, mail.from);
      await scanNotices(parts);
    } catch (error) {
      report(error);
    }
    if (isClosed) return;
    timer = setTimeout(() => {
      turning = turn();
    }, pauseMs).unref();
  };
  turning = turn();
  return {
    async close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      await turning;
      await workers.drain();
    },
  };
}
