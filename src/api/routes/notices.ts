import { z } from 'zod';

import { noticeKinds } from '../../core/home/to-notices.ts';
import { chooseNotices, readNoticeStanding, sendTestNotice } from '../../engine/notices/notice-desk.ts';
import type { NoticeStanding } from '../../engine/notices/notice-desk.ts';
import { may } from '../access.ts';
import { requireSession } from '../require-recent.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

const kind = z.enum(noticeKinds);

const standing = z
  .object({
    address: z.string().nullable().describe('of the account; null where none stands for the caller'),
    kinds: z.array(kind).describe('all there are'),
    mail: z.array(kind).describe('those that the caller wants by mail'),
    version: z.int().describe('what a change has to name as expectedVersion'),
    channel: z
      .object({ sender: z.string(), isAwake: z.boolean(), ageMs: z.number() })
      .nullable()
      .describe('who sends mail and when a worker last looked; null where none ever did'),
    recent: z.array(
      z.object({
        notice: z.string(),
        subject: z.string(),
        state: z.enum(['waiting', 'sent', 'quiet', 'failed']),
        detail: z.string().nullable(),
        madeAtMs: z.number(),
      }),
    ),
  })
  .meta({ id: 'NoticeStanding' });

/** How the caller is told beyond the screen. */
export const noticeRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/me/notices',
    id: 'readOwnNotices',
    summary: 'What the caller is told by which way, whether mail can reach them, and what was sent lately',
    tag: 'account',
    access: may('launch.view', 'any'),
    response: standing,
    handle: async ({ parts, identity, person }) => {
      requireSession(identity);
      return toView(await readNoticeStanding(parts.store, person()));
    },
  }),
  defineRoute({
    method: 'PUT',
    path: '/me/notices',
    id: 'chooseNotices',
    summary: 'Chooses what the caller wants by mail',
    tag: 'account',
    access: may('launch.view', 'any'),
    body: z.strictObject({ mail: z.array(kind).max(noticeKinds.length), expectedVersion: z.int().min(0) }),
    response: standing,
    handle: async ({ parts, identity, body, person }) => {
      requireSession(identity);
      return toView(await chooseNotices(parts.store, person(), body));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/me/notices/test',
    id: 'testNotices',
    summary: 'Sends the caller a test message by mail',
    tag: 'account',
    access: may('launch.view', 'any'),
    response: standing,
    status: 202,
    handle: async ({ parts, identity, person }) => {
      requireSession(identity);
      return toView(await sendTestNotice(parts.store, parts.engine.delivery, person()));
    },
  }),
];

function toView(read: NoticeStanding): z.input<typeof standing> {
  return { ...read, kinds: [...noticeKinds] };
}
