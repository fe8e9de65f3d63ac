import { z } from 'zod';

import type { SessionEntry } from '../../engine/identity/identity.ts';
import { may, signedIn } from '../access.ts';
import { requireManager, requireManagerNow } from '../manage-accounts.ts';
import { requireSession } from '../require-recent.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { accountEventView, sessionView } from '../views/account-view.ts';

const tag = 'account';
const ended = z.object({ ended: z.int() });
const ofSession = z.object({ session: z.string() });

/** Sessions: one's own, and those of all for whoever manages accounts. A session that is there no more was ended, so that ending it twice is no error. */
export const sessionRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/me/sessions',
    id: 'listOwnSessions',
    summary: 'Browsers in which the caller is signed in, the newest first',
    tag,
    access: signedIn,
    response: z.object({ items: z.array(sessionView) }),
    handle: async ({ parts, identity }) => {
      const { account, session, name } = identity;
      const entries = await parts.identity.sessions.list(account);
      return { items: entries.map((entry) => toView(entry, name, session)) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/me/sessions/:session',
    id: 'endOwnSession',
    summary: 'Ends a session of the caller; it is out within five seconds',
    tag,
    access: signedIn,
    params: ofSession,
    response: ended,
    handle: async ({ parts, identity, params }) => {
      requireSession(identity);
      const done = await parts.identity.sessions.revoke(params.session, identity.account, identity.account);
      return { ended: done ? 1 : 0 };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/me/sessions',
    id: 'endOtherSessions',
    summary: 'Ends every session of the caller but the one that asks',
    tag,
    access: signedIn,
    response: ended,
    handle: async ({ parts, identity }) => {
      requireSession(identity);
      const { account, session } = identity;
      return { ended: await parts.identity.sessions.revokeAll(account, session, account) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/me/events',
    id: 'listOwnEvents',
    summary: 'What happened to the account of the caller, the newest first and at most a hundred',
    tag,
    access: signedIn,
    response: z.object({ items: z.array(accountEventView) }),
    handle: async ({ parts, identity }) => {
      requireSession(identity);
      return { items: await parts.identity.history.list(identity.account, null) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/sessions',
    id: 'listSessions',
    summary: 'Every session of every account, the newest first',
    tag: 'accounts',
    access: may('account.manage', 'any'),
    response: z.object({ items: z.array(sessionView) }),
    handle: async (call) => {
      const { session } = await requireManager(call, 'list sessions');
      const names = new Map((await call.parts.identity.accounts.list()).map(({ id, name }) => [id, name]));
      const entries = await call.parts.identity.sessions.list(null);
      return { items: entries.map((entry) => toView(entry, names.get(entry.account) ?? '', session)) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/sessions/:session',
    id: 'endSession',
    summary: 'Ends a session of anybody',
    tag: 'accounts',
    access: may('account.manage', 'any'),
    params: ofSession,
    response: ended,
    handle: async (call) => {
      const { session } = call.params;
      const { account } = await requireManagerNow(call, `session ${session}`);
      return { ended: (await call.parts.identity.sessions.revoke(session, null, account)) ? 1 : 0 };
    },
  }),
];

function toView(entry: SessionEntry, name: string, current: string): z.input<typeof sessionView> {
  return { ...entry, name, isCurrent: entry.id === current };
}
