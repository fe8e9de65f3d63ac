import { z } from 'zod';

import { nameFirstAdmin } from '../../engine/access/name-first-admin.ts';
import { open } from '../access.ts';
import type { ApiParts } from '../api-parts.ts';
import { defineRoute } from '../route.ts';
import type { Route } from '../route.ts';

const code = z.string().min(1).max(100);
const person = z.string().max(200).nullable();

/** The first run, for whoever reads the console of the server, and codes that an administrator handed over. */
export const setupRoutes: readonly Route[] = [
  defineRoute({
    method: 'POST',
    path: '/setup/people',
    id: 'listSetupPeople',
    summary: 'Whom of the launches the first account may stand for; wants the code, and does not use it up',
    tag: 'sign-in',
    access: open,
    body: z.strictObject({ code }),
    response: z.object({
      items: z.array(z.object({ person: z.string(), name: z.string(), launches: z.array(z.string()) })),
      unreadable: z
        .array(z.string())
        .describe('launches whose people cannot be told, because their documents cannot be read'),
    }),
    handle: async ({ parts, body, ip }) => {
      await parts.identity.setup.demandCode(body.code, ip);
      return listPeople(parts);
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/setup',
    id: 'completeSetup',
    summary: 'Makes the first account with the code of the console; its person becomes the first admin of each launch',
    tag: 'sign-in',
    access: open,
    body: z.strictObject({ code, name: z.string(), email: z.string(), password: z.string().max(256), person }),
    response: z.object({
      account: z.string(),
      email: z.string(),
      admins: z.array(z.object({ launch: z.string(), named: z.boolean(), why: z.string() })),
    }),
    status: 201,
    handle: async ({ parts, body, ip }) => {
      const account = await parts.identity.setup.complete(body, ip);
      const launches = (await parts.launches.list()).flatMap(({ plan }) => (plan ? [plan.launch] : []));
      const admins = account.person === null ? [] : await nameFirstAdmin(parts.store, launches, account.person);
      return { account: account.id, email: account.email, admins };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/redeem',
    id: 'redeemCode',
    summary: 'Chooses a password with the code of an invitation or a reset; ends the sessions of the account',
    tag: 'sign-in',
    access: open,
    body: z.strictObject({ code, password: z.string().max(256) }),
    response: z.object({ name: z.string(), email: z.string() }),
    handle: async ({ parts, body, ip }) => {
      const { name, email } = await parts.identity.accounts.redeem(body, ip);
      return { name, email };
    },
  }),
];

/** Humans of every launch that can be read; a person of several stands once. */
async function listPeople({ launches }: ApiParts) {
  const served = await launches.list();
  const found = served.flatMap(({ plan, id }) =>
    (plan?.launch.people ?? [])
      .filter(({ automation }) => !automation)
      .map((each) => ({ person: each.id, name: each.name, launch: id })),
  );
  const items = [...Map.groupBy(found, (each) => each.person)].map(([id, of]) => ({
    person: id,
    name: of[0]?.name ?? id,
    launches: of.map(({ launch }) => launch),
  }));
  return { items, unreadable: served.flatMap(({ plan, id }) => (plan ? [] : [id])) };
}
