import { z } from 'zod';

import { permissionRules, permissions } from '../../core/access/permission.ts';
import type { Permission } from '../../core/access/permission.ts';
import { may, signedIn } from '../access.ts';
import { requireManager, requireManagerNow } from '../manage-accounts.ts';
import { requireRecent, requireSession } from '../require-recent.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';
import { tokenView } from '../views/account-view.ts';

const ofToken = z.object({ token: z.string() });
const ended = z.object({ ended: z.int() });
const scope = z.enum(permissions as [Permission, ...Permission[]]);

/** Tokens for automations: made by their person, who may be asked for the second factor. */
export const tokenRoutes: readonly Route[] = [
  defineRoute({
    method: 'GET',
    path: '/me/tokens',
    id: 'listOwnTokens',
    summary: 'Tokens of the caller, the newest first, and the scopes that a token may have',
    tag: 'account',
    access: signedIn,
    response: z.object({ items: z.array(tokenView), scopes: z.array(scope) }),
    handle: async ({ parts, identity }) => {
      requireSession(identity);
      const items = await parts.identity.tokens.list(identity.account);
      return { items: items.map(toView), scopes: permissions.filter((each) => !permissionRules[each].human) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/me/tokens',
    id: 'createToken',
    summary: 'Makes a token with scopes and an end; its text is shown now and kept nowhere',
    tag: 'account',
    access: signedIn,
    body: z.strictObject({ name: z.string(), scopes: z.array(scope), expiresAt: z.string() }),
    response: z.object({ text: z.string(), token: tokenView }),
    status: 201,
    isSecret: true,
    handle: async ({ parts, identity, body }) => {
      await requireRecent(parts, identity);
      const { text, token } = await parts.identity.tokens.create(identity.account, body);
      return { text, token: toView(token) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/me/tokens/:token',
    id: 'endOwnToken',
    summary: 'Ends a token of the caller',
    tag: 'account',
    access: signedIn,
    params: ofToken,
    response: ended,
    handle: async ({ parts, identity, params }) => {
      requireSession(identity);
      const done = await parts.identity.tokens.revoke(params.token, identity.account, identity.account);
      return { ended: done ? 1 : 0 };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/tokens',
    id: 'listTokens',
    summary: 'Tokens of every account, the newest first',
    tag: 'accounts',
    access: may('account.manage', 'any'),
    response: z.object({ items: z.array(tokenView) }),
    handle: async (call) => {
      await requireManager(call, 'list tokens');
      return { items: (await call.parts.identity.tokens.list(null)).map(toView) };
    },
  }),
  defineRoute({
    method: 'DELETE',
    path: '/tokens/:token',
    id: 'endToken',
    summary: 'Ends a token of anybody',
    tag: 'accounts',
    access: may('account.manage', 'any'),
    params: ofToken,
    response: ended,
    handle: async (call) => {
      const { token } = call.params;
      const { account } = await requireManagerNow(call, `token ${token}`);
      return { ended: (await call.parts.identity.tokens.revoke(token, null, account)) ? 1 : 0 };
    },
  }),
];

function toView<Entry extends { scopes: readonly Permission[] }>(token: Entry): Entry & { scopes: Permission[] } {
  return { ...token, scopes: [...token.scopes] };
}
