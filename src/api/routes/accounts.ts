import { z } from 'zod';

import { ProductError } from '../../core/error/product-error.ts';
import type { Account, Ticket } from '../../engine/identity/identity.ts';
import { may } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { requireManager, requireManagerNow } from '../manage-accounts.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { requireVersion } from '../versions.ts';
import { accountEventView, accountView, ticketView, toAccountView } from '../views/account-view.ts';

const access = may('account.manage', 'any');
const tag = 'accounts';
const ofAccount = z.object({ account: z.string() });
const expectedVersion = z.string();

/** Accounts of others: for whoever may manage them in every environment of every launch. */
export const accountRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/accounts',
    id: 'listAccounts',
    summary: 'Every account, by name',
    tag,
    access,
    response: z.object({ items: z.array(accountView) }),
    handle: async (call) => {
      await requireManager(call, 'list accounts');
      return { items: (await call.parts.identity.accounts.list()).map(toAccountView) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/accounts',
    id: 'inviteAccount',
    summary: 'Makes an account and a code, good for 72 hours, with which its holder chooses a password',
    tag,
    access,
    body: z.strictObject({ name: z.string(), email: z.string(), person: z.string().nullable() }),
    response: ticketView,
    status: 201,
    isSecret: true,
    handle: async (call) => {
      const { account: by } = await requireManagerNow(call, `invite ${call.body.email}`);
      return toTicketView(call.parts, await call.parts.identity.accounts.invite(call.body, by));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/accounts/:account/reset',
    id: 'resetAccount',
    summary: 'A code, good for one hour, with which the holder chooses a new password',
    tag,
    access,
    params: ofAccount,
    response: ticketView,
    status: 201,
    isSecret: true,
    handle: async (call) => {
      const { account } = call.params;
      const { account: by } = await requireManagerNow(call, `reset ${account}`);
      return toTicketView(call.parts, await call.parts.identity.accounts.reset(account, by));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/accounts/:account/person',
    id: 'setAccountPerson',
    summary: 'Says for whom of the launch documents the account stands, and ends its sessions',
    tag,
    access,
    params: ofAccount,
    body: z.strictObject({ person: z.string().nullable(), expectedVersion }),
    response: accountView,
    handle: async (call) => {
      const { params, body, parts } = call;
      const { account: by } = await requireManagerNow(call, `person of ${params.account}: ${body.person ?? 'nobody'}`);
      await requireSeen(parts, params.account, body.expectedVersion);
      return toAccountView(await parts.identity.accounts.setPerson(params.account, body.person, by));
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/accounts/:account/state',
    id: 'setAccountState',
    summary: 'Switches an account off, which ends its sessions and tokens, or on again',
    tag,
    access,
    params: ofAccount,
    body: z.strictObject({ disabled: z.boolean(), expectedVersion }),
    response: accountView,
    handle: async (call) => {
      const { params, body, parts } = call;
      const { account: by } = await requireManagerNow(
        call,
        `${body.disabled ? 'disable' : 'enable'} ${params.account}`,
      );
      await requireSeen(parts, params.account, body.expectedVersion);
      return toAccountView(await parts.identity.accounts.setDisabled(params.account, body.disabled, by));
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/accounts/:account/factors',
    id: 'dropAccountFactors',
    summary: 'Takes the second factors of somebody away who lost them, and ends their sessions',
    tag,
    access,
    params: ofAccount,
    response: accountView,
    handle: async (call) => {
      const { params, parts, ifMatch } = call;
      const { account: by } = await requireManagerNow(call, `factors of ${params.account}`);
      await requireSeen(parts, params.account, ifMatch);
      return toAccountView(await parts.identity.accounts.dropFactors(params.account, by));
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/accounts/:account/events',
    id: 'listAccountEvents',
    summary:
      'What happened to an account, the newest first and at most a hundred; before: id of the last one that is known',
    tag,
    access,
    params: ofAccount,
    query: z.object({
      before: z
        .string()
        .regex(/^\d{1,18}$/u)
        .optional(),
    }),
    response: z.object({ items: z.array(accountEventView) }),
    handle: async (call) => {
      const { account } = call.params;
      await requireManager(call, `history of ${account}`);
      return { items: await call.parts.identity.history.list(account, call.query.before ?? null) };
    },
  }),
];

async function requireSeen({ identity }: ApiParts, id: string, seen: string | null): Promise<void> {
  const account: Account | null = await identity.accounts.read(id);
  if (account === null)
    throw new ProductError('account_unknown', `account ${id}: expected one that exists, got none`, {
      hint: 'list the accounts',
    });
  requireVersion(`account ${id}`, seen, toAccountView(account).version);
}

function toTicketView({ baseUrl }: ApiParts, ticket: Ticket): z.input<typeof ticketView> {
  return { ...ticket, link: `${baseUrl}/redeem#${ticket.code}` };
}
